/** The configuration, as a user meets it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

const NUMBER = '5550100';

describe.skipIf(!hasVirtualModems)('the configuration', () => {
  const lab = new Lab();
  const write = (name: string, text: string) => {
    const path = join(lab.folder, name);
    writeFileSync(path, text);
    return path;
  };
  /** As it is without MODEMCTL_CONFIG: the user's own file. */
  const own = { env: { MODEMCTL_CONFIG: undefined } };

  beforeAll(async () => {
    await lab.plugIn({ models: ['usr5637', 'tfm561u'] });
    mkdirSync(join(lab.folder, '.config/modemctl'), { recursive: true });
    write(
      '.config/modemctl/config.toml',
      [
        'device = "box"',
        '[modem.box]',
        'id = "0baf:0303"',
        'init = ["ATX3"]',
        '[modem.other]',
        'id = "0572:1329"',
        '[dial]',
        'idle = 1',
        '[number.echo]',
        'number = "555 01 00"',
        'speed = 9600',
        '[number.busy]',
        'number = "5550195"',
        'modem = "other"',
      ].join('\n'),
    );
  });
  afterAll(() => lab.close());

  it('says which modem is meant; the environment goes before it, and the command line before that', async () => {
    const tty = (name: string) => ({ code: 0, stdout: `${lab.tty(name)}\n` });
    expect(await lab.run(['tty'], own)).toMatchObject(tty('usr5637'));
    const named = { env: { ...own.env, MODEMCTL_DEVICE: 'other' } };
    expect(await lab.run(['tty'], named)).toMatchObject(tty('tfm561u'));
    expect(await lab.run(['tty', '-d', 'box'], named)).toMatchObject(tty('usr5637'));
  });

  it('has a phone book whose numbers are told to the modem and to nobody else', async () => {
    const files = ['--trace', 'trace.txt', '--record', 'record.txt', '--report', 'report.json'];
    const ran = await lab.run(['dial', '@echo', '-v', ...files], { ...own, input: 'hello\n' });
    expect(ran).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(ran.stderr).toContain('> ATDT@echo^M');
    const told = files
      .filter((name) => !name.startsWith('-'))
      .map((name) => readFileSync(join(lab.folder, name), 'utf8'));
    for (const text of [ran.stderr, ...told]) {
      expect(text).toContain('@echo');
      expect(text).not.toContain(NUMBER);
    }
    expect(told[0]).toContain('ATX3^M');
    expect(ran.stderr).toContain('9600');
  });

  it('shows the number where it is asked for, and tells a call that failed by its name', async () => {
    const ran = await lab.run(['dial', '@busy', '--show-numbers', '-v'], { ...own, input: '' });
    expect(ran.code).toBe(11);
    expect(ran.stderr).toContain('> ATDT5550195^M');
    expect(ran.stderr).toContain('error: @busy: busy. [BUSY]');
    // By the modem that the phone book says: this is sent to Conexant's only.
    expect(ran.stderr).toContain('> ATW2^M');
  });

  it('finds a modem by its name after it was plugged in anew', async () => {
    expect((await lab.run(['at', '-d', 'box', 'ATI3'], own)).code).toBe(0);
    await lab.refresh('usr5637');
    expect((await lab.run(['at', '-d', 'box', 'ATI3'], own)).code).toBe(0);
    await lab.modem('usr5637').perform({ do: 'unplug' });
    const ran = await lab.run(['at', 'ATI3'], own);
    await lab.modem('usr5637').perform({ do: 'plug' });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(
      /^error: box \(0baf:0303 by \S+config\.toml:3:6\) is not plugged in \(chosen by device in \S+config\.toml:1:10\)\. \[NO_MODEM\]\n/,
    );
  });

  it('stops nothing that does not need it when it is wrong', async () => {
    const path = write('wrong.toml', 'device = "box\n');
    const env = { env: { MODEMCTL_CONFIG: path } };
    const refused = await lab.run(['at', 'ATI3'], env);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toBe(
      `error: ${path}:1:14: this is no TOML: a text is not closed; its quotation mark is missing. [CONFIG_INVALID]\n` +
        `See all of it: modemctl config check ${path}\nTo go on without configuration: --config /dev/null\n`,
    );
    const [detect, reset, help, models, without, doctor] = await Promise.all([
      lab.run(['detect'], env),
      lab.run(['reset', 'usr5637'], env),
      lab.run(['--help'], env),
      lab.run(['models', 'usr'], env),
      lab.run(['tty', '-d', 'tfm561u', '--config', '/dev/null'], env),
      lab.run(['doctor', 'tfm561u', '--json'], env),
    ]);
    expect(detect.stderr).toMatch(/^note: \S+wrong\.toml:1:14: .*; see: modemctl config check\n$/);
    expect(reset.code).toBe(0);
    expect([help, models]).toMatchObject([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    expect(without).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(doctor).findings).toContainEqual(
      expect.objectContaining({ check: 'configuration', verdict: 'warn', remedy: 'modemctl config check' }),
    );
  });

  it('tells where a modem may not be chosen unasked', async () => {
    const path = write('deny.toml', 'deny = ["0baf:0303"]\n');
    const ran = await lab.run(['tty', '--config', path]);
    expect(ran).toMatchObject({ code: 0, stdout: `${lab.tty('tfm561u')}\n` });
    expect(await lab.run(['tty', '--config', path, '-d', 'usr5637'])).toMatchObject({ code: 0 });
  });

  it('leaves modems alone that are denied, also when they are plugged in later', async () => {
    const running = lab.start(['watch', '--config', write('deny.toml', 'deny = ["0baf:0303"]\n')]);
    await running.says('Watching TRENDnet TFM-561U (Conexant CX93010) at tfm561u');
    const denied = await lab.plugInOne('usr5637');
    const kept = await lab.plugInOne('tfm561u');
    await running.says(`at ${kept.name} (`);
    running.kill('SIGINT');
    const { stdout, stderr } = await lab.end(running);
    await Promise.all([denied, kept].map((modem) => modem.perform({ do: 'unplug' })));
    expect(stdout + stderr).not.toContain('USR5637');
  });

  it('is checked: mistakes, modems, power', async () => {
    const good = write(
      'good.toml',
      '[recovery]\nup_to = "power"\npower_command = "true"\n[modem.a]\nid = "0baf:0303"\n[modem.b]\nport = "9-9"\n',
    );
    const ran = await lab.run(['config', 'check', good]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toBe(
      [
        `ok: ${good}`,
        'modem a: U.S. Robotics USR5637 at usr5637',
        '    power may be switched by your command: nothing else loses it',
        `modem b: not plugged in (USB port 9-9 by ${good}:7:8)`,
        'modem tfm561u: TRENDnet TFM-561U (Conexant CX93010) at tfm561u',
        '    power may be switched by your command: nothing else loses it',
        '',
      ].join('\n'),
    );
    const bad = write('bad.toml', '[dial]\ntriess = 3\n[number.x]\nnumber = "5"\nchat = "none"\n');
    const document = documentOf(await lab.run(['config', 'check', bad, '--json']));
    expect(document).toMatchObject({
      files: [bad],
      faults: [
        { file: bad, line: 2, column: 1, section: 'dial', hint: 'Did you mean tries?' },
        { line: 5, message: `chat: there is no file ${join(lab.folder, 'none')} that you may read` },
      ],
      error: { code: 'CONFIG_INVALID' },
    });
  });

  it('is shown with where it was said, numbers masked', async () => {
    const ran = await lab.run(['config', 'show', '-d', 'other'], own);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^device = "other" +# --device$/m);
    expect(ran.stdout).toMatch(/^number = "\*\*\*" +# \S+config\.toml:10:10$/m);
    expect(ran.stdout).toMatch(/^rings = 2 +# default$/m);
    expect((await lab.run(['config', 'show', '--show-numbers'], own)).stdout).toContain('number = "555 01 00"');
    const { settings } = documentOf(await lab.run(['config', 'show', '--json'], own));
    expect(settings[0]).toMatchObject({ section: '', key: 'device', value: 'box', origin: { kind: 'file', line: 1 } });
  });

  it('has an example that is right', async () => {
    const { stdout } = await lab.run(['config', 'example']);
    expect(await lab.run(['config', 'check', write('example.toml', stdout)])).toMatchObject({ code: 0 });
  });
});
