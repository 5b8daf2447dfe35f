/** What was typed or pasted and has not been sent yet. It takes a whole paste, so that the keys after it are still looked at while a slow line, or a modem that takes nothing, holds it up. */

/** A bigger paste waits in the user's terminal. */
const ROOM_BYTES = 1_048_576;
/** Sent at a time, so that little is under way when the user hangs up. */
const PIECE_BYTES = 1024;

export class Outbox {
  readonly #send: (bytes: Uint8Array) => Promise<unknown>;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #sending: Promise<void> | null = null;
  #roomMade: (() => void)[] = [];

  constructor(send: (bytes: Uint8Array) => Promise<unknown>) {
    this.#send = send;
  }

  /** Resolves when there is room for more. */
  async add(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    this.#sending ??= this.#sendAll();
    if (this.#bytes >= ROOM_BYTES) await new Promise<void>((resolve) => this.#roomMade.push(resolve));
  }

  /** Drops what has not been sent. */
  clear(): void {
    this.#waiting = [];
    this.#bytes = 0;
    this.#tellRoom();
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      const [first] = this.#waiting;
      if (!first) break;
      const piece = first.subarray(0, PIECE_BYTES);
      if (piece.length < first.length) this.#waiting[0] = first.subarray(PIECE_BYTES);
      else this.#waiting.shift();
      this.#bytes -= piece.length;
      await this.#send(piece);
      if (this.#bytes < ROOM_BYTES) this.#tellRoom();
    }
    this.#sending = null;
  }

  #tellRoom(): void {
    for (const tell of this.#roomMade.splice(0)) tell();
  }
}
