/** Reading a configuration file: bounded, never waiting, and with an eye on who else may write it. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { shellWord } from '../core/shell-word.ts';

/** Why what a file says is not run as root. */
export interface Distrust {
  /** In words: `others may write to it`. */
  readonly why: string;
  /** A command that puts it right. */
  readonly remedy: string;
}

export type ConfigFile =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Null: nobody may change it but root and us. */
      readonly distrust: Distrust | null;
    }
  | { readonly kind: 'absent' }
  /** In words: `it is a folder`; and where, if it is a place in it (else 0). */
  | {
      readonly kind: 'unreadable';
      readonly why: string;
      readonly hint?: string;
      readonly line: number;
      readonly column: number;
    };

/** A phone book of five thousand numbers; whatever it holds, it is read within a second or so. */
const MAX_BYTES = 256 * 1024;

export function readConfigFile(path: string): ConfigFile {
  let fd: number;
  try {
    // A FIFO must not keep us waiting for its writer.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return unopened(path, error as NodeJS.ErrnoException);
  }
  try {
    const stat = fstatSync(fd);
    if (stat.isDirectory()) return unreadable('it is a folder');
    if (!stat.isFile()) return unreadable('it is no ordinary file');
    const bytes = readAll(fd);
    if (bytes.length > MAX_BYTES) return unreadable(`it is larger than ${MAX_BYTES / 1024} KiB`);
    return decoded(bytes, distrustOf(path, stat));
  } catch (error) {
    return unreadable((error as Error).message);
  } finally {
    closeSync(fd);
  }
}

function unopened(path: string, { code, message }: NodeJS.ErrnoException): ConfigFile {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
  // What may not even be seen is another's: HOME outlives a change of user.
  if (code === 'EACCES' && !isSeen(path)) return { kind: 'absent' };
  if (code === 'ELOOP') return unreadable('its links lead nowhere');
  if (code !== 'EACCES') return unreadable(message);
  const word = shellWord(path);
  const hint = `To let those read it who may use modems: sudo chgrp dialout ${word} && sudo chmod g+r ${word}`;
  return { kind: 'unreadable', why: 'you have no right to read it', hint, line: 0, column: 0 };
}

function isSeen(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

function unreadable(why: string, before?: string): ConfigFile {
  if (before === undefined) return { kind: 'unreadable', why, line: 0, column: 0 };
  const lines = before.split('\n');
  return { kind: 'unreadable', why, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function readAll(fd: number): Buffer {
  const parts: Buffer[] = [];
  for (let total = 0; total <= MAX_BYTES; ) {
    const part = Buffer.alloc(64 * 1024);
    const count = readSync(fd, part);
    if (count === 0) break;
    parts.push(part.subarray(0, count));
    total += count;
  }
  return Buffer.concat(parts);
}

function decoded(bytes: Buffer, distrust: Distrust | null): ConfigFile {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), distrust };
  } catch {
    const [before = ''] = bytes.toString('utf8').split('\ufffd', 1);
    return unreadable('this is no UTF-8', before);
  }
}

/** Who may change the file, or put another in its place. */
function distrustOf(path: string, stat: Stats): Distrust | null {
  const ours = [0, process.geteuid?.() ?? 0];
  const judge = (what: string, at: string, { uid, mode }: Stats, isSticky = false): Distrust | null => {
    const word = shellWord(at);
    if (!ours.includes(uid)) return { why: `${what} belongs to user ${uid}`, remedy: `sudo chown root ${word}` };
    const isOpen = (mode & 0o022) !== 0 && !isSticky;
    return isOpen ? { why: `others may write to ${what}`, remedy: `sudo chmod go-w ${word}` } : null;
  };
  const place = dirname(path);
  const folder = statSync(place);
  // In a folder like /tmp nobody replaces what is another's.
  return judge('it', path, stat) ?? judge('its folder', place, folder, (folder.mode & 0o1000) !== 0);
}
