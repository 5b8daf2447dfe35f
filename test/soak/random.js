/** Choices that a seed decides. Every actor has a stream of its own, so that what one chooses does not depend on how fast the others are. */

export class Random {
  #state;

  /** @param seed any text */
  constructor(seed) {
    this.#state = hash(seed);
  }

  /** At least 0, below 1 (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability) {
    return this.next() < probability;
  }

  /** A whole number from `least` to `most`. */
  whole(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick(list) {
    return list[this.whole(0, list.length - 1)];
  }
}

/** FNV-1a, 32 bits. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(String(text))) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}
