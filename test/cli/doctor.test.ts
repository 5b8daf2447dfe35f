import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadLibc } from '../../src/native/libc.ts';
import { listModems } from '../../src/usb/list-modems.ts';
import { type Document, documentOf, hasVirtualModems, Lab, type Ran } from '../support/cli.ts';
import { type Odd, OddModem, otherwise } from '../support/odd-modem.ts';
import { Seat } from '../support/seat.ts';

interface Finding {
  readonly modem: string | null;
  readonly check: string;
  readonly verdict: string;
  readonly text: string;
  readonly remedy: string | null;
}

/** A real modem on this machine would be told of as well, and rightly. */
const isAlone = (await listModems({ virtualFolder: '/nonexistent' })).length === 0;

/** What was found on the modem; the machine's own state is not the test's business. */
function found(document: Document, modem: string): Record<string, string> {
  const findings = document.findings as Finding[];
  return Object.fromEntries(
    findings.filter((one) => one.modem === modem).map(({ check, verdict }) => [check, verdict]),
  );
}

function one(ran: Ran, check: string): Finding {
  const findings = documentOf(ran).findings as Finding[];
  const finding = findings.find((candidate) => candidate.check === check);
  expect(finding, `a finding ${check} among ${JSON.stringify(findings)}`).toBeDefined();
  return finding!;
}

describe.skipIf(!isAlone)('doctor without a modem', async () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  it('says what detect says, and looks at the machine all the same', async () => {
    const [told, detected] = [await lab.run(['doctor', '--json']), await lab.run(['detect', '--json'])];
    expect(told.code).toBe(3);
    const document = documentOf(told);
    expect(document).toMatchObject({ modems: [], error: documentOf(detected).error });
    expect((document.findings as Finding[]).map(({ check }) => check)).toContain('lrzsz');
  });

  it('named that is not there is exit 3 as well', async () => {
    const document = documentOf(await lab.run(['doctor', '--json', '1-9.9']));
    expect(document.error?.code).toBe('NO_MODEM');
    expect(document.findings).not.toEqual([]);
  });
});

