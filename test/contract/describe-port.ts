import { describe, test } from 'vitest';
import type { Port } from '../../src/tty/port.ts';
import { type PortRig, portContract } from './port.contract.ts';

/** The contract as vitest's tests, each with a modem of its own. */
export function describePort(name: string, makeRig: () => Promise<PortRig>, isAvailable = true): void {
  describe.skipIf(!isAvailable)(`${name} keeps the contract of a Port:`, () => {
    test.each(portContract)('$name', async ({ run }) => {
      const rig = await makeRig();
      let port: Port | null = null;
      try {
        port = await rig.open();
        await run(rig, port);
      } finally {
        await port?.close();
        await rig.close();
      }
    });
  });
}
