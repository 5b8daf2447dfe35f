/** The real chat(8) on a PTY, for comparison. */
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Libc, loadLibc } from '../../../src/native/libc.ts';
import type { Outcome } from './driver.ts';

export const CHAT = '/usr/sbin/chat';

/** Why there is nothing to compare with, or null. */
export async function whyNotComparable(): Promise<string | null> {
  if (!existsSync(CHAT)) return `${CHAT} is not installed (package ppp)`;
  return (await loadLibc()) ? null : 'koffi is not installed, which opens the PTY';
}

/** Runs a script to which the far end says all it has to say before the start. */
export async function runRealChat(script: string, said: string, args: readonly string[] = []): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'modemctl-chat-'));
  const libc = (await loadLibc()) as Libc;
  const { master, slave } = openPty(libc);
  try {
    writeFileSync(join(folder, 'script'), Buffer.from(script, 'latin1'));
    writeSync(master, Buffer.from(said, 'latin1'));
    const child = spawn(CHAT, ['-S', ...args, '-f', join(folder, 'script')], {
      cwd: folder,
      stdio: [slave, slave, 'pipe'],
    });
    let shown = '';
    child.stderr?.setEncoding('latin1').on('data', (text: string) => {
      shown += text;
    });
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve(status ?? -1));
    });
    return { sent: readAll(libc, master), shown: withoutTime(shown), code, rest: readAll(libc, slave) };
  } finally {
    closeSync(master);
    closeSync(slave);
    rmSync(folder, { recursive: true });
  }
}

function openPty(libc: Libc): { master: number; slave: number } {
  const flags = constants.O_RDWR | constants.O_NOCTTY;
  const master = libc.posixOpenpt(flags).value;
  libc.grantpt(master);
  libc.unlockpt(master);
  const path = libc.ptsname(master) ?? '';
  const slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  execFileSync('stty', ['-F', path, 'raw', '-echo']);
  return { master, slave };
}

function readAll(libc: Libc, fd: number): string {
  const buffer = Buffer.alloc(65_536);
  let text = '';
  while (libc.poll(fd).readable) text += buffer.toString('latin1', 0, readSync(fd, buffer));
  return text;
}

/** Reports bear the time, and SAY of some versions ends in a carriage return. */
function withoutTime(shown: string): string {
  return shown.replace(/^chat: {2}[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d /gm, 'chat:  ').replaceAll('\r', '');
}
