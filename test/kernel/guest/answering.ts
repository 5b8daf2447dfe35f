// What the cases of `answer` share: the program beside the case, somebody who calls it with no program of ours, and a user to log in as.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { Keyboard } from '../../support/keyboard.ts';
import { type Guest, pause } from './guest.ts';
import { plugIn, type Unit } from './lab.ts';

/** A call comes up within two rings, a second's training, and what the emulation takes. */
export const CALL_LIMIT_MS = 60_000;
/** A USB reset after all gentler steps; a replug. */
export const RECOVERY_LIMIT_MS = 90_000;

/** `answer` that goes on beside the case. */
export class Answering {
  readonly child: ChildProcess;
  readonly #guest: Guest;
  said = '';

  constructor(guest: Guest, args: readonly string[]) {
    this.#guest = guest;
    this.child = guest.startCli(['-d', '1-1', 'answer', '--json', ...args]);
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on('data', (data: Buffer) => {
        this.said += data.toString();
        guest.note(data.toString().trimEnd());
      });
    }
  }

  get waits(): number {
    return this.said.split('"event":"waiting"').length - 1;
  }

  async waiting(times: number): Promise<void> {
    await this.says(`it waits for call ${times}`, () => this.waits >= times, RECOVERY_LIMIT_MS);
  }

  async says(what: string, holds: () => boolean, limitMs = CALL_LIMIT_MS): Promise<void> {
    await this.#guest.until(what, holds, limitMs).catch((error) => {
      throw new Error(`${error.message}. It said:\n${this.said}`);
    });
  }

  /** Ends it as a service is ended. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(signal ?? code)));
    this.child.kill('SIGTERM');
    assert.equal(await ended, 'SIGTERM', this.said);
  }

  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** Our modem at 1-1, another's at 1-2, and a telephone network between them. */
export async function pairToAnswer(guest: Guest) {
  const { units, exchange } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
  const [ours, theirs] = units as [Unit, Unit];
  return { ours, theirs, exchange };
}

/** Somebody with a modem and no program of ours calls; returns once there is a connection. */
export async function call(from: Unit, number: string): Promise<Keyboard> {
  const keyboard = await Keyboard.open(from.tty);
  await keyboard.type('AT&F\r');
  await keyboard.expect('OK');
  await keyboard.type(`ATD${number}\r`);
  await keyboard.expect(/CONNECT[^\r]*\r\n/, CALL_LIMIT_MS);
  return keyboard;
}

export async function toCommandState(keyboard: Keyboard): Promise<void> {
  await pause(1500);
  await keyboard.type('+++');
  await pause(1500);
}

/** A user called tester, whose password is secret, and a journal in /run/journal. */
export async function prepareLogin(guest: Guest): Promise<void> {
  await addTester(guest);
  guest.start(['socat', '-u', 'UNIX-RECV:/dev/log,unlink-early', 'CREATE:/run/journal']);
}

/** A user called tester, whose password is secret, and what a login writes down. */
export async function addTester(guest: Guest): Promise<void> {
  await guest.run([
    'sh',
    '-c',
    'touch /run/utmp /var/log/btmp; id tester 2>/dev/null || useradd -m -s /bin/bash tester',
  ]);
  const { code } = await guest.run(['sh', '-c', 'echo tester:secret | chpasswd']);
  assert.equal(code, 0, 'chpasswd');
}

/** At the prompt for the name. */
export async function logIn(keyboard: Keyboard): Promise<void> {
  await keyboard.expect('ogin: ', CALL_LIMIT_MS);
  await keyboard.type('tester\r');
  await keyboard.expect('assword: ', CALL_LIMIT_MS);
  await keyboard.type('secret\r');
  await keyboard.expect('$ ', CALL_LIMIT_MS);
}

/** Our modem is on-hook, and hears commands. */
export function assertOnHook({ dce }: Unit): void {
  assert.deepEqual([dce.state.offHook, dce.state.mode], [false, 'command']);
}
