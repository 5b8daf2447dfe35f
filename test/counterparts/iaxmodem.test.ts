/** Our commands against somebody else's modem: what must not be tried on one whose habits are ours. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf, Lab } from '../support/cli.ts';
import { Iaxmodem } from './iaxmodem.ts';

describe('our commands, used on iaxmodem:', () => {
  const lab = new Lab();
  let modem: Iaxmodem;
  beforeAll(async () => {
    modem = await Iaxmodem.start(lab.folder);
  });
  afterAll(async () => {
    await modem.stop();
    await lab.close();
  });

  const run = (...args: readonly string[]) => lab.run(['-d', modem.tty, ...args]);
  const document = async (...args: readonly string[]) => documentOf(await run('--json', ...args));

  it('at: information text, questions, ERROR', async () => {
    expect(await run('at', 'ATI', 'ATI3', 'AT+FCLASS=?')).toMatchObject({
      code: 0,
      stdout: 'spandsp\nwww.soft-switch.org\n0,1,1.0\n',
      stderr: expect.stringMatching(/OK\nOK\nOK\n$/),
    });
    const refused = await document('at', 'ATS0?', 'AT+FCLASS=8', 'ATI');
    expect(refused.error?.code).toBe('MODEM_ERROR');
    expect(refused.commands).toMatchObject([
      { command: 'ATS0?', lines: ['000'], result: 'OK' },
      { command: 'AT+FCLASS=8', lines: [], result: 'ERROR' },
    ]);
  });

  it.each([
    ['without echo', 'ATE0'],
    ['with numeric results', 'ATV0'],
    ['with no results at all', 'ATQ1'],
    ['in fax mode', 'AT+FCLASS=1'],
  ])('at: it was left %s', async (_how, command) => {
    await run('at', '--timeout', '1s', command);
    expect(await run('at', 'ATI')).toMatchObject({
      code: 0,
      stdout: 'spandsp\n',
      stderr: expect.stringMatching(/OK\n$/),
    });
    expect((await run('at', 'AT+FCLASS=0', 'ATZ')).code).toBe(0);
  });

  it('info: of a chip that nobody knows only what V.250 defines is asked', async () => {
    const info = await document('info');
    expect(info.family).toMatchObject({ id: 'generic' });
    expect(info.registers).toMatchObject({ 0: 0, 3: 13, 4: 10, 5: 8 });
    expect(info.capabilities).toContainEqual(
      expect.objectContaining({ command: 'AT+FCLASS=?', lines: ['0,1,1.0'], result: 'OK' }),
    );
  });

  it('init: fit, item by item', async () => {
    const { fit, items } = await document('init');
    expect(fit).toBe(true);
    expect(items.map(({ result }: { result: string }) => result)).toEqual(Array(items.length).fill('OK'));
  });

  it('hangup: the line is free', async () => {
    expect(await document('hangup')).toMatchObject({ ok: true, onHook: true });
  });

  it('at: a call that nobody answers for: exit 6 in time, and the next command works', async () => {
    const call = await run('at', '--timeout', '3s', 'ATDT123');
    expect(call.code).toBe(6);
    expect(call.elapsedMs).toBeLessThan(20_000);
    expect(await run('at', 'ATI')).toMatchObject({ code: 0, stdout: 'spandsp\n' });
  });

  it('reset: it answers, so nothing is done; when it hangs, exit 6 and 9; when it wakes, late answers disturb nobody', async () => {
    expect(await document('reset')).toMatchObject({ recovered: true, recoveredBy: 'at' });
    modem.freeze();
    const hung = await run('at', '--timeout', '1s', 'ATI3');
    expect(hung).toMatchObject({ code: 6, stdout: '' });
    expect(hung.stderr).toContain('modemctl reset');
    expect(await document('reset')).toMatchObject({ recovered: false, recoveredBy: null });
    modem.wake();
    expect(await run('at', 'ATI')).toMatchObject({ code: 0, stdout: 'spandsp\n' });
  });
});
