import { afterAll, describe, expect, it } from 'vitest';
import { hasVirtualModems, Lab } from '../support/cli.ts';
import { eventsOf, tells } from '../support/events.ts';

const lab = new Lab();
afterAll(() => lab.close());

describe.skipIf(!hasVirtualModems)('a modem that answers AT and does not work', () => {
  it.concurrent('watch --reset-suspect: no caller ID any more', { timeout: 90_000 }, async () => {
    const modem = await lab.plugInOne();
    const running = lab.start(['watch', '--json', '--suspect-after', '2', '--reset-suspect', modem.name]);
    await tells(running, 'waiting');
    for (const calls of [1, 2, 3]) {
      await modem.perform({ do: 'ring', from: '5551234', rings: 2 });
      await tells(running, 'ringEnded', calls);
      modem.misbehave('no-caller-id');
    }
    await tells(running, 'waiting', 2);
    running.kill('SIGTERM');
    const events = eventsOf(await lab.end(running)).filter(({ event }) => !/ring|callerId/.test(event));
    expect(events).toMatchObject([
      { event: 'waiting', after: 'start' },
      { event: 'suspect', why: 'noCallerId', calls: 2 },
      { event: 'recovered', recoveredBy: 'usb' },
      { event: 'waiting', after: 'recovered' },
    ]);
  });

  it.concurrent('answer --reset-suspect: it picks up and never connects', { timeout: 90_000 }, async () => {
    const modem = await lab.plugInOne();
    const args = ['--wait', '40s', '--suspect-after', '2', '--reset-suspect', '--exec', 'cat'];
    const running = lab.start(['answer', '--json', modem.name, ...args]);
    for (const calls of [1, 2]) {
      await tells(running, 'waiting', calls);
      // Somebody who is no modem.
      await modem.perform({ do: 'ring', from: '5551234', rings: 3 });
      await tells(running, 'noConnection', calls);
    }
    await tells(running, 'recovered');
    await tells(running, 'waiting', 4);
    running.kill('SIGTERM');
    const events = eventsOf(await lab.end(running)).filter(({ event }) => !/ring|callerId|waiting/.test(event));
    expect(events).toMatchObject([
      { event: 'noConnection' },
      { event: 'noConnection' },
      { event: 'suspect', why: 'noConnection', calls: 2 },
      { event: 'recovered', recoveredBy: 'usb' },
    ]);
  });
});
