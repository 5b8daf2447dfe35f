/** The project's sources and what they import, read as text: quick, and blind to nothing that stands there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export interface Import {
  /** As written: `../core/errors.ts`, `node:fs`, `usb`. */
  readonly specifier: string;
  /** Gone after compiling. */
  readonly typeOnly: boolean;
  /** `import('usb')`, or `require()`. */
  readonly lazy: boolean;
}

export interface SourceFile {
  /** `src/tty/port.ts` */
  readonly path: string;
  /** `tty`; of a file in src itself, its name. */
  readonly room: string;
  readonly text: string;
  /** The text without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const STATIC = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const LAZY = /\b(?:import|require)\(\s*'([^']+)'/g;

export function readSources(folder = 'src'): SourceFile[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return names.sort().map((name) => {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
    return { path, room: name.split('/')[0] ?? '', text, code, imports: importsOf(code) };
  });
}

function importsOf(code: string): Import[] {
  const fixed = [...code.matchAll(STATIC)].map(([, type, specifier]) => ({
    specifier: specifier!,
    typeOnly: type !== undefined,
    lazy: false,
  }));
  const lazy = [...code.matchAll(LAZY)].map(([, specifier]) => ({
    specifier: specifier!,
    typeOnly: false,
    lazy: true,
  }));
  return [...fixed, ...lazy];
}

/** The file of ours that an import means, or null for a package or one of Node's modules. */
export function targetOf(file: SourceFile, { specifier }: Import): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : null;
}
