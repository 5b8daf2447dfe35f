// The kernel's log from a moment on.
import { execFileSync } from 'node:child_process';

/** What vhci_hcd says of every transfer that is taken back. */
const NOISE = /vhci_hcd: (unlink->seqnum|urb->status)/;

/** Remembers where the log is now; `lines()` gives what came since. */
export class KernelLog {
  #seen = read().length;

  mark(): void {
    this.#seen = read().length;
  }

  lines(): string[] {
    return read().slice(this.#seen);
  }

  /** USB resets since the mark, of all devices or of the one at a port ("usb 1-1: reset high-speed USB device number 2 using vhci_hcd"). */
  resets(port?: string): string[] {
    return this.lines().filter((line) => {
      const found = /usb (\S+): reset \S+ USB device/.exec(line);
      return found !== null && (port === undefined || found[1] === port);
    });
  }
}

function read(): string[] {
  return execFileSync('dmesg', ['--nopager'], { encoding: 'utf8', maxBuffer: 64 << 20 })
    .split('\n')
    .filter((line) => line !== '' && !NOISE.test(line));
}
