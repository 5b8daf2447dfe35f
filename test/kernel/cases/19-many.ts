// As many modems as this kernel's virtual controllers take that anybody may ever have at one machine: 64, on five buses.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { usageOfAnIdleSecond } from '../../support/usage.ts';
import type { KernelCase } from '../guest/case.ts';
import { documentOf } from '../guest/contract.ts';
import { plugIn } from '../guest/lab.ts';

const COUNT = 64;

export const cases: KernelCase[] = [
  {
    name: `many: ${COUNT} modems on the bus, watched by one process, all of them waiting; a ring on any is told within seconds; a replug too`,
    limitMs: 600_000,
    async run(guest) {
      const begin = performance.now();
      const { units, exchange } = await plugIn(
        guest,
        ...Array.from({ length: COUNT }, (_, index) => ({
          model: index % 2 ? ('tfm561u' as const) : ('usr5637' as const),
        })),
      );
      const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
      guest.note(`${COUNT} modems plugged in after ${seconds(begin)}; the last is ${units.at(-1)!.port}`);
      const { modems } = documentOf<{ modems: unknown[] }>(await guest.cli(['detect', '--json']), 0);
      assert.equal(modems.length, COUNT);

      let said = '';
      const started = performance.now();
      const watch = guest.startCli(['watch', '--json']);
      watch.stdout!.on('data', (data: Buffer) => (said += data));
      watch.stderr!.on('data', (data: Buffer) => guest.note(`watch says: ${data}`));
      const told = (event: string, id?: string) =>
        said
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as { event: string; modem: { id: string } })
          .filter((one) => one.event === event && (id === undefined || one.modem.id === id)).length;
      await guest
        .until('all wait', () => new Set(said.match(/"event":"waiting".*?"id":"[^"]*"/g)).size === COUNT, 300_000)
        .catch((error) => {
          throw new Error(`${error.message}; ${told('waiting')} do. ${said.slice(-1000)}`);
        });
      guest.note(`all wait after ${seconds(started)}`);

      for (const index of [0, 31, 63]) {
        const rung = performance.now();
        const { number, port } = units[index]!;
        assert.ok(exchange.ringFromOutside(number, { number: '5551234', name: 'SOMEBODY' }, 1));
        await guest.until(`the caller at ${port} is told`, () => told('callerId', port) === 1, 20_000);
        guest.note(`a caller at ${port} told after ${seconds(rung)}`);
      }

      const gone = units[40]!;
      const { port } = gone;
      await gone.usb.unplug();
      await guest.until('it is told that one is away', () => told('unplugged', port) === 1);
      await gone.usb.plugIn();
      await guest.until('it waits again', () => told('waiting', port) === 2, 60_000);

      const idle = await usageOfAnIdleSecond(watch.pid!);
      const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${watch.pid}/status`, 'latin1'))?.[1];
      guest.note(`idle: ${idle.voluntarySwitches} sleeps and ${idle.ticks * 10} ms a second, ${resident} kB resident`);
      const ended = new Promise((resolve) => watch.once('exit', (code, signal) => resolve(signal ?? code)));
      const asked = performance.now();
      watch.kill('SIGTERM');
      assert.equal(await ended, 'SIGTERM');
      guest.note(`ended after ${seconds(asked)}`);
    },
  },
];
