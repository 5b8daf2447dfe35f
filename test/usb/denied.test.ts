import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeTty } from '../../src/usb/modem-state.ts';
import { FakeSystem } from '../support/fake-system.ts';
import { asOrdinaryUser } from '../support/ordinary-user.ts';
import { usr } from './plugged.ts';

let system: FakeSystem;
beforeEach(() => {
  system = new FakeSystem();
  chmodSync(system.folder, 0o755);
  system.plug(usr('1-1', 'ttyACM0', { address: 4 }));
  system.write(join(system.roots.etc, 'group'), 'root:x:0:\ntty:x:5:\ndialout:x:20:carol\n');
});
afterEach(() => system.remove());

/** Runs an expression that may use our exports, with `options` made for the fake machine. */
function evaluate(imports: string, expression: string): unknown {
  return asOrdinaryUser(`
    ${imports}
    const options = ${JSON.stringify({ roots: system.roots, virtualFolder: system.virtualFolder })};
    Promise.resolve(${expression}).then((value) => console.log(JSON.stringify(value)));
  `);
}

const list = () =>
  evaluate(
    `import { listModems } from './src/usb/list-modems.ts';`,
    `listModems(options).then((modems) => modems.map(({ state, usable, reason, remedy }) => ({ state, usable, reason, remedy })))`,
  );

const isRoot = process.getuid?.() === 0;

describe('an ordinary user', () => {
  it.skipIf(!isRoot)('in no group is told which one the node asks for', () => {
    const node = join(system.roots.dev, 'ttyACM0');
    chownSync(node, 0, 20);
    chmodSync(node, 0o660);
    expect(list()).toEqual([
      {
        state: 'denied',
        usable: true,
        reason: `no right to open ${node}`,
        remedy: 'sudo usermod -aG dialout $USER   # then log in again',
      },
    ]);
  });

  it.skipIf(!isRoot)('is not taken for a member of a group that has none', () => {
    const node = join(system.roots.dev, 'ttyACM0');
    chownSync(node, 0, 5);
    chmodSync(node, 0o660);
    expect(list()).toMatchObject([{ remedy: 'sudo usermod -aG tty $USER   # then log in again' }]);
  });

  it('at a node that is root’s only (no udev) is told to open it up', () => {
    const node = join(system.roots.dev, 'ttyACM0');
    chmodSync(node, isRoot ? 0o600 : 0o000);
    expect(list()).toMatchObject([{ state: 'denied', remedy: `sudo chmod 660 ${node} && sudo chgrp dialout ${node}` }]);
  });

  it('waits 2 s for udev to give rights, no longer', () => {
    chmodSync(join(system.roots.dev, 'ttyACM0'), isRoot ? 0o600 : 0o000);
    const wanted = { id: '1-1', vendorId: '0baf', productId: '0303', serial: null };
    const result = evaluate(
      `import { waitForModem } from './src/usb/presence.ts';
       const begin = performance.now();`,
      `waitForModem(${JSON.stringify(wanted)}, { ...options, deadlineMs: 30000 })
         .then((presence) => ({ presence, seconds: (performance.now() - begin) / 1000 }))`,
    ) as { presence: unknown; seconds: number };
    expect(result.presence).toEqual({ kind: 'late', stage: 'denied' });
    expect(result.seconds).toBeGreaterThanOrEqual(2);
    expect(result.seconds).toBeLessThan(4);
  });

  it('gets the modem as soon as udev has given the rights', () => {
    const node = join(system.roots.dev, 'ttyACM0');
    chmodSync(node, 0o666);
    const wanted = { id: '1-1', vendorId: '0baf', productId: '0303', serial: '0000002' };
    expect(
      evaluate(
        `import { waitForModem } from './src/usb/presence.ts';`,
        `waitForModem(${JSON.stringify(wanted)}, { ...options, deadlineMs: 5000 })`,
      ),
    ).toMatchObject({ kind: 'ready', info: { tty: node } });
  });

  it('is told beforehand that a USB reset needs rights', () => {
    const node = system.node('bus/usb/001/004');
    const ask = () =>
      evaluate(
        `import { canReset } from './src/usb/reset.ts';`,
        `canReset({ id: '1-1', vendorId: '0baf', productId: '0303' }, options.roots)`,
      );
    chmodSync(node, isRoot ? 0o664 : 0o444);
    expect(ask()).toEqual({ ok: false, reason: 'denied', detail: `no right to write to ${node}` });
    chmodSync(node, 0o666);
    expect(ask()).toEqual({ ok: true });
  });
});

describe('rights in words', () => {
  const tty = { path: '/dev/ttyACM0', access: 'denied', group: 'dialout', needsNewLogin: true } as const;

  it('one who is in the group, but logged in before, has to log in again', () => {
    expect(judgeTty(tty, []).remedy).toBe('you are in group dialout already: log in again');
  });

  it('rights come before holders', () => {
    expect(judgeTty(tty, [{ pid: 7, command: 'pppd', waiting: false }]).state).toBe('denied');
  });

  it('holders are told by command and pid; those who wait do not count', () => {
    const open = { ...tty, access: 'ok' } as const;
    const waiting = { pid: 8, command: 'mgetty', waiting: true };
    expect(judgeTty(open, [waiting]).state).toBe('ready');
    expect(judgeTty(open, [{ pid: 7, command: 'pppd', waiting: false }, waiting])).toEqual({
      state: 'busy',
      reason: 'in use by pppd (pid 7)',
      remedy: 'sudo kill 7',
    });
  });

  it('one of our own is asked, not killed', () => {
    const open = { ...tty, access: 'ok' } as const;
    const watch = { pid: 7, command: 'modemctl', waiting: false };
    expect(judgeTty(open, [watch]).remedy).toMatch(/^modemctl health -d \/dev\/ttyACM0 /);
    expect(judgeTty(open, [watch, { ...watch, pid: 8, command: 'pppd' }]).remedy).toBe('sudo kill 7 8');
  });
});
