import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallerIdCollector } from '../../src/at/caller-id-collector.ts';
import { parseConnection } from '../../src/at/connect.ts';
import type { Call } from '../../src/modem/call.ts';
import { callEnvironment } from '../../src/services/call-environment.ts';

/** A call from somebody of whom the modem said this. */
function callFrom(...lines: string[]): Pick<Call, 'connection' | 'incoming'> {
  const collector = new CallerIdCollector();
  for (const line of lines) collector.take(line);
  return { connection: parseConnection('CONNECT 28800'), incoming: { caller: collector.callerId } };
}

const environmentOf = (call: Pick<Call, 'connection' | 'incoming'>) =>
  callEnvironment(call as Call, new Date('2026-11-22T12:00:00Z'));

describe('the environment of a program that gets a call', () => {
  it('tells who calls, when, and how fast', () => {
    expect(environmentOf(callFrom('NMBR=5551234', 'NAME=SMITH JOHN'))).toEqual({
      MODEMCTL_CALL_TIME: '2026-11-22T12:00:00.000Z',
      MODEMCTL_CONNECT_RATE: '28800',
      MODEMCTL_CALLER_NUMBER: '5551234',
      MODEMCTL_CALLER_NAME: 'SMITH JOHN',
      MODEMCTL_CALLER_PRESENTATION: 'allowed',
      MODEMCTL_CALLED_NUMBER: '',
    });
  });

  it('leaves nothing to be inherited from somebody else', () => {
    const { MODEMCTL_CALLER_NUMBER, MODEMCTL_CALLER_PRESENTATION } = environmentOf(callFrom());
    expect([MODEMCTL_CALLER_NUMBER, MODEMCTL_CALLER_PRESENTATION]).toEqual(['', 'none']);
    expect(environmentOf(callFrom('NMBR=P')).MODEMCTL_CALLER_PRESENTATION).toBe('private');
    // A call of our own has no caller.
    const own = environmentOf({ connection: parseConnection('CONNECT'), incoming: null });
    expect(own).not.toHaveProperty('MODEMCTL_CALLER_NUMBER');
  });

  it('is bounded, without control characters, and reaches a program as it is, whatever the caller sends', () => {
    const nasty = fc.constantFrom('"', "'", '`', '$(id)', '\n', '\r', '\x1b[2J', '\x9b', '\0', ';', '%s', '\\', 'é');
    const text = fc.array(fc.oneof(nasty, fc.string()), { maxLength: 400 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (number, name) => {
        for (const value of Object.values(environmentOf(callFrom(`NMBR=${number}`, `NAME=${name}`)))) {
          expect(value).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
          expect(value?.length).toBeLessThanOrEqual(50);
        }
      }),
    );
    const env = environmentOf(callFrom('NMBR=5551234', `NAME="; $(echo hacked) \`id\` '`));
    const ran = spawnSync('/bin/sh', ['-c', 'printf %s "$MODEMCTL_CALLER_NAME"'], { env: { ...process.env, ...env } });
    expect(ran.stdout.toString()).toBe(`"; $(echo hacked) \`id\` '`);
  });
});
