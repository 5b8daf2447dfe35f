import { describe, expect, it } from 'vitest';
import { describePppdEnd, pppdEnding, takenByPppd } from '../../../src/services/ppp/pppd-end.ts';

const ended = (code: number | null, signal: NodeJS.Signals | null = null, wasStuck = false) => ({
  end: { code, signal },
  wasStuck,
  lastWords: 'PAP authentication failed',
});

describe('the end of pppd', () => {
  it.each([
    [0, 'farEnd'],
    [5, 'us'],
    [12, 'us'],
    [13, 'us'],
  ])('%d is no failure', (code, endedBy) => {
    expect(takenByPppd(ended(code))).toEqual({ endedBy, unfinished: false, failure: null });
  });

  it('16 is a call that was cut off', () => {
    expect(takenByPppd(ended(16))).toEqual({ endedBy: 'farEnd', unfinished: true, failure: null });
  });

  it('everything else is a failure after CONNECT, with words of its own', () => {
    const words = new Set<string>();
    for (const code of [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 14, 15, 17, 18, 19, 20, 99]) {
      const { failure } = takenByPppd(ended(code));
      expect(failure, `${code}`).toMatchObject({ code: 'SCRIPT_FAILED', exitCode: 22 });
      expect(failure?.hint).toContain('pppd said: PAP authentication failed');
      words.add(failure?.message ?? '');
    }
    expect(words.size).toBe(17);
  });

  it('killed by somebody, or by us because it was stuck', () => {
    expect(takenByPppd(ended(null, 'SIGKILL')).failure?.message).toBe('pppd was ended by SIGKILL');
    // Whatever it ends with then, it did not end by itself.
    for (const code of [0, 5, 16]) expect(takenByPppd(ended(code, null, true)).failure).not.toBeNull();
    expect(describePppdEnd(ended(null, 'SIGKILL', true))).toMatch(/did not come to its end/);
  });

  it('its log knows better where its exit code says no more than that the far end hung up', () => {
    const told = (code: number, said: string) => ({ reason: { code, said }, lastWords: said });
    const exit = (code: number) => ({ code, signal: null });
    const refused = takenByPppd(pppdEnding(exit(16), false, told(19, 'CHAP authentication failed')));
    expect(refused.failure).toMatchObject({ code: 'SCRIPT_FAILED', message: 'the far end refused our name or secret' });
    expect(refused.failure?.hint).toContain('pppd said: CHAP authentication failed');
    expect(takenByPppd(pppdEnding(exit(16), false, told(0, 'LCP terminated by peer')))).toMatchObject({
      endedBy: 'farEnd',
      unfinished: false,
      failure: null,
    });
    expect(takenByPppd(pppdEnding(exit(16), false, told(16, 'Modem hangup'))).unfinished).toBe(true);
    expect(takenByPppd(pppdEnding(exit(16), false, { reason: null, lastWords: null })).unfinished).toBe(true);
    // Its exit code otherwise stands, whatever it said before.
    expect(pppdEnding(exit(15), false, told(5, 'Terminating on signal 15')).end.code).toBe(15);
  });

  it('one that was stuck after carrier was lost was cut off; after anything else it was stuck', () => {
    const killed = { code: null, signal: 'SIGKILL' as const };
    const told = (code: number) => ({ reason: { code, said: 'what it said' }, lastWords: 'what it said' });
    expect(takenByPppd(pppdEnding(killed, true, told(16)))).toMatchObject({ endedBy: 'farEnd', failure: null });
    expect(takenByPppd(pppdEnding(killed, true, told(15))).failure?.message).toMatch(/did not come to its end/);
    expect(takenByPppd(pppdEnding(killed, false, told(16))).failure?.message).toBe('pppd was ended by SIGKILL');
  });
});
