import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type { Session } from '../../../src/modem/session.ts';
import { LineClient } from '../../../src/native/line-client.ts';
import { Desk } from '../../../src/services/control/desk.ts';
import { Errands } from '../../../src/services/control/errands.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modemctl-desk-'));
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it('leaves nothing of a loan at the signal that ends loans: there may be thousands of them', async () => {
  const session = {
    ...{ id: 'usr5637', name: 'it', tty: '/dev/null', clock: systemClock, info: { virtual: true } },
    isOpen: true,
    close: async () => {},
  } as unknown as Session;
  const errands = new Errands(session);
  const { signal } = new AbortController();
  const desk = await Desk.open({ session, errands, command: 'watch', signal });
  for (let loan = 0; loan < 3; loan++) {
    const client = await LineClient.connect(desk.path, systemClock);
    const wake = errands.wake(signal);
    const asked = client!.ask({ do: 'borrow', by: 'me' }, 5000);
    await vi.waitFor(() => expect(wake.aborted).toBe(true));
    const served = errands.serve(session);
    expect(await asked).toMatchObject({ ok: true });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    client!.close();
    await served;
    errands.become('idle');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  }
  await desk.close();
});
