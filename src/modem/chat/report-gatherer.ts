/** REPORT: from the first time that a string comes, it and what follows up to the next control character is told. */
import type { WatchedInput } from './watched-input.ts';

/** chat's own bound. */
const MAX_REPORT = 255;

export class ReportGatherer {
  /** Null: told already. */
  #strings: (string | null)[] = [];
  #gathered: string | null = null;

  get isGathering(): boolean {
    return this.#gathered !== null;
  }

  add(text: string): void {
    this.#strings.push(text);
  }

  remove(text: string): void {
    this.#strings = withoutString(this.#strings, text);
  }

  /**
   * After each byte that came in.
   * @returns a report that is complete with it
   */
  look(input: WatchedInput, byte: number): string | null {
    if (this.#gathered === null) {
      const index = this.#strings.findIndex((text) => text !== null && input.endsWith(text));
      if (index < 0) return null;
      this.#gathered = this.#strings[index] ?? null;
      this.#strings[index] = null;
      return null;
    }
    const character = byte & 0x7f;
    if (character < 0x20 || character === 0x7f) return this.finish();
    if (this.#gathered.length < MAX_REPORT) this.#gathered += String.fromCharCode(character);
    return null;
  }

  /** What was gathered so far. */
  finish(): string | null {
    const report = this.#gathered;
    this.#gathered = null;
    return report;
  }
}

/** CLR_ABORT and CLR_REPORT take strings away and close the gaps. Of several that are the same chat leaves one, and so do we: exit codes count them. */
export function withoutString<T extends string | null>(strings: readonly T[], text: string): T[] {
  let left = strings.length;
  const kept: T[] = [];
  for (const [index, string] of strings.entries()) {
    if (string === text && index < left) left--;
    else kept.push(string);
  }
  return kept;
}
