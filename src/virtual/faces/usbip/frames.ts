/** Cuts a byte stream into pieces of known length, whatever way it arrived. */
export class ByteQueue {
  #chunks: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The first `count` bytes without taking them; null if there are not as many. */
  peek(count: number): Buffer | null {
    if (this.#length < count) return null;
    if (this.#chunks.length > 1 && this.#chunks[0]!.length < count) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]?.subarray(0, count) ?? Buffer.alloc(0);
  }

  /** Takes the first `count` bytes; null if there are not as many. */
  take(count: number): Buffer | null {
    const bytes = this.peek(count);
    if (!bytes || count === 0) return bytes;
    const rest = this.#chunks[0]!.subarray(count);
    if (rest.length > 0) this.#chunks[0] = rest;
    else this.#chunks.shift();
    this.#length -= count;
    return bytes;
  }
}
