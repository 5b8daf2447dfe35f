import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

const FIRMWARE = 'U.S. Robotics 56K FAX USB V1.2.23\n';
const NAME = /U\.S\. Robotics USR5637 at usr5637 \(\/dev\/pts\/\d+\)/;

describe.skipIf(!hasVirtualModems)('at', () => {
  const lab = new Lab();
  const at = (...args: string[]) => lab.run(['-d', 'usr5637', 'at', ...args]);

  beforeAll(() => lab.plugIn({ models: ['usr5637', 'tfm561u'] }));
  beforeEach(() => lab.refresh());
  afterAll(() => lab.close());

  it('prints information text on stdout and nothing else, the result code on stderr', async () => {
    expect(await at('ATI3')).toMatchObject({ code: 0, stdout: FIRMWARE, stderr: 'OK\n' });
  });

  it('is silent about results with --quiet', async () => {
    expect(await at('-q', 'ATI3')).toMatchObject({ code: 0, stdout: FIRMWARE, stderr: '' });
  });

  it('sends a bare AT when no command is given', async () => {
    expect(await at()).toMatchObject({ code: 0, stdout: '', stderr: 'OK\n' });
  });

  it('puts AT in front where it is missing, and tells what was sent', async () => {
    const document = documentOf(await at('--json', 'i3', '+GMI', 'ats0?'));
    expect(document.commands).toEqual([
      { command: 'ATi3', lines: [FIRMWARE.trim()], result: 'OK', elapsedMs: expect.any(Number) },
      { command: 'AT+GMI', lines: ['U.S. Robotics'], result: 'OK', elapsedMs: expect.any(Number) },
      { command: 'ats0?', lines: ['000'], result: 'OK', elapsedMs: expect.any(Number) },
    ]);
  });

  it('stops at the first command that is not OK: exit 1', async () => {
    const ran = await at('--json', 'ATI3', 'AT%XYZ', 'ATI0');
    expect(ran.code).toBe(1);
    const document = documentOf(ran);
    expect(document.commands.map(({ result }: { result: string }) => result)).toEqual(['OK', 'ERROR']);
    expect(document.error).toMatchObject({ code: 'MODEM_ERROR', details: { modem: 'usr5637', command: 'AT%XYZ' } });
    expect(document.error?.message).toMatch(new RegExp(`^${NAME.source} answered ERROR to AT%XYZ$`));
  });

  it('reads commands from stdin: one a line, # comments, blank lines, any line end', async () => {
    const input = '# identity\n\nATI3 \r\n  +GMI';
    expect(await lab.run(['-d', 'usr5637', 'at', '-'], { input })).toMatchObject({
      code: 0,
      stdout: `${FIRMWARE}U.S. Robotics\n`,
      stderr: 'OK\nOK\n',
    });
  });

  it('checks all of a script before the first byte, and names the line', async () => {
    const before = lab.modem().dce!.state.commandCount;
    const ran = await lab.run(['-d', 'usr5637', 'at', '-'], { input: 'ATI3\n\nAT&&F\n' });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^error: line 3: the AT command "AT&&F" is refused: .+ \[USAGE\]\n$/);
    expect(lab.modem().dce!.state.commandCount).toBe(before);
  });

  it.each([
    ['nothing', ''],
    ['comments only', '# nothing\n'],
    ['a line without end', 'x'.repeat(100_000)],
    ['more lines than anybody types', 'AT\n'.repeat(20_000)],
    ['a control character', 'ATI3\0\n'],
  ])('refuses stdin with %s', async (_what, input) => {
    const ran = await lab.run(['-d', 'usr5637', 'at', '-', '--json'], { input });
    expect(ran.code).toBe(2);
    expect(documentOf(ran).error?.code).toBe('USAGE');
  });

  it.each([
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
    const before = lab.modem().dce!.state.log.length;
    const ran = await at(command);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^error: .+\. \[USAGE\]\n/);
    expect(ran.stderr).toContain(why);
    expect(lab.modem().dce!.state.log.length).toBe(before);
  });

  it('leaves to the modem what V.250 allows: exit 1, not 2', async () => {
    expect(await at('AT*NONSENSE=3;X')).toMatchObject({ code: 1 });
  });

  it('never shows what a modem sends as it is', async () => {
    await lab.modem().perform({ do: 'ring', from: '\x1b]0;pwned\x07', name: '\x9b31m' });
    const ran = await at('ATI3');
    expect(ran).toMatchObject({ code: 0, stdout: FIRMWARE });
  });

  describe('a modem that', () => {
    it.each(['quiet', 'numeric', 'echo-off', 'echo-split', 'ring-in-answer', 'late=1000', 'init-error'])(
      'is %s makes no difference',
      async (misbehaviour) => {
        lab.modem().misbehave(misbehaviour);
        const ran = await at('--json', 'ATI3', 'ATI0');
        expect(documentOf(ran).commands).toMatchObject([
          { lines: [FIRMWARE.trim()], result: 'OK' },
          { lines: [' 5601'], result: 'OK' },
        ]);
      },
    );

    it.each(['silent', 'stalled', 'stuck-voice', 'garbage'])('is %s: exit 6 in time, with the way out', async (how) => {
      lab.modem().misbehave(how);
      const ran = await at('ATI3', '--timeout', '1s');
      expect(ran).toMatchObject({ code: 6, stdout: '' });
      expect(ran.stderr).toMatch(
        new RegExp(`^error: ${NAME.source} did not answer ATI3 \\(waited .+\\)\\. \\[NOT_RESPONDING\\]\n`),
      );
      expect(ran.stderr).toContain('modemctl reset -d usr5637\n');
      expect(ran.elapsedMs).toBeLessThan(5000);
    });

    it('is silent: the report has null for a result', async () => {
      lab.modem().misbehave('silent');
      const document = documentOf(await at('ATI3', '--timeout', '500ms', '--json'));
      expect(document.commands).toMatchObject([{ command: 'ATI3', lines: [], result: null }]);
      expect(document.error).toMatchObject({ code: 'NOT_RESPONDING', details: { modem: 'usr5637' } });
    });

    it.each(['vanish', 'renumber', 'dead-until-power'])('does %s: exit 7', async (how) => {
      lab.modem().misbehave(how);
      const ran = await at('ATI3', '--json');
      expect(ran.code).toBe(7);
      const document = documentOf(ran);
      expect(document.error?.code).toBe('GONE');
      expect(document.commands).toMatchObject([{ command: 'ATI3', result: null }]);
    });

    it('is pulled out in the middle: exit 7', async () => {
      lab.modem().misbehave('silent');
      const running = lab.start(['-d', 'usr5637', '-v', 'at', 'ATI3', '--timeout', '10s']);
      await running.says('> ATE1V1Q0');
      await lab.modem().perform({ do: 'unplug' });
      expect(await lab.end(running)).toMatchObject({
        code: 7,
        stderr: expect.stringMatching(/^error: the modem at .+ went away\. \[GONE\]\nmodemctl detect --wait 30s\n$/m),
      });
    });
  });

  describe('the trace', () => {
    it('of -v shows every byte on stderr, and stdout stays as it is', async () => {
      const ran = await at('-v', 'ATI3');
      expect(ran).toMatchObject({ code: 0, stdout: FIRMWARE });
      expect(ran.stderr).toMatch(/^ +\d+\.\d{3} > ATI3\^M$/m);
      expect(ran.stderr).toMatch(/^ +\d+\.\d{3} < U\.S\. Robotics 56K FAX USB V1\.2\.23\^M\^J$/m);
    });

    it('goes to a file, to the last byte, for its owner only; telephone numbers are masked', async () => {
      const file = join(lab.folder, 'trace');
      expect(await at('ATI3', 'ATD5550195', '--trace', file)).toMatchObject({ code: 11 });
      const text = readFileSync(file, 'utf8');
      expect(text).toContain('> ATD*******^M');
      expect(text).not.toContain('5550195');
      expect(text).toMatch(/> ATH\^M\n.*\n.*< OK\^M\^J\n$/);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    });

    it('tells numbers when asked to', async () => {
      const file = join(lab.folder, 'numbers');
      await at('ATD5550195', '--trace', file, '--show-numbers');
      expect(readFileSync(file, 'utf8')).toContain('> ATD5550195^M');
    });

    it.each([
      ['on a full disk', '/dev/full', 'ENOSPC'],
      ['in no folder', '/nonexistent/trace', 'ENOENT'],
      ['that is a folder', '/', 'EISDIR'],
    ])('%s is told once, and costs nothing else', async (_where, path, problem) => {
      const ran = await at('ATI3', '--trace', path);
      expect(ran).toMatchObject({ code: 0, stdout: FIRMWARE });
      expect(ran.stderr).toMatch(new RegExp(`^note: the trace cannot be written: ${problem}.*\nOK\n$`));
    });

    it('into a pipe that nobody reads does not hang', async () => {
      const pipe = join(lab.folder, 'pipe');
      await lab.paste(`mkfifo ${pipe}`);
      expect(await at('ATI3', '--trace', pipe)).toMatchObject({ code: 0, stdout: FIRMWARE });
    });
  });

  it('refuses a time-out of nothing', async () => {
    expect(await at('AT', '--timeout', '0')).toMatchObject({ code: 2 });
  });

  it("a time-out's next step works as pasted", async () => {
    lab.modem().misbehave('silent');
    const { stderr } = await at('ATI3', '--timeout', '500ms');
    lab.modem().misbehave(null);
    expect(await lab.paste(/modemctl reset .+$/m.exec(stderr)?.[0] ?? '')).toMatchObject({ code: 0 });
  });
});
