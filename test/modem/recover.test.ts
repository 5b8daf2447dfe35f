import { describe, expect, it } from 'vitest';
import { notRecovered } from '../../src/modem/recover.ts';
import { SessionBench } from './session-bench.ts';

describe('a ladder climbed in vain', () => {
  it('of a modem at a serial port: no USB port is waited for, or another one advised', () => {
    const { hint } = notRecovered(new SessionBench().session, { steps: [] });
    expect(hint).toBe('Switch it off, wait 10 s, switch it on again, then: modemctl -d /dev/ttyMemory at ATI3');
  });
});
