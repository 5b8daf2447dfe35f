import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { isAvailable } from '../../src/native/libc.ts';
import { openPort } from '../../src/tty/open-port.ts';
import { startVirtualModems } from '../../src/virtual/box.ts';
import { fastClock } from '../support/fast-clock.ts';
import { describePort } from './describe-port.ts';

describePort(
  'a serial port on a PTY',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mctl-'));
    const box = await startVirtualModems({ models: ['usr5637'], env: { XDG_RUNTIME_DIR: folder }, clock: fastClock });
    const modem = box.modems[0]!;
    const releases: (() => void)[] = [];
    return {
      dce: modem.dce!,
      hasCircuits: false,
      canKeepLine: false,
      slowness: 1,
      open: async () => {
        const { port, lock } = await openPort(modem.tty!, { clock: systemClock });
        releases.push(() => lock?.release());
        return port;
      },
      unplug: async () => {
        modem.perform({ do: 'unplug' });
      },
      close: async () => {
        for (const release of releases) release();
        await box.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
  await isAvailable(),
);
