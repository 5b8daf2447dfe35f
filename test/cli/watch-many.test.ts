import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasVirtualModems, Lab } from '../support/cli.ts';
import { eventsOf, tells } from '../support/events.ts';
import { usageOfAnIdleSecond } from '../support/usage.ts';

const COUNT = 64;

describe.skipIf(!hasVirtualModems)(`watch with ${COUNT} modems`, () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.close());

  it('keeps all of them in one process, tells a ring on any within seconds, and sleeps while nothing happens', async () => {
    const names = Array.from({ length: COUNT }, (_, index) => `own-${index}`);
    await lab.plugIn({ models: names.map((_, index) => (index % 2 ? 'tfm561u' : 'usr5637')), names });
    const running = lab.start(['watch', '--json']);
    await tells(running, 'waiting', COUNT);
    const waiting = eventsOf(running).filter(({ event }) => event === 'waiting');
    expect(new Set(waiting.map(({ modem }) => modem.id))).toEqual(new Set(names));

    for (const [index, name] of ['own-0', 'own-31', 'own-63'].entries()) {
      const begin = performance.now();
      await lab.modem(name).perform({ do: 'ring', from: `555123${index}`, rings: 1 });
      await tells(running, 'callerId', index + 1);
      expect(performance.now() - begin, name).toBeLessThan(5000);
      const last = eventsOf(running).findLast(({ event }) => event === 'callerId');
      expect([last?.modem.id, last?.caller.number]).toEqual([name, `555123${index}`]);
    }
    await tells(running, 'ringEnded', 3);

    // All look at their circuits in the same wake-up, at the turn of the second; Node's own timers add one now and then.
    const idle = await usageOfAnIdleSecond(running.pid);
    expect(idle.voluntarySwitches).toBeLessThanOrEqual(3);
    running.kill('SIGTERM');
    expect((await lab.end(running)).signal).toBe('SIGTERM');
  }, 60_000);
});
