/** The package as npm packs it: what is in it, how large it is, and whether TypeScript takes its types, from a consumer's view. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: ReadonlyArray<{ readonly path: string; readonly mode: number }>;
}

const PACK_LIMIT_MS = 60_000;
const MB = 1_000_000;

let folder: string;
let packed: Packed;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'npm-'));
  // It is built already: the scripts would build it under other tests' feet.
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  [packed] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  const installed = join(folder, 'node_modules/modemctl');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xf', join(folder, packed.filename), '--strip-components=1', '-C', installed]);
  // What the package asks for, and the consumer has.
  mkdirSync(join(folder, 'node_modules/@types'));
  symlinkSync(resolve('node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
}, PACK_LIMIT_MS);

afterAll(() => rmSync(folder, { recursive: true }));

it('is as small as it can be expected to be', () => {
  expect(packed.size).toBeLessThan(1 * MB);
  expect(packed.unpackedSize).toBeLessThan(4 * MB);
});

it('holds the program, its types, the man page, and no sources or tests', () => {
  const paths = packed.files.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['bin/modemctl.js', 'dist/cli.cjs', 'dist/index.d.ts', 'LICENSE']));
  expect(paths).toContain('man/modemctl.1');
  const [...unexpected] = paths.filter(
    (path) => !/^(bin|man)\/|^dist\/.*\.(js|cjs|d\.ts)$|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path),
  );
  expect(unexpected).toEqual([]);
  expect(packed.files.find(({ path }) => path === 'bin/modemctl.js')?.mode).toBe(0o755);
});

const PROGRAM = `import { EXIT_CODES, isModemctlError, listModems, type Modem, openModem } from 'modemctl';

const modem: Modem = await openModem('1-1.2', { onUnsolicited: (line: string) => console.log(line) });
try {
  const { lines, result } = await modem.command('ATI3');
  const first: string | undefined = lines[0];
  console.log(first, result?.startsWith('OK'));
  // @ts-expect-error: an answer has no such field, and a number is no AT command.
  console.log((await modem.command(3)).nothing);
} catch (error) {
  if (isModemctlError(error)) console.log(EXIT_CODES[error.code].exit);
} finally {
  await modem.close();
}
for (const { id, state } of await listModems()) console.log(id, state satisfies string);
`;

describe('its types', () => {
  it.each([
    ['node16', 'node16', 'program.mts'],
    // A CommonJS consumer of Node 20.19 and newer may require() an ES module.
    ['nodenext', 'nodenext', 'program.cts'],
    ['bundler', 'esnext', 'program.ts'],
  ])('are taken with moduleResolution %s', (moduleResolution, module, name) => {
    const text = name.endsWith('.cts')
      ? PROGRAM.replace(/^const modem/m, 'async function main() {\n$&').concat('}\nvoid main();\n')
      : PROGRAM;
    writeFileSync(join(folder, name), text);
    const options = {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      types: ['node'],
    };
    const compilerOptions = { ...options, strict: true, noEmit: true, skipLibCheck: false };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }));
    const { stdout, status } = spawnSync(resolve('node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
