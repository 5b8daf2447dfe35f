/** A tty's settings and circuits by its descriptor, in the kernel's own layout. */
import type { Libc } from '../native/libc.ts';
import type { Circuits } from './port.ts';

/** asm-generic/ioctls.h and asm-generic/termios.h. */
const TIOCMGET = 0x5415;
const TIOCM = { dcd: 0x40, ri: 0x80, dsr: 0x100 };

/** asm-generic/termbits.h and asm-generic/termbits-common.h. */
const IGNPAR = 0x4;
const CFLAGS = { size: 0x30, cs8: 0x30, read: 0x80, parity: 0x100, local: 0x800 };
/** c_cc begins after four words of flags and c_line. */
const CC = 17;
const [VTIME, VMIN] = [5, 6];

/** The circuits of a tty; null for one that has none (a PTY), and for what is no tty. */
export function circuitsOf(libc: Libc, fd: number): Circuits | null {
  const bits = Buffer.alloc(4);
  if (libc.ioctl(fd, TIOCMGET, bits).errno !== null) return null;
  const set = bits.readInt32LE();
  return { dsr: (set & TIOCM.dsr) !== 0, dcd: (set & TIOCM.dcd) !== 0, ri: (set & TIOCM.ri) !== 0 };
}

/**
 * The settings of a raw line, 8 bits, without regard to carrier; speed, flow control and HUPCL stay.
 * @param settings struct termios as TCGETS gives it; left as it is
 */
export function makeRaw(settings: Buffer): Buffer {
  const raw = Buffer.alloc(settings.length);
  settings.copy(raw);
  const words = new Uint32Array(raw.buffer, raw.byteOffset, 4);
  const control = words[2] ?? 0;
  words.set([IGNPAR, 0, (control & ~(CFLAGS.size | CFLAGS.parity)) | CFLAGS.cs8 | CFLAGS.read | CFLAGS.local, 0]);
  raw[CC + VMIN] = 1;
  raw[CC + VTIME] = 0;
  return raw;
}
