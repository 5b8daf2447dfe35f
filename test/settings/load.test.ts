import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfigFile } from '../../src/settings/config-file.ts';
import { interpret } from '../../src/settings/interpret.ts';
import { configPaths, loadSettings } from '../../src/settings/load.ts';
import { merge } from '../../src/settings/merge.ts';
import { faultError, type Settings } from '../../src/settings/settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mctl-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const verify = () => null;
const load = (file: string, isRoot = false): Promise<Settings> => loadSettings({ file, env: {}, isRoot, verify });
const write = (text: string | Buffer, name = 'c.toml') => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('which files are read', () => {
  it.each([
    [{ HOME: '/h' }, undefined, ['/etc/modemctl/config.toml', '/h/.config/modemctl/config.toml']],
    [{ HOME: '/h', XDG_CONFIG_HOME: '/x' }, undefined, ['/etc/modemctl/config.toml', '/x/modemctl/config.toml']],
    [{ HOME: '/h', XDG_CONFIG_HOME: 'x' }, undefined, ['/etc/modemctl/config.toml', '/h/.config/modemctl/config.toml']],
    [{}, undefined, ['/etc/modemctl/config.toml']],
    [{ HOME: '/h', MODEMCTL_CONFIG: '/c' }, undefined, ['/c']],
    [{ HOME: '/h', MODEMCTL_CONFIG: '' }, undefined, []],
    [{ MODEMCTL_CONFIG: '/c' }, '/d', ['/d']],
    [{ MODEMCTL_CONFIG: '/c' }, '/dev/null', []],
  ])('%j %j', (env, file, paths) => {
    expect(configPaths({ env, file }).paths).toEqual(paths);
  });
});

describe('the second file', () => {
  const at = async (file: string, text: string) => interpret(text, { file, distrust: null, verify });

  it('overrides the first key by key', async () => {
    const files = [await at('a', '[dial]\ntries = 2\nblind = true\n'), await at('b', '[dial]\ntries = 5\n')];
    const dial = merge(files).values.get('dial');
    expect(dial?.get('tries')).toMatchObject({ value: 5, place: { file: 'b' } });
    expect(dial?.get('blind')).toMatchObject({ value: true, place: { file: 'a' } });
  });

  it('says anew which modem a name means', async () => {
    const files = [
      await at('a', '[modem.fax]\nport = "1-1"\ncountry = "DE"\n'),
      await at('b', '[modem.fax]\nserial = "7"\n'),
    ];
    expect([...(merge(files).values.get('modem.fax')?.keys() ?? [])].sort()).toEqual(['country', 'serial']);
  });
});

describe('a file', () => {
  it('may have a byte order mark and carriage returns', async () => {
    const { values, faults } = await load(write('\ufeffdevice = "fax"\r\n[at]\r\ntimeout = 3\r\n'));
    expect(faults).toEqual([]);
    expect(values.get('at')?.get('timeout')?.place).toMatchObject({ line: 3, column: 11 });
    expect(values.get('')?.get('device')?.place).toMatchObject({ line: 1, column: 10 });
  });

  it.each<[string, () => string, string]>([
    ['a folder', () => folder, 'it is a folder'],
    ['a device', () => '/dev/zero', 'it is no ordinary file'],
    ['absent, though named', () => join(folder, 'none'), 'there is no such file'],
    ['huge', () => write(Buffer.alloc(256 * 1024 + 1, '#')), 'it is larger than 256 KiB'],
    [
      'a loop of links',
      () => {
        symlinkSync(join(folder, 'loop'), join(folder, 'loop'));
        return join(folder, 'loop');
      },
      'its links lead nowhere',
    ],
  ])('that is %s is a fault of the whole', async (_what, path, message) => {
    const file = path();
    const { faults } = await load(file);
    expect(faults).toMatchObject([{ section: null, message, place: { line: 0 } }]);
    expect(faultError(faults[0]!).message).toBe(`${file}: ${message}`);
  });

  it.each([
    ['blank lines', '\n'],
    ['comments', '#\n'],
    ['a key of many parts', 'a.'],
    ['open lists', '['],
    ['quotation marks', '"'],
    ['empty tables of a list', '[[x]]\n'],
  ])('of nothing but %s comes to its end', { timeout: 20_000 }, async (_what, piece) => {
    await load(write(piece.repeat(Math.floor((256 * 1024) / piece.length))));
  });

  it('that is no UTF-8 is told with the place', async () => {
    const { faults } = await load(write(Buffer.from('a = 1\nb = "\xe4"\n', 'latin1')));
    expect(faults).toMatchObject([{ message: 'this is no UTF-8', place: { line: 2, column: 6 } }]);
  });

  it('whose modem has no port, id or serial, and whose number has no number, is told', async () => {
    const { faults } = await load(write('[modem.fax]\ncountry = "DE"\n[number.pi]\nmodem = "fax"\n'));
    expect(faults.map(({ message }) => message)).toEqual([
      '[modem.fax] does not say which modem it is: port, id or serial',
      '[number.pi] has no number',
    ]);
  });

  it.runIf(process.getuid?.() === 0)('tells who else may write it', async () => {
    const writers = (path: string) => {
      const file = readConfigFile(path);
      return file.kind === 'text' ? file.distrust : file;
    };
    const path = write('');
    expect(writers(path)).toBeNull();
    chmodSync(path, 0o664);
    expect(writers(path)).toEqual({ why: 'others may write to it', remedy: `sudo chmod go-w ${path}` });
    chmodSync(path, 0o644);
    chmodSync(folder, 0o777);
    expect(writers(path)).toEqual({ why: 'others may write to its folder', remedy: `sudo chmod go-w ${folder}` });
    chmodSync(folder, 0o1777);
    expect(writers(path)).toBeNull();
  });

  it('is not distrusted where nobody is root', async () => {
    const path = write('[watch]\nexec = "hook"\n');
    chmodSync(path, 0o666);
    expect((await load(path)).faults).toEqual([]);
    expect((await load(path, true)).faults).toMatchObject([{ section: 'watch' }]);
  });
});
