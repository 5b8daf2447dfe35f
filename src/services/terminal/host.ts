/** What a terminal's commands do beyond the terminal itself: with a modem of the user's own, or with a call that is all there is. */

export interface TerminalHost {
  /** The user's word for where he is, in front of the details. */
  details(): Promise<readonly string[]>;

  /** A break on the telephone line, or null where there is no way to send one. */
  sendBreak(): Promise<boolean>;

  /**
   * Ends the call.
   * @returns whether there is something to talk to afterwards
   * @throws ModemctlError
   */
  hangUp(signal: AbortSignal): Promise<boolean>;

  /** Calls a number; what the far end has sent by then is returned. Null: there is a call already, and nothing else. */
  readonly dial: ((number: string, signal: AbortSignal) => Promise<Uint8Array>) | null;

  /** Brings a hung modem back. Null: ending the call does. */
  readonly reset: ((signal: AbortSignal) => Promise<void>) | null;
}
