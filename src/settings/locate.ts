/**
 * Where keys and values stand in a TOML document, which its parser does not tell. Made for documents that the parser has taken; in others places may be wrong, but nothing is thrown, and it comes to its end.
 */
export interface Position {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

interface Span {
  readonly key: number;
  readonly value: number;
}

/** `['dial', 'tries']`; elements of lists by their number. */
export type Path = readonly (string | number)[];

export class Places {
  readonly #lineStarts: readonly number[];
  readonly #spans: ReadonlyMap<string, Span>;

  constructor(text: string) {
    this.#lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    this.#spans = new Scanner(text).scan();
  }

  /** Where the key is written, or the head of a section. */
  key(path: Path): Position {
    return this.#position(this.#spans.get(JSON.stringify(path))?.key ?? 0);
  }

  /** Where its value begins. */
  value(path: Path): Position {
    const span = this.#spans.get(JSON.stringify(path)) ?? this.#spans.get(JSON.stringify(path.slice(0, -1)));
    return this.#position(span?.value ?? 0);
  }

  #position(offset: number): Position {
    let [low, high] = [0, this.#lineStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#lineStarts[low]! + 1 };
  }
}

/** As deep as the parser goes, and more. */
const MAX_DEPTH = 20;

class Scanner {
  readonly #text: string;
  #at = 0;
  readonly #spans = new Map<string, Span>();

  constructor(text: string) {
    this.#text = text;
  }

  scan(): ReadonlyMap<string, Span> {
    let table: string[] = [];
    for (this.#skip(true); this.#at < this.#text.length; this.#skip(true)) {
      const before = this.#at;
      if (this.#peek() === '[') {
        this.#at += this.#text[this.#at + 1] === '[' ? 2 : 1;
        this.#skip(false);
        const start = this.#at;
        table = this.#keys();
        this.#note(table, start, start);
        this.#toEndOfLine();
      } else {
        this.#pair(table, 0);
      }
      // What is no TOML is passed over.
      if (this.#at === before) this.#toEndOfLine();
    }
    return this.#spans;
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  #note(path: Path, key: number, value: number): void {
    // A section may be given again further below, by its parts.
    for (let length = 1; length <= Math.min(path.length, MAX_DEPTH); length++) {
      const name = JSON.stringify(path.slice(0, length));
      if (!this.#spans.has(name)) this.#spans.set(name, { key, value });
    }
  }

  #pair(table: Path, depth: number): void {
    const start = this.#at;
    const keys = this.#keys();
    this.#skip(false);
    if (keys.length === 0 || this.#peek() !== '=') return;
    this.#at++;
    this.#skip(false);
    this.#value([...table, ...keys], start, depth);
  }

  #value(path: Path, key: number, depth: number): void {
    this.#note(path, key, this.#at);
    const first = this.#peek();
    if (first === '"' || first === "'") this.#string();
    else if (first === '[' && depth < MAX_DEPTH) this.#list(path, depth + 1);
    else if (first === '{' && depth < MAX_DEPTH) this.#inlineTable(path, depth + 1);
    else this.#run(/[^\s,\]}#]+/y);
  }

  #list(path: Path, depth: number): void {
    this.#at++;
    for (let index = 0; ; index++) {
      this.#skip(true);
      const before = this.#at;
      if (before >= this.#text.length || this.#peek() === ']') break;
      this.#value([...path, index], before, depth);
      this.#skip(true);
      if (this.#peek() === ',') this.#at++;
      if (this.#at === before) return;
    }
    this.#at++;
  }

  #inlineTable(path: Path, depth: number): void {
    this.#at++;
    for (;;) {
      this.#skip(true);
      const before = this.#at;
      if (before >= this.#text.length || this.#peek() === '}') break;
      this.#pair(path, depth);
      this.#skip(true);
      if (this.#peek() === ',') this.#at++;
      if (this.#at === before) return;
    }
    this.#at++;
  }

  /** A key, or several with dots between. */
  #keys(): string[] {
    const keys: string[] = [];
    for (;;) {
      this.#skip(false);
      const before = this.#at;
      const isQuoted = this.#peek() === '"' || this.#peek() === "'";
      const key = isQuoted ? unquoted(this.#string()) : this.#run(/[A-Za-z0-9_-]+/y);
      if (this.#at === before) return keys;
      keys.push(key);
      this.#skip(false);
      if (this.#peek() !== '.') return keys;
      this.#at++;
    }
  }

  /** With its quotation marks, of one line or of several. */
  #string(): string {
    const start = this.#at;
    const mark = this.#peek();
    const long = this.#text.startsWith(mark.repeat(3), start);
    const end = long ? mark.repeat(3) : mark;
    this.#at += end.length;
    while (this.#at < this.#text.length && !this.#text.startsWith(end, this.#at)) {
      if (!long && this.#peek() === '\n') break;
      this.#at += mark === '"' && this.#peek() === '\\' ? 2 : 1;
    }
    this.#at += end.length;
    // Up to two more marks belong to the text.
    for (let more = 0; long && more < 2 && this.#peek() === mark; more++) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #run(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #skip(lines: boolean): void {
    let before: number;
    do {
      before = this.#at;
      this.#run(lines ? /[\s\ufeff]+/y : /[ \t\ufeff]+/y);
      if (lines) this.#run(/#[^\n]*/y);
    } while (this.#at > before);
  }

  #toEndOfLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
  }
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
