import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

const FIRMWARE = 'U.S. Robotics 56K FAX USB V1.2.23\n';
const NAME = /U\.S\. Robotics USR5637 at own-\d+ \(\/dev\/pts\/\d+\)/;

describe.skipIf(!hasVirtualModems)('at', () => {
  const lab = new Lab();
  /** On a modem of its own, which may misbehave. */
  const on = async (misbehaviour: string | null, ...args: string[]) => {
    const modem = await lab.plugInOne();
    if (misbehaviour) modem.misbehave(misbehaviour);
    return lab.run(['-d', modem.name, 'at', ...args]);
  };
  const at = (...args: string[]) => on(null, ...args);

  afterAll(() => lab.close());

  it.concurrent('prints information text on stdout and nothing else, the result code on stderr', async () => {
    expect(await at('ATI3')).toMatchObject({ code: 0, stdout: FIRMWARE, stderr: 'OK\n' });
  });

  it.concurrent('is silent about results with --quiet', async () => {
    expect(await at('-q', 'ATI3')).toMatchObject({ code: 0, stdout: FIRMWARE, stderr: '' });
  });

  it.concurrent('sends a bare AT when no command is given', async () => {
    expect(await at()).toMatchObject({ code: 0, stdout: '', stderr: 'OK\n' });
  });

  it.concurrent('puts AT in front where it is missing, and tells what was sent', async () => {
    const document = documentOf(await at('--json', 'i3', '+GMI', 'ats0?'));
    expect(document.commands).toEqual([
      { command: 'ATi3', lines: [FIRMWARE.trim()], result: 'OK', elapsedMs: expect.any(Number) },
      { command: 'AT+GMI', lines: ['U.S. Robotics'], result: 'OK', elapsedMs: expect.any(Number) },
      { command: 'ats0?', lines: ['000'], result: 'OK', elapsedMs: expect.any(Number) },
    ]);
  });

  it.concurrent('stops at the first command that is not OK: exit 1', async () => {
    const ran = await at('--json', 'ATI3', 'AT%XYZ', 'ATI0');
    expect(ran.code).toBe(1);
    const document = documentOf(ran);
    expect(document.commands.map(({ result }: { result: string }) => result)).toEqual(['OK', 'ERROR']);
    expect(document.error).toMatchObject({
      code: 'MODEM_ERROR',
      details: { modem: expect.any(String), command: 'AT%XYZ' },
    });
    expect(document.error?.message).toMatch(new RegExp(`^${NAME.source} answered ERROR to AT%XYZ$`));
  });

  it.concurrent('reads commands from stdin: one a line, # comments, blank lines, any line end', async () => {
    const input = '# identity\n\nATI3 \r\n  +GMI';
    const { name } = await lab.plugInOne();
    expect(await lab.run(['-d', name, 'at', '-'], { input })).toMatchObject({
      code: 0,
      stdout: `${FIRMWARE}U.S. Robotics\n`,
      stderr: 'OK\nOK\n',
    });
  });

  it.concurrent('checks all of a script before the first byte, and names the line', async () => {
    const modem = await lab.plugInOne();
    const ran = await lab.run(['-d', modem.name, 'at', '-'], { input: 'ATI3\n\nAT&&F\n' });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(
      /^error: line 3: the AT command "AT&&F" is refused: .+ \[USAGE\]\nTry: modemctl at 'AT&F'\n$/,
    );
    expect(modem.dce!.state.log).toEqual([]);
  });

  it.concurrent.each([
    ['nothing', ''],
    ['comments only', '# nothing\n'],
    ['a line without end', 'x'.repeat(100_000)],
    ['more lines than anybody types', 'AT\n'.repeat(20_000)],
    ['a control character', 'ATI3\0\n'],
  ])('refuses stdin with %s', async (_what, input) => {
    const ran = await lab.run(['at', '-', '--json'], { input });
    expect(ran.code).toBe(2);
    expect(documentOf(ran).error?.code).toBe('USAGE');
  });

  it.concurrent.each([
    ['AT&&F', 'flash loader'],
    ['AT~S?', 'flash loader'],
    ['ATDT5550100A>', 'for ever'],
    ['A/', 'repeats'],
    ['At', 'AT and at'],
    ['AT\x01', 'printable ASCII'],
    ['ATÄ', 'printable ASCII'],
    ['AT+FOO="abc', 'quotation mark'],
    [`AT${'I'.repeat(300)}`, '300 characters'],
  ])('refuses %.20j without opening anything', async (command, why) => {
    const modem = await lab.plugInOne();
    const ran = await lab.run(['-d', modem.name, 'at', command]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^error: .+\. \[USAGE\]\n[^\n]+\n$/);
    expect(ran.stderr).toContain(why);
    expect(modem.dce!.state.log).toEqual([]);
  });

  it.concurrent.each(['FOO', 'ATFOO', 'AT*NONSENSE=3;X'])(
    'leaves to the modem what V.250 allows: %s is exit 1 with the way on, not 2',
    async (command) => {
      const ran = await at(command);
      expect(ran).toMatchObject({ code: 1, stdout: '' });
      expect(ran.stderr).toMatch(
        /^error: .+ answered ERROR to AT.+\. \[MODEM_ERROR\]\n.+ modemctl info -d own-\d+\n$/m,
      );
    },
  );

  it.concurrent('never shows what a modem sends as it is', async () => {
    const modem = await lab.plugInOne();
    await modem.perform({ do: 'ring', from: '\x1b]0;pwned\x07', name: '\x9b31m' });
    const ran = await lab.run(['-d', modem.name, 'at', 'ATI3']);
    expect(ran).toMatchObject({ code: 0, stdout: FIRMWARE });
  });

  describe('a modem that', () => {
    it.concurrent.each(['quiet', 'numeric', 'echo-off', 'echo-split', 'ring-in-answer', 'late=1000', 'init-error'])(
      'is %s makes no difference',
      async (misbehaviour) => {
        const ran = await on(misbehaviour, '--json', 'ATI3', 'ATI0');
        expect(documentOf(ran).commands).toMatchObject([
          { lines: [FIRMWARE.trim()], result: 'OK' },
          { lines: [' 5601'], result: 'OK' },
        ]);
      },
    );

    it.concurrent.each(['silent', 'stalled', 'stuck-voice', 'garbage'])(
      'is %s: exit 6 in time, with the way out',
      async (how) => {
        const ran = await on(how, 'ATI3', '--timeout', '1s');
        expect(ran).toMatchObject({ code: 6, stdout: '' });
        expect(ran.stderr).toMatch(
          new RegExp(`^error: ${NAME.source} did not answer ATI3 \\(waited .+\\)\\. \\[NOT_RESPONDING\\]\n`),
        );
        expect(ran.stderr).toMatch(/modemctl reset -d own-\d+\n$/);
        expect(ran.elapsedMs).toBeLessThan(5000);
      },
    );

    it.concurrent('is silent: the report has null for a result', async () => {
      const document = documentOf(await on('silent', 'ATI3', '--timeout', '500ms', '--json'));
      expect(document.commands).toMatchObject([{ command: 'ATI3', lines: [], result: null }]);
      expect(document.error).toMatchObject({ code: 'NOT_RESPONDING', details: { command: 'ATI3' } });
    });

    it.concurrent.each(['vanish', 'renumber', 'dead-until-power'])('does %s: exit 7', async (how) => {
      const ran = await on(how, 'ATI3', '--json');
      expect(ran.code).toBe(7);
      const document = documentOf(ran);
      expect(document.error?.code).toBe('GONE');
      expect(document.commands).toMatchObject([{ command: 'ATI3', result: null }]);
    });

    it.concurrent('is pulled out in the middle: exit 7', async () => {
      const modem = await lab.plugInOne();
      modem.misbehave('silent');
      const running = lab.start(['-d', modem.name, '-v', 'at', 'ATI3', '--timeout', '10s']);
      await running.says('> ATE1V1Q0');
      await modem.perform({ do: 'unplug' });
      expect(await lab.end(running)).toMatchObject({
        code: 7,
        stderr: expect.stringMatching(/^error: the modem at .+ went away\. \[GONE\]\nmodemctl detect --wait 30s\n$/m),
      });
    });
  });

  describe('the trace', () => {
    it.concurrent('of -v shows every byte on stderr, and stdout stays as it is', async () => {
      const ran = await at('-v', 'ATI3');
      expect(ran).toMatchObject({ code: 0, stdout: FIRMWARE });
      expect(ran.stderr).toMatch(/^ +\d+\.\d{3} > ATI3\^M$/m);
      expect(ran.stderr).toMatch(/^ +\d+\.\d{3} < U\.S\. Robotics 56K FAX USB V1\.2\.23\^M\^J$/m);
    });

    it.concurrent('goes to a file, to the last byte, for its owner only; telephone numbers are masked', async () => {
      const file = join(lab.folder, 'trace');
      expect(await at('ATI3', 'ATD5550195', '--trace', file)).toMatchObject({ code: 11 });
      const text = readFileSync(file, 'utf8');
      expect(text).toContain('> ATD*******^M');
      expect(text).not.toContain('5550195');
      expect(text).toMatch(/> ATH\^M\n.*\n.*< OK\^M\^J\n$/);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    });

    it.concurrent('tells numbers when asked to', async () => {
      const file = join(lab.folder, 'numbers');
      await at('ATD5550195', '--trace', file, '--show-numbers');
      expect(readFileSync(file, 'utf8')).toContain('> ATD5550195^M');
    });

    it.concurrent.each([
      ['on a full disk', '/dev/full', 'ENOSPC'],
      ['in no folder', '/nonexistent/trace', 'ENOENT'],
      ['that is a folder', '/', 'EISDIR'],
    ])('%s is told once, and costs nothing else', async (_where, path, problem) => {
      const ran = await at('ATI3', '--trace', path);
      expect(ran).toMatchObject({ code: 0, stdout: FIRMWARE });
      expect(ran.stderr).toMatch(new RegExp(`^note: the trace cannot be written: ${problem}.*\nOK\n$`));
    });

    it.concurrent('into a pipe that nobody reads does not hang', async () => {
      const pipe = join(lab.folder, 'pipe');
      await lab.paste(`mkfifo ${pipe}`);
      expect(await at('ATI3', '--trace', pipe)).toMatchObject({ code: 0, stdout: FIRMWARE });
    });
  });

  it.concurrent('refuses a time-out of nothing', async () => {
    expect(await at('AT', '--timeout', '0')).toMatchObject({ code: 2 });
  });

  it.concurrent("a time-out's next step works as pasted", async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent');
    const { stderr } = await lab.run(['-d', modem.name, 'at', 'ATI3', '--timeout', '500ms']);
    modem.misbehave(null);
    expect(await lab.paste(/modemctl reset .+$/m.exec(stderr)?.[0] ?? '')).toMatchObject({ code: 0 });
  });
});
