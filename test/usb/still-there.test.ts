import { afterEach, beforeEach, expect, it } from 'vitest';
import { listModems } from '../../src/usb/list-modems.ts';
import type { ModemInfo } from '../../src/usb/modem-info.ts';
import { isStillThere } from '../../src/usb/still-there.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { tfm, usr } from './plugged.ts';

let system: FakeSystem;
beforeEach(() => {
  system = new FakeSystem();
});
afterEach(() => system.remove());

async function first(): Promise<ModemInfo> {
  const [info] = await listModems({ roots: system.roots, virtualFolder: system.virtualFolder });
  return info!;
}

it('a modem is where it was', async () => {
  system.plug(usr('1-1', 'ttyACM0'));
  expect(isStillThere(await first(), system.roots)).toBe(true);
});

it.each([
  ['unplugged', () => {}],
  ['under another tty', () => system.plug(usr('1-1', 'ttyACM1'))],
  ['at another port, with its tty', () => system.plug(usr('1-2', 'ttyACM0'))],
  ['another modem at its port, with its tty', () => system.plug(tfm('1-1', 'ttyACM0'))],
])('not there: %s', async (_, change) => {
  system.plug(usr('1-1', 'ttyACM0'));
  const info = await first();
  system.unplug('1-1');
  change();
  expect(isStillThere(info, system.roots)).toBe(false);
});
