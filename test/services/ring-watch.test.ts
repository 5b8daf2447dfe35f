import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUnsolicited } from '../../src/at/unsolicited.ts';
import { type RingEvent, RingWatch } from '../../src/services/ring-watch.ts';

/** What a watch makes of lines that come at times in ms; it is asked again whenever it wants to be. */
function play(lines: readonly (readonly [at: number, line: string])[], until = 60_000): string[] {
  const watch = new RingWatch();
  const told: string[] = [];
  const tell = (at: number, events: readonly RingEvent[]) => {
    for (const event of events) told.push(`${at} ${describeEvent(event)}`);
  };
  const pass = (end: number) => {
    for (let due = watch.dueAt; due !== null && due <= end; due = watch.dueAt) tell(due, watch.pass(due));
  };
  for (const [at, line] of lines) {
    pass(at);
    const event = parseUnsolicited(line);
    if (event) tell(at, watch.take(event, at));
  }
  pass(until);
  return told;
}

function describeEvent(event: RingEvent): string {
  if (event.kind === 'ring') return `ring ${event.count}${event.distinctive ? ` (${event.distinctive})` : ''}`;
  if (event.kind === 'callerId') return `caller ${event.callerId.number ?? event.callerId.presentation}`;
  return `ended after ${event.rings}, ${event.callerId?.number ?? event.callerId?.presentation ?? 'nobody'}`;
}

describe('ring watch', () => {
  it('counts rings with the North American cadence, and notices that they ended', () => {
    expect(
      play([
        [0, 'RING'],
        [6000, 'RING'],
        [12_000, 'RING'],
      ]),
    ).toEqual(['0 ring 1', '6000 ring 2', '12000 ring 3', '20000 ended after 3, nobody']);
  });

  it('gathers caller ID between two rings to one value, told when its lines are through', () => {
    expect(
      play([
        [0, 'RING'],
        [2500, 'DATE=0117'],
        [2510, 'TIME=1452'],
        [2900, 'NMBR=5551234'],
        [2950, 'NAME=SMITH JOHN'],
        [6000, 'RING'],
      ]),
    ).toEqual(['0 ring 1', '3450 caller 5551234', '6000 ring 2', '14000 ended after 2, 5551234']);
  });

  it('tells it before the ring it comes with, where the ring comes first', () => {
    expect(
      play([
        [0, 'RING'],
        [5900, 'NMBR = P'],
        [6000, 'RING B'],
      ]),
    ).toEqual(['0 ring 1', '6000 caller private', '6000 ring 2 (B)', '14000 ended after 2, private']);
  });

  it('takes caller ID before the first ring (United Kingdom)', () => {
    expect(
      play([
        [0, 'NMBR = 02079460000'],
        [1000, 'RING'],
      ]),
    ).toEqual(['500 caller 02079460000', '1000 ring 1', '9000 ended after 1, 02079460000']);
  });

  it('takes the ISDN dialect, which rings and tells who calls in one line', () => {
    expect(play([[0, 'RING;08912345;08765']])).toEqual([
      '0 caller 08912345',
      '0 ring 1',
      '8000 ended after 1, 08912345',
    ]);
  });

  it('counts the next call anew, with a caller of its own', () => {
    const told = play([
      [0, 'RING'],
      [2500, 'NMBR=1'],
      [20_000, 'RING'],
      [22_500, 'NMBR=2'],
    ]);
    expect(told.slice(3)).toEqual(['20000 ring 1', '23000 caller 2', '28000 ended after 1, 2']);
  });

  it('believes neither of two numbers that contradict each other, also when the second comes late', () => {
    const told = play([
      [0, 'RING'],
      [2500, 'NMBR=5551234'],
      [4000, 'NMBR=0049891'],
      [6000, 'RING'],
    ]);
    expect(told).toEqual(['0 ring 1', '3000 caller 5551234', '6000 ring 2', '14000 ended after 2, unavailable']);
  });

  it('counts every ring once, tells who calls at most once a call, and wants nothing when it is quiet', () => {
    const lines = fc.constantFrom('RING', 'RING A', 'NMBR=5551234', 'NMBR=1', 'NAME=\x1b[2J', 'DRON=20', 'NO CARRIER');
    const script = fc.array(fc.tuple(fc.integer({ min: 0, max: 9000 }), lines), { maxLength: 40 });
    fc.assert(
      fc.property(script, (steps) => {
        let at = 0;
        const timed = steps.map(([gap, line]) => {
          at += gap;
          return [at, line] as const;
        });
        const told = play(timed, at + 20_000).map((text) => text.replace(/^\d+ /, ''));
        const rings = told.filter((text) => text.startsWith('ring '));
        expect(rings).toHaveLength(steps.filter(([, line]) => line.startsWith('RING')).length);
        const calls = told.join('|').split('ended');
        for (const call of calls) expect(call.split('caller ').length).toBeLessThanOrEqual(2);
        if (told.length > 0) expect(told.at(-1)).toMatch(/^ended/);
      }),
    );
  });
});
