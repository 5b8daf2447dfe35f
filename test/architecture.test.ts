/** The house's rules: who may import whom, who may do what. Each failure names the file and the rule. */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources, type SourceFile, targetOf } from './support/source-files.ts';

const files = readSources();
const byPath = new Map(files.map((file) => [file.path, file]));

const BELOW_MODEM = ['tty', 'usb', 'at', 'native', 'core'];
const BELOW_SERVICES = ['modem', ...BELOW_MODEM];

/** Imports point one way. A room not named here may import nothing, so a new one has to be put in its place. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  native: ['core'],
  at: ['core'],
  tty: ['native', 'core'],
  // Whether a modem is in use is a tty's question.
  usb: ['tty', 'native', 'core'],
  modem: BELOW_MODEM,
  services: BELOW_SERVICES,
  // What the files say; what it means for modems is put together in cli.
  settings: ['core'],
  setup: BELOW_MODEM,
  // The modem in the box must not share the client's misunderstandings.
  virtual: ['native', 'core'],
  cli: ['services', 'settings', 'setup', 'virtual', ...BELOW_SERVICES],
  'index.ts': ['services', ...BELOW_SERVICES],
};

/** What may cross a border all the same. */
const PASSES = new Set(['src/virtual/faces/memory.ts -> src/tty/port.ts']);

/** Who alone may import a package. */
const IMPORTERS: Readonly<Record<string, string>> = {
  serialport: 'src/native/serial.ts',
  usb: 'src/native/usb.ts',
  koffi: 'src/native/libc.ts',
  '@serialport/parser-readline': 'src/native/lines.ts',
  commander: 'src/cli/parse.ts',
  chalk: 'src/cli/colour.ts',
  'smol-toml': 'src/settings/toml.ts',
};
/** Loaded on first use: `--help` must not wait for them, and on some machines they cannot be loaded. */
const LAZY = ['serialport', 'usb', 'koffi', '@serialport/parser-readline', 'smol-toml'];

/** Where programs are run, and which. */
const RUN_PROGRAMS: Readonly<Record<string, string>> = {
  'src/core/bounded-child.ts': 'whatever might never come back',
  'src/core/last-will.ts': 'the shell that outlives us and puts things in order',
  'src/modem/lent-program.ts': 'programs that are given the modem',
  'src/services/hooks.ts': "the user's program for events",
  'src/services/stream-taker.ts': 'the program that gets the call',
  'src/services/terminal/file-transfer.ts': 'sz and rz on the call',
  'src/tty/leave.ts': 'the child that outlives us and holds a stalled port',
  'src/cli/commands/demo.ts': 'modemctl itself',
  'src/virtual/faces/usbip/vhci.ts': 'modprobe, and the holder of the connection',
};

/** Who may set a timer without a Clock: nothing there is worth a test with a fake one. */
const OWN_TIMERS = ['src/core/clock.ts', 'src/cli/progress.ts', 'src/cli/interrupts.ts'];

/** Who may end the process. */
const END_PROCESS = [
  'src/cli/ending.ts',
  'src/cli/front.ts',
  'src/native/ioctl-child.ts',
  'src/native/usb-reset-child.ts',
];

/** Longer files have more than one idea. */
const MAX_LINES = 350;

describe('imports', () => {
  it('point one way: cli -> services -> modem -> {tty, usb, at} -> native -> core', () => {
    const wrong = files.flatMap((file) =>
      ownImports(file)
        .filter((path) => roomOf(path) !== file.room && !PASSES.has(`${file.path} -> ${path}`))
        .filter((path) => !(MAY_IMPORT[file.room] ?? []).includes(roomOf(path)))
        .map((path) => `${file.path} -> ${path}: ${file.room} may not import ${roomOf(path)}`),
    );
    expect(wrong).toEqual([]);
  });

  it('name files that exist, with their .ts ending', () => {
    const wrong = files.flatMap((file) =>
      ownImports(file)
        // Made by the build from src/cli/main.ts.
        .filter((path) => !byPath.has(path) && path !== 'src/cli/program.cjs')
        .map((path) => `${file.path} -> ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  // Two types may know each other: nothing is left of that at run time.
  it('never go in a circle', () => {
    expect(circles()).toEqual([]);
  });

  it('nothing of ours imports the public face', () => {
    const wrong = files.filter((file) => ownImports(file).includes('src/index.ts')).map(({ path }) => path);
    expect(wrong).toEqual([]);
  });

  it('each package has one importer', () => {
    const found = files.flatMap((file) => packages(file).map(({ name }) => `${name} is imported by ${file.path}`));
    const allowed = Object.entries(IMPORTERS).map(([name, path]) => `${name} is imported by ${path}`);
    expect([...new Set(found)].filter((line) => !allowed.includes(line))).toEqual([]);
    // And none is listed in vain.
    expect(allowed.filter((line) => !found.includes(line))).toEqual([]);
  });

  it('native packages are loaded on first use', () => {
    const wrong = files.flatMap((file) =>
      packages(file)
        .filter(({ name, eager }) => LAZY.includes(name) && eager)
        .map(({ name }) => `${file.path} imports ${name} at once: use await import()`),
    );
    expect(wrong).toEqual([]);
  });

  it("Node's own modules are called node:...", () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter(({ specifier }) => /^(fs|path|os|net|child_process|stream|util|url|events)(\/|$)/.test(specifier))
        .map(({ specifier }) => `${file.path}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('only where it belongs:', () => {
  it('programs are run', () => {
    const found = files.filter(({ code }) => code.includes('child_process')).map(({ path }) => path);
    expect(found).toEqual(Object.keys(RUN_PROGRAMS).sort());
  });

  it('timers are set (time comes from a Clock)', () => {
    expect(whoSays(/\b(setTimeout|setInterval)\(/)).toEqual([...OWN_TIMERS].sort());
  });

  it('the process is ended', () => {
    expect(whoSays(/process\.exit(Code)?\b/)).toEqual([...END_PROCESS].sort());
  });

  it('nobody uses console', () => {
    expect(whoSays(/\bconsole\./)).toEqual([]);
  });

  it('errors of our own are thrown, or programming errors that nobody catches', () => {
    // `throw new TypeError` and the like would reach a user as a BUG.
    expect(whoSays(/throw new (?!ModemctlError|Error\b)[A-Z]\w*Error/)).toEqual([]);
  });
});

describe('files', () => {
  it('have no default export', () => {
    expect(whoSays(/^\s*export default\b|\bas default\b/m)).toEqual([]);
  });

  it('are called in kebab-case', () => {
    expect(
      files.map(({ path }) => basename(path)).filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name)),
    ).toEqual([]);
  });

  it(`have at most ${MAX_LINES} lines`, () => {
    const long = files.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
  });
});

function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function ownImports(file: SourceFile, atRunTime = false): string[] {
  const counted = file.imports.filter(({ typeOnly }) => !(atRunTime && typeOnly));
  return counted.map((one) => targetOf(file, one)).filter((path) => path !== null);
}

function packages(file: SourceFile): { name: string; eager: boolean }[] {
  return file.imports
    .filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .map(({ specifier, lazy, typeOnly }) => ({
      name: /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier,
      eager: !lazy && !typeOnly,
    }));
}

function whoSays(pattern: RegExp): string[] {
  return files.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
}

/** Each circle once, as `a -> b -> a`. */
function circles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]) => {
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) found.push([...trail.slice(seenAt), path].join(' -> '));
    const file = byPath.get(path);
    if (seenAt >= 0 || done.has(path) || !file) return;
    for (const next of ownImports(file, true)) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) walk(path, []);
  return found;
}
