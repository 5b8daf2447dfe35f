/** Whether somebody still reads our stdout. A write to a closed pipe would tell, but who waits for events may have nothing to write for days, and the shell waits for us: `detect --watch | grep -m1 plugged`. */
import { fstatSync } from 'node:fs';
import { loadLibc } from '../native/libc.ts';

const STDOUT = 1;
/** <asm-generic/ioctls.h>: children do not get the descriptor. */
const FIOCLEX = 0x5451;

/**
 * Calls `gone` when the reader of stdout has closed it, if that can be known: stdout is a pipe or a socket, and koffi is there. Without, the next write tells.
 */
export async function watchReader(gone: () => void): Promise<void> {
  const status = fstatSync(STDOUT);
  if (!status.isFIFO() && !status.isSocket()) return;
  const libc = await loadLibc();
  // A descriptor of its own: the event loop knows each only once, and knows stdout.
  const fd = libc?.dup(STDOUT).value ?? -1;
  if (!libc || fd < 0) return;
  libc.ioctl(fd, FIOCLEX, 0);
  const watch = libc.watchReadable(fd, () => {
    watch.pause();
    // Not so if the other end of a socket has sent us something.
    if (libc.poll(fd).hungUp) gone();
  });
  watch.resume();
}
