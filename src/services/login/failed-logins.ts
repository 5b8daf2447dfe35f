/** Failed logins on one line, as login(1) of shadow and of util-linux notes them: a record of utmp(5) for each, in /var/log/btmp, if it is there. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

export const BTMP = '/var/log/btmp';

/** sizeof(struct utmp) of glibc: on arm64 its times are 64 bits wide, elsewhere they are as they were with 32 bits. */
const RECORD_BYTES = process.arch === 'arm64' ? 400 : 384;
/** ut_line: after ut_type and ut_pid. */
const LINE = { at: 8, bytes: 32 };
/** Much else may fail to log in meanwhile (ssh); more than this is not looked through. */
const MAX_RECORDS = 4096;

export class FailedLogins {
  readonly #line: string;
  readonly #path: string;
  readonly #before: number;

  /** Counts from now on. @param tty `/dev/ttyACM0` */
  constructor(tty: string, path: string = BTMP) {
    this.#line = tty.replace(/^\/dev\//, '');
    this.#path = path;
    this.#before = sizeOf(path);
  }

  get count(): number {
    const bytes = Math.min(sizeOf(this.#path) - this.#before, MAX_RECORDS * RECORD_BYTES);
    if (bytes < RECORD_BYTES) return 0;
    const records = Buffer.alloc(bytes - (bytes % RECORD_BYTES));
    const read = readAt(this.#path, records, this.#before);
    let count = 0;
    for (let at = 0; at + RECORD_BYTES <= read; at += RECORD_BYTES) {
      const line = records.toString('latin1', at + LINE.at, at + LINE.at + LINE.bytes);
      if (line.split('\0')[0] === this.#line) count++;
    }
    return count;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function readAt(path: string, into: Buffer, position: number): number {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    return readSync(fd, into, 0, into.length, position);
  } catch {
    return 0;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
