import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SendBacklog } from '../../src/modem/send-backlog.ts';

describe('what a modem still has to send', () => {
  it('goes out at the rate of the line, with half a second for the last frame', () => {
    const backlog = new SendBacklog(9600);
    expect(backlog.restMs(0)).toBe(0);
    backlog.sent(960, 1000);
    expect(backlog.restMs(1000)).toBeCloseTo(1500);
    backlog.sent(960, 1500);
    expect(backlog.restMs(1500)).toBeCloseTo(2000);
    expect(backlog.restMs(10_000)).toBe(0);
  });

  it('is never more than modem and kernel hold, however much was sent', () => {
    const writes = fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1_000_000 })));
    fc.assert(
      fc.property(writes, (list) => {
        const backlog = new SendBacklog(33_600);
        let now = 0;
        for (const [gap, bytes] of list) {
          now += gap;
          backlog.sent(bytes, now);
        }
        expect(backlog.restMs(now)).toBeLessThanOrEqual(5400);
        expect(backlog.restMs(now + 5400)).toBe(0);
      }),
    );
  });
});
