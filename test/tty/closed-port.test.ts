import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import type { SerialBinding } from '../../src/native/serial.ts';
import { SerialTtyPort } from '../../src/tty/serial-port.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** The package keeps each of these for good. */
class KeptPoller extends EventEmitter {
  poll(): void {}
}

async function openAndClose(poller: KeptPoller): Promise<WeakRef<SerialTtyPort>> {
  const binding = { fd: null, poller, close: async () => {} } as unknown as SerialBinding;
  const port = new SerialTtyPort('/dev/pts/999', binding, systemClock, 115_200);
  await port.close();
  return new WeakRef(port);
}

it('a port that is closed is kept by nobody, though its poller is', async () => {
  const poller = new KeptPoller();
  const port = await openAndClose(poller);
  // A WeakRef that was just made holds its target for the rest of the turn.
  await new Promise((resolve) => setTimeout(resolve, 0));
  collectGarbage();
  expect(port.deref()).toBeUndefined();
  expect(poller.eventNames()).toEqual([]);
});
