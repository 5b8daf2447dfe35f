/**
 * The Port: bytes to and from one modem, and its circuits. Nothing here knows AT.
 *
 * A port is single use: it dies with every unplug, reset and replug, and is never opened again (a new one is). Reading is by demand, so that a caller who wants exactly one byte takes exactly one
 * and leaves the rest to whoever gets the call next.
 */

/** The circuits of a modem (V.24 names in words). Null: this port cannot tell. */
export interface Circuits {
  /** Data set ready: the modem is switched on. */
  readonly dsr: boolean | null;
  /** Data carrier detect: a call is up (unless the modem has &C0). */
  readonly dcd: boolean | null;
  /** Ring indicator. */
  readonly ri: boolean | null;
}

export interface Port {
  /** What was opened, for messages: a tty's path, or a name in angle brackets. */
  readonly path: string;

  /** The descriptor, for handing it to a child; null where there is none. */
  readonly fd: number | null;

  /**
   * Waits for bytes and returns at least one and at most `max` of them. One read at a time; nothing is taken from the device while no read is outstanding.
   * @param signal ends the wait: what is there by then is returned, which may be nothing. Aborted from the start, it asks what is there now.
   * @throws ModemctlError GONE when the device went away or the port was closed
   */
  read(max: number, signal?: AbortSignal): Promise<Uint8Array>;

  /**
   * Resolves when the operating system took the bytes, which a stalled modem can put off for ever: callers give it a limit.
   * @param options `secret`: not for the eyes of whoever reads a trace
   * @throws ModemctlError GONE
   */
  write(data: Uint8Array, options?: { readonly secret?: boolean }): Promise<void>;

  /** The circuits now, or null where the port has none (a PTY). */
  circuits(): Promise<Circuits | null>;

  /**
   * Raises or drops DTR. False where the port cannot.
   */
  setDtr(up: boolean): Promise<boolean>;

  /**
   * Whether closing leaves DTR and the call as they are (HUPCL off), also if others close it after us, or are killed. False where the port cannot.
   */
  keepLine(keeps: boolean): Promise<boolean>;

  /**
   * Sends a break of a quarter of a second, after what was written before. False where the port cannot, or the modem takes nothing.
   */
  sendBreak(): Promise<boolean>;

  /**
   * Lets other programs open the device while we still have it: TIOCEXCL and flock are given up. For handing over; nothing is to be read or written here afterwards.
   */
  share(): Promise<void>;

  /**
   * Lets go of the device, whatever state it is in, within a second. Bytes not yet sent are dropped. Drops DTR (HUPCL), so a call ends. Never throws; safe to call twice.
   */
  close(): Promise<void>;
}
