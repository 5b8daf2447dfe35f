/** What a virtual modem is plugged into, as its control socket sees it: a PTY, or a USB port. */
export interface ModemFace {
  /** What a program opens now; null on USB, where the kernel names the tty, and while it is unplugged. */
  readonly tty: string | null;
  /** The USB port path (`1-1`) on this machine; null on a PTY, and while the kernel has none for it. */
  readonly portPath: string | null;
  readonly plugged: boolean;
  /** Pulls it out: it loses its power. */
  unplug(): void | Promise<void>;
  /** Puts it in: power returns. Of a modem that is in: out and in again. */
  plug(): void | Promise<void>;
  /** Out and in again; on a PTY without loss of power, since that is all it has of a USB reset. */
  replug(): void | Promise<void>;
  close(): void | Promise<void>;
}
