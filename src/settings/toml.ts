/** TOML, by the one package that reads it. It is loaded when there is a file. */
export type TomlTable = { readonly [key: string]: unknown };

export interface SyntaxFault {
  readonly message: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

/** Deeper than any configuration; a file may be somebody's joke. */
const MAX_DEPTH = 10;

/** The document, or what is wrong with it. Nothing is thrown for what a file may hold. */
export async function parseToml(text: string): Promise<TomlTable | SyntaxFault> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(text, { maxDepth: MAX_DEPTH }) as TomlTable;
  } catch (error) {
    const place = error instanceof TomlError ? error : { line: 1, column: 1 };
    const { line, column } = place;
    return { message: inWords((error as Error).message, text.split('\n')[line - 1] ?? '', column), line, column };
  }
}

function inWords(message: string, line: string, column: number): string {
  const isAtEnd = column > line.replace(/\r$/, '').length;
  const isUnclosed = message.includes('unfinished string') || (isAtEnd && message.includes('control characters'));
  if (isUnclosed) return 'a text is not closed; its quotation mark is missing';
  const [first = ''] = message.split('\n', 1);
  return first.replace(/^Invalid TOML document: /, '').replace(/\.$/, '');
}

export function isSyntaxFault(parsed: TomlTable | SyntaxFault): parsed is SyntaxFault {
  // A table has no prototype, and may have keys of these names.
  return Object.getPrototypeOf(parsed) !== null;
}

export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