describe.skipIf(!hasVirtualModems)('doctor', async () => {
  const lab = new Lab();
  const libc = await loadLibc();
  afterAll(() => lab.close());

  it.concurrent('finds a modem that is well, and takes nothing off-hook', async () => {
    const modem = await lab.plugInOne();
    const ran = await lab.run(['doctor', modem.name]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^U\.S\. Robotics USR5637 at own-\d+ \(\/dev\/pts\/\d+\)$/m);
    expect(ran.stdout).toMatch(/^ {2}ok {4}firmware +U\.S\. Robotics 56K FAX USB V1\.2\.23: no fault of it is known$/m);
    expect(ran.stdout).toMatch(/nothing FAILs/);
    const long = ran.stdout.split('\n').filter((line) => line.length > 80 && !line.includes('-> '));
    expect(long).toEqual([]);
    const document = documentOf(await lab.run(['doctor', '--json', '-d', modem.name]));
    expect(document.modems).toEqual([modem.name]);
    expect(found(document, modem.name)).toEqual({ rights: 'ok', holders: 'ok', answers: 'ok', firmware: 'ok' });
    expect(modem.dce!.state.offHook).toBe(false);
  });

  it.concurrent('tells of a winmodem at once that it will never work', async () => {
    const { name } = await lab.plugInOne('hiro');
    const ran = await lab.run(['doctor', name]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: .*\[FAULTS_FOUND\]\n.*USR5637/) });
    expect(ran.stdout).toMatch(/FAIL +driver +WINMODEM/);
  });

  it.concurrent('of one that hangs says how it is brought back', async () => {
    const modem = await lab.plugInOne('tfm561u');
    modem.misbehave('silent');
    const ran = await lab.run(['doctor', '-d', modem.name, '--json']);
    expect(ran.code).toBe(1);
    expect(documentOf(ran).error).toMatchObject({ code: 'FAULTS_FOUND', details: { failed: ['answers'] } });
    expect(one(ran, 'answers').remedy).toBe(`modemctl reset -d ${modem.name}`);
  });

  it.concurrent('finds one that goes away when it is asked', async () => {
    const modem = await lab.plugInOne();
    await modem.perform({ do: 'misbehave', name: 'vanish=60' });
    const ran = await lab.run(['doctor', '-d', modem.name, '--json']);
    expect(ran.code).toBe(1);
    expect(one(ran, 'answers')).toMatchObject({ verdict: 'fail', remedy: 'modemctl detect --wait 30s' });
  });

  it.concurrent('asks who keeps a modem, and not the modem', async () => {
    const modem = await lab.plugInOne();
    const keeper = lab.start(['watch', '-d', modem.name, '--no-recover', '--check-every', '1s']);
    await keeper.says('waiting');
    const well = documentOf(await lab.run(['doctor', '-d', modem.name, '--json']));
    expect(found(well, modem.name)).toEqual({ rights: 'ok', holders: 'ok', answers: 'ok' });
    await modem.perform({ do: 'misbehave', name: 'silent' });
    await keeper.says('hung');
    const ran = await lab.run(['doctor', '-d', modem.name, '--json']);
    expect(documentOf(ran).error).toMatchObject({ code: 'FAULTS_FOUND', details: { failed: ['answers'] } });
    expect(one(ran, 'answers')).toMatchObject({
      text: expect.stringContaining('does not answer modemctl watch'),
      remedy: `modemctl reset -d ${modem.name}`,
    });
    keeper.kill('SIGTERM');
    await lab.end(keeper);
  });

  it.concurrent.each([
    ['usr5637', 'dialTone', 'noDialTone'],
    ['tfm561u', 'dialTone', 'noDialTone'],
  ])('--line hears a dial tone, or none, and hangs up: %s', async (model, alive, dead) => {
    const modem = await lab.plugInOne(model);
    const line = async () => documentOf(await lab.run(['doctor', '--line', '--yes', '--json', '-d', modem.name]));
    expect((await line()).line).toEqual({ state: alive, onHook: true });
    await modem.perform({ do: 'cut' });
    expect(await line()).toMatchObject({ line: { state: dead, onHook: true }, error: { code: 'FAULTS_FOUND' } });
    expect(modem.dce!.state.offHook).toBe(false);
  });

  it.concurrent('--line is exit 2 where nobody can be asked, and nothing was sent', async () => {
    const modem = await lab.plugInOne();
    const before = modem.dce!.state.commandCount;
    const ran = await lab.run(['doctor', '--line', '-d', modem.name]);
    const advice = `modemctl doctor --line --yes -d ${modem.name}\n`;
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(advice) });
    expect(modem.dce!.state.commandCount).toBe(before);
  });

  it('--line asks somebody who is there; only a yes is one', async () => {
    const modem = await lab.plugInOne();
    for (const [answer, tried] of [
      ['n\r', false],
      ['y\r', true],
    ] as const) {
      const seat = await Seat.open();
      const running = seat.start(lab, ['doctor', '--line', '-d', modem.name]);
      await seat.shows(/\[y\/N\] /);
      expect(modem.dce!.state.offHook).toBe(false);
      seat.type(answer);
      const { code } = await running.ended;
      expect(code).toBe(0);
      expect(/there is a dial tone/.test(seat.screen)).toBe(tried);
      seat.close();
    }
  });

  it.concurrent.each<[string, string, Odd]>([
    ['inUse', 'warn', (line) => (line === 'ATDTW;' ? 'LINE IN USE\r\n\r\nNO CARRIER\r\n' : 'OK\r\n')],
    ['digital', 'fail', (line) => (line === 'ATDTW;' ? 'DIGITAL LINE DETECTED\r\n\r\nNO CARRIER\r\n' : 'OK\r\n')],
    ['busyTone', 'warn', (line) => (line === 'ATDTW;' ? 'BUSY\r\n' : 'OK\r\n')],
    ['noDialTone', 'fail', (line) => (line === 'ATDTW;' ? 'NO DIAL TONE\r\n' : 'OK\r\n')],
    // Four seconds without a word; our carriage return then ends it.
    ['noDialTone', 'fail', (line) => (line === 'ATDTW;' ? '' : line === '' ? 'NO CARRIER\r\n' : 'OK\r\n')],
  ])('--line: what other modems say is %s', async (state, verdict, odd) => {
    const modem = new OddModem(libc!, otherwise(odd));
    try {
      const ran = await lab.run(['doctor', '--line', '--yes', '--json', '-d', modem.pty.path]);
      expect(documentOf(ran).line).toMatchObject({ state });
      expect(one(ran, 'line').verdict).toBe(verdict);
      expect(modem.heard.slice(modem.heard.indexOf('ATDTW;')), 'and it hung up').toContain('ATH');
    } finally {
      modem.pty.close();
    }
  });

  it.concurrent('--call tells of rings, caller ID and picking up; the number is in no finding', async () => {
    const modem = await lab.plugInOne();
    const running = lab.start(['doctor', '--call', '--json', '-d', modem.name]);
    await running.says('Now call this line');
    await modem.perform({ do: 'ring', from: '5550137', name: 'SMITH JOHN', rings: 12 });
    const ran = await lab.end(running);
    const document = documentOf(ran);
    expect(document.call).toMatchObject({ caller: { number: '5550137' }, pickedUp: true, onHook: true });
    expect(found(document, modem.name)).toMatchObject({ rings: 'ok', callerId: 'ok', pickUp: 'ok' });
    expect(JSON.stringify(document.findings)).not.toContain('5550137');
    expect(ran.stderr).toMatch(/ring 1\n/);
    expect(modem.dce!.state.offHook).toBe(false);
  });

  it.concurrent('--call without a call says so', async () => {
    const { name } = await lab.plugInOne();
    const ran = await lab.run(['doctor', '--call', '--wait', '300ms', '--json', '-d', name]);
    expect(ran.code).toBe(1);
    expect(one(ran, 'rings').verdict).toBe('fail');
  });

  it.concurrent('--call is ended by a signal', async () => {
    const { name } = await lab.plugInOne();
    const running = lab.start(['doctor', '--call', '-d', name]);
    await running.says('Now call this line');
    running.kill('SIGINT');
    expect(await lab.end(running)).toMatchObject({ signal: 'SIGINT' });
  });

  it.concurrent('--bundle writes one file for its owner, and writes over none', async () => {
    const modem = await lab.plugInOne();
    expect((await lab.run(['at', '-d', modem.name, 'AT&Z0=5550137'])).code).toBe(0);
    const path = join(lab.folder, 'report.txt');
    const ran = await lab.run(['doctor', '--bundle', path, '-d', modem.name]);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining(`written to ${path}`) });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^ok {5} answers: it answers AT$/m);
    expect(text).toMatch(/^ATI5: .*&Z0=\*{7}$/m);
    expect(text).not.toContain('5550137');
    writeFileSync(path, 'mine');
    const again = await lab.run(['doctor', '--bundle', path, '-d', modem.name]);
    expect(again).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`rm ${path}`) });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect((await lab.run(['doctor', '--bundle', lab.folder, '-d', modem.name])).stderr).not.toContain('rm ');
    expect((await lab.run(['doctor', '--bundle', '/nonexistent/x', '-d', modem.name])).code).toBe(2);
  });

  it.concurrent('leaves no empty file behind when it comes to nothing', async () => {
    const path = join(lab.folder, 'nothing.txt');
    const ran = await lab.run(['doctor', '--bundle', path, '--line', '--yes', '-d', 'nobody']);
    expect(ran.code).toBe(3);
    expect(existsSync(path)).toBe(false);
  });

  it.concurrent('--wait belongs to --call', async () => {
    expect(await lab.run(['doctor', '--wait', '3s'])).toMatchObject({ code: 2 });
  });

  it.skipIf(process.getuid?.() === 0)('--fix needs root', async () => {
    expect(await lab.run(['doctor', '--fix'])).toMatchObject({ code: 4, stderr: expect.stringMatching(/^sudo /m) });
  });
});
