/** What a terminal talks to: a call, or the modem itself. */

export interface TerminalLink {
  /**
   * What came. Aborted, it has taken nothing that it does not return.
   * @returns null when the link is over, or when aborted
   */
  read(signal: AbortSignal): Promise<Uint8Array | null>;

  /** Resolves when the bytes were taken; false: they were not, there is nobody to take them. */
  write(bytes: Uint8Array): Promise<boolean>;
}
