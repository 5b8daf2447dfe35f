// What the PPP cases share: a far end in a network namespace of its own, so that packets do take the telephone line, and what is sent over it.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Guest } from './guest.ts';
import { plugIn, type Unit } from './lab.ts';

const FAR = 'far';
export const IN_FAR = ['ip', 'netns', 'exec', FAR];

/** A carrier, LCP, authentication and IPCP, where everything takes ten times its time. */
export const LINK_LIMIT_MS = 120_000;

/** A program that runs beside a case, and what it said. */
export class Beside {
  readonly child: ChildProcess;
  said = '';
  ended: number | NodeJS.Signals | null = null;

  constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => {
        this.said += data.toString('latin1');
      });
    child.on('exit', (code, signal) => {
      this.ended = code ?? signal;
    });
  }
}

/** Two modems, and everything that a link between them needs. */
export async function pair(guest: Guest): Promise<[caller: Unit, called: Unit]> {
  await preparePpp(guest);
  return (await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' })).units as [Unit, Unit];
}

/** Waits until it has said something so many times. */
export const untilSaid = async (guest: Guest, beside: Beside, text: string, times = 1) => {
  const isSaid = () => beside.said.split(text).length > times;
  try {
    await guest.until(`it says ${text}, ${times} times`, () => isSaid() || beside.ended !== null, LINK_LIMIT_MS);
    assert.ok(isSaid(), `it ended with ${beside.ended} before it said ${text}`);
  } catch (error) {
    guest.note(`it said: ${beside.said}`);
    throw error;
  }
};

/** Waits for its end: exit code or signal. */
export const untilEnded = async (guest: Guest, beside: Beside, limitMs = 60_000) => {
  await guest.until('it has ended', () => beside.ended !== null, limitMs);
  guest.note(beside.said);
  return beside.ended;
};

/** `modemctl` as people type it. */
export function putOnPath(): void {
  writeFileSync('/usr/local/bin/modemctl', '#!/bin/sh\nexec /opt/node/bin/node /opt/modemctl/bin/modemctl.js "$@"\n');
  chmodSync('/usr/local/bin/modemctl', 0o755);
}

/** The namespace of the far end, `modemctl` on the PATH, no secrets in pppd's files. Everything is taken back at the end of the case. */
export async function preparePpp(guest: Guest): Promise<void> {
  putOnPath();
  await guest.run(['ip', 'netns', 'add', FAR]);
  await guest.run([...IN_FAR, 'ip', 'link', 'set', 'lo', 'up']);
  mkdirSync('/run/ppp', { recursive: true });
  const secrets = ['pap', 'chap'].map((kind) => `/etc/ppp/${kind}-secrets`);
  const before = secrets.map((path) => readFileSync(path));
  // What somebody has in them on the machine that the test runs on is the test's business neither.
  for (const path of secrets) writeFileSync(path, '');
  guest.onEnd(async () => {
    for (const [index, path] of secrets.entries()) writeFileSync(path, before[index]!);
    await guest.run(['ip', 'netns', 'delete', FAR]);
  });
}

export function startInFar(guest: Guest, argv: readonly string[]): Beside {
  return new Beside(guest.start([...IN_FAR, ...argv]));
}

const CLI = ['/opt/node/bin/node', '/opt/modemctl/bin/modemctl.js'];

/** `modemctl ARGS` at the far end. */
export function cliInFar(guest: Guest, args: readonly string[]): Beside {
  return startInFar(guest, [...CLI, ...args]);
}

/** `modemctl ARGS` here. */
export function besideCli(guest: Guest, args: readonly string[]): Beside {
  return new Beside(guest.startCli(args));
}

/** Debian's own pppd and chat at the far end: they answer one call, and give us 10.64.0.2. */
export async function answerWithPppd(guest: Guest, unit: Unit, ...options: string[]): Promise<Beside> {
  const chat = `chat -t 90 '' ATE1V1Q0 OK ATS0=1 OK '\\c' CONNECT '\\c'`;
  const fixed = ['115200', 'nodetach', 'noauth', 'lock', 'modem', 'logfd', '1', '10.64.0.1:10.64.0.2'];
  const far = startInFar(guest, ['pppd', unit.tty, ...fixed, 'connect', chat, ...options]);
  await guest.until('the far end waits for a call', () => unit.dce.state.registers.S0 === 1);
  return far;
}

/** Debian's own pppd and chat at the far end: they call, and take the address they are given. */
export function callWithPppd(guest: Guest, unit: Unit, number: string): Beside {
  const chat = `chat -t 90 '' ATZ OK ATD${number} CONNECT '\\c'`;
  const fixed = ['115200', 'nodetach', 'noauth', 'lock', 'modem', 'logfd', '1', 'noipdefault'];
  return startInFar(guest, ['pppd', unit.tty, ...fixed, 'connect', chat]);
}

/** Pings an address from here. */
export async function ping(guest: Guest, address: string): Promise<void> {
  const { code } = await guest.run(['busybox', 'ping', '-c', '2', '-W', '15', address]);
  assert.equal(code, 0, `${address} answers a ping`);
}

/** Sends a megabyte over the link both ways at once; what arrives is what was sent. */
export async function useLink(guest: Guest, address = '10.64.0.1'): Promise<void> {
  await ping(guest, address);
  const bytes = randomBytes(1_000_000);
  writeFileSync('/run/sent', bytes);
  const listeners = [
    startInFar(guest, ['socat', '-u', 'TCP-LISTEN:5001,reuseaddr', 'OPEN:/run/there,creat,trunc']),
    startInFar(guest, ['socat', '-u', 'OPEN:/run/sent', 'TCP-LISTEN:5002,reuseaddr']),
  ];
  await guest.until('the far end listens', async () => {
    const { stdout } = await guest.run([...IN_FAR, 'cat', '/proc/net/tcp']);
    return ['1389', '138A'].every((port) => stdout.includes(`:${port} `));
  });
  const limit = { limitMs: 240_000 };
  const [there, back] = await Promise.all([
    guest.run(['socat', '-u', 'OPEN:/run/sent', `TCP:${address}:5001`], limit),
    guest.run(['socat', '-u', `TCP:${address}:5002`, 'OPEN:/run/back,creat,trunc'], limit),
  ]);
  assert.deepEqual([there.code, back.code], [0, 0], 'socat');
  await guest.until('the listeners have ended', () => listeners.every(({ ended }) => ended !== null));
  for (const file of ['/run/there', '/run/back'])
    assert.ok(readFileSync(file).equals(bytes), `${file} is what was sent`);
}

/** The line is free and the modem answers. */
export async function assertReady(guest: Guest, unit: Unit): Promise<void> {
  assert.deepEqual([unit.dce.state.offHook, unit.dce.state.circuits.dcd], [false, false], 'on-hook');
  assert.equal((await guest.cli(['at', '-d', unit.port, 'AT'])).code, 0, 'it answers AT');
}
