/** Whose a tty is. login gives it to the user who logged in, and nobody takes it back: the group dialout would have lost its modem. */
import { chmodSync, chownSync, statSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';

const LOOK_MS = 1000;

export class TtyOwner {
  readonly #tty: string;
  readonly #clock: Clock;
  readonly #before: ReturnType<typeof statusOf>;
  #user: number | null = null;
  #cancel = () => {};

  /** Remembers whose it is now, and looks now and then who has it. */
  constructor(tty: string, clock: Clock) {
    this.#tty = tty;
    this.#clock = clock;
    this.#before = statusOf(tty);
    this.#look();
  }

  /** The user id of who logged in; null: nobody yet. */
  get user(): number | null {
    return this.#user;
  }

  /** The end of it: the tty belongs to whom it did. */
  restore(): void {
    this.#cancel();
    const now = this.#observe();
    if (!this.#before || !now || now.device !== this.#before.device) return;
    try {
      chownSync(this.#tty, this.#before.uid, this.#before.gid);
      chmodSync(this.#tty, this.#before.mode);
    } catch {
      // It went away just now; udev sees to the next one.
    }
  }

  #look(): void {
    this.#observe();
    this.#cancel = this.#clock.after(LOOK_MS, () => this.#look());
  }

  #observe(): ReturnType<typeof statusOf> {
    const now = statusOf(this.#tty);
    // For root's own login it is the group that changes.
    const isOther = now && this.#before && (now.uid !== this.#before.uid || now.gid !== this.#before.gid);
    if (isOther) this.#user = now.uid;
    return now;
  }
}

function statusOf(path: string): { device: number; uid: number; gid: number; mode: number } | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? { device: stat.rdev, uid: stat.uid, gid: stat.gid, mode: stat.mode & 0o7777 } : null;
}
