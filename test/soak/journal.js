/** What happened, and what must not have: the last events for whoever reads of a failure, the counts for the table, and for each modem the spans in which something other than a plain call befell it. */

const KEPT = 80;

export class Journal {
  /** What must not have happened. */
  violations = [];
  /** Counts, by name. */
  counts = new Map();
  #begin = performance.now();
  #last = [];
  /** By modem: what befell it, from when to when. */
  #spans = new Map();

  /** Milliseconds since the start. */
  get now() {
    return performance.now() - this.#begin;
  }

  count(name, by = 1) {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  note(text) {
    this.#last.push(`${(this.now / 1000).toFixed(2).padStart(9)} s  ${text}`);
    if (this.#last.length > KEPT) this.#last.shift();
  }

  violation(text) {
    this.note(`VIOLATION ${text}`);
    this.violations.push({ text, at: this.now, before: [...this.#last] });
  }

  /** Something befalls a modem from now on. Returns the span; {@link over} ends it. */
  begins(modem, kind) {
    const span = { modem, kind, from: this.now, to: Number.POSITIVE_INFINITY };
    const spans = this.#spans.get(modem) ?? [];
    // What was over minutes ago explains nothing any more.
    this.#spans.set(modem, [...spans.filter(({ to }) => to > this.now - 300_000), span]);
    this.note(`${modem}: ${kind}`);
    return span;
  }

  over(span) {
    span.to = this.now;
    this.note(`${span.modem}: ${span.kind} is over`);
  }

  /** What befell a modem in that time. */
  befell(modem, from, to) {
    return (this.#spans.get(modem) ?? []).filter((span) => span.from <= to && span.to >= from).map(({ kind }) => kind);
  }
}
