/** How much of what was written to a tty the modem has not taken. */
import { runBounded } from '../core/bounded-child.ts';
import type { Clock } from '../core/clock.ts';
import { loadLibc } from '../native/libc.ts';

/** asm-generic/ioctls.h; also of a wedged modem it returns at once, being only the kernel's own count. */
const TIOCOUTQ = 0x5411;
const PERL_LIMIT_MS = 2000;
const PERL = `open(T,"+<&=3")||exit(1);$n=pack("i",0);ioctl(T,${TIOCOUTQ},$n)||exit(1);print unpack("i",$n)`;

/** In bytes, as the driver counts them (cdc_acm in whole buffers). Null: nobody can tell. A PTY takes all at once: 0. */
export async function unsentBytes(fd: number, clock: Clock): Promise<number | null> {
  const libc = await loadLibc();
  if (libc) {
    const count = Buffer.alloc(4);
    return libc.ioctl(fd, TIOCOUTQ, count).errno === null ? count.readInt32LE() : null;
  }
  const told = await runBounded('perl', ['-e', PERL], { deadlineMs: PERL_LIMIT_MS, clock, fd });
  return told.kind === 'exit' && told.code === 0 ? Number(told.stdout) : null;
}
