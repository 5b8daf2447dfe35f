/**
 * What is done to a tty's circuits by a child process that inherits the descriptor and has a deadline: on a USB modem DTR is a control transfer, which a wedged modem can leave unanswered for ever.
 */
import { join } from 'node:path';
import { runBounded } from '../core/bounded-child.ts';
import type { Clock } from '../core/clock.ts';
import { packageRoot } from '../core/package-root.ts';

/** asm-generic/ioctls.h: set and clear modem circuits, send a break; asm-generic/termios.h: DTR's bit. */
const TIOCMBIS = 0x5416;
const TIOCMBIC = 0x5417;
const TIOCM_DTR = 2;
const TCSBRKP = 0x5425;

/** Perl's name T for descriptor 3. */
const OPEN_TTY = 'open(T,"+<&=3")||exit(1);';

/** The kernel itself gives up on such a transfer after 5 s (USB_CTRL_SET_TIMEOUT, include/linux/usb.h). */
const DEADLINE_MS = 5500;

/**
 * Sets DTR on an open tty. Perl does it in 2 ms where there is one (it is essential on Debian); else Node with koffi.
 * @returns false if it could not be set, or not in time
 */
export async function setDtrInChild(clock: Clock, fd: number, up: boolean): Promise<boolean> {
  const request = up ? TIOCMBIS : TIOCMBIC;
  const options = { deadlineMs: DEADLINE_MS, clock, fd };
  const script = `${OPEN_TTY}exit(ioctl(T,${request},pack("i",${TIOCM_DTR}))?0:1)`;
  const byPerl = await runBounded('perl', ['-e', script], options);
  if (byPerl.kind !== 'unstartable') return byPerl.kind === 'exit' && byPerl.code === 0;
  const entry = join(packageRoot(), 'dist', 'native', 'ioctl-child.js');
  const byNode = await runBounded(process.execPath, [entry, String(request), String(TIOCM_DTR)], options);
  return byNode.kind === 'exit' && byNode.code === 0;
}

/** Sends a break on an open tty (0.25 s, the kernel's choice), when what was written before has gone out. By perl only. */
export async function sendBreakInChild(clock: Clock, fd: number): Promise<boolean> {
  const options = { deadlineMs: DEADLINE_MS, clock, fd };
  const outcome = await runBounded('perl', ['-e', `${OPEN_TTY}exit(ioctl(T,${TCSBRKP},0)?0:1)`], options);
  return outcome.kind === 'exit' && outcome.code === 0;
}

/** Gives up the flock(2) on an open tty: the lock is the open file's, which the child shares. */
export async function unlockInChild(clock: Clock, fd: number): Promise<void> {
  await runBounded('flock', ['--unlock', '3'], { deadlineMs: DEADLINE_MS, clock, fd });
}

/** Sets HUPCL on an open tty, or takes it off, so that closing it leaves DTR up. So it stays until the modem is plugged in anew, or somebody changes it. */
export async function setHangUpOnClose(clock: Clock, fd: number, on: boolean): Promise<boolean> {
  const outcome = await runBounded('/bin/sh', ['-c', `exec stty ${on ? 'hupcl' : '-hupcl'} <&3`], {
    deadlineMs: DEADLINE_MS,
    clock,
    fd,
  });
  return outcome.kind === 'exit' && outcome.code === 0;
}
