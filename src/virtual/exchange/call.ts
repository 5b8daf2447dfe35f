/** A call: two lines and what passes between them, from the first ring to the last byte. */
import { agree } from './carrier.ts';
import type { CallerRecord, LineSound } from './line.ts';
import type { Network, SubscriberLine } from './subscriber-line.ts';

/** 2 s of ring voltage, 4 s of silence (North America; ANSI T1.401). */
const RING_ON_MS = 2000;
const RING_OFF_MS = 4000;
/** The caller-ID burst starts half a second after the first ring (Bellcore GR-30). */
const CALLER_ID_AFTER_MS = 500;

export class Call {
  readonly #network: Network;
  readonly #calling: SubscriberLine;
  readonly #called: SubscriberLine;
  readonly #record: CallerRecord;
  readonly #maxRings: number;
  #rings = 0;
  #answered = false;
  #linked = false;
  #over = false;
  #cancels = new Set<() => void>();

  constructor(
    network: Network,
    calling: SubscriberLine,
    called: SubscriberLine,
    record: CallerRecord,
    maxRings: number,
  ) {
    this.#network = network;
    this.#calling = calling;
    this.#called = called;
    this.#record = record;
    this.#maxRings = maxRings;
  }

  start(): void {
    this.#calling.call = this;
    this.#called.call = this;
    this.#hear(this.#calling, 'ringback');
    this.#ring();
  }

  answer(): void {
    if (this.#answered || this.#over) return;
    this.#answered = true;
    this.#stopTimers();
    this.#called.telephone.ring(false);
    this.#hear(this.#calling, 'quiet');
    this.#hear(this.#called, 'quiet');
    this.carrierChanged(this.#called);
  }

  /** One side has started its carrier, or stopped it. */
  carrierChanged(line: SubscriberLine): void {
    if (this.#over || !this.#answered) return;
    this.#stopTimers();
    if (this.#calling.offer && this.#called.offer) this.#later(this.#network.trainMs, () => this.#link());
    else this.#unlink(this.otherThan(line));
  }

  send(from: SubscriberLine, bytes: Uint8Array): number {
    return this.#linked ? this.otherThan(from).telephone.receive(bytes) : bytes.length;
  }

  otherThan(line: SubscriberLine): SubscriberLine {
    return line === this.#calling ? this.#called : this.#calling;
  }

  /** One side puts down the receiver. */
  end(by: SubscriberLine): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopTimers();
    const other = this.otherThan(by);
    if (!this.#answered && other === this.#called) this.#called.telephone.ring(false);
    by.call = null;
    other.call = null;
    this.#unlink(other);
    if (this.#answered) this.#hear(other, 'busy');
  }

  /** The line of one side is cut: both carriers are gone, and nobody has hung up. */
  cut(at: SubscriberLine): void {
    if (!this.#answered && at === this.#called) at.telephone.ring(false);
    if (this.#linked) at.telephone.carrier(null);
    this.end(at);
  }

  #link(): void {
    const [one, other] = [this.#calling.offer, this.#called.offer];
    if (!one || !other) return;
    this.#linked = true;
    const link = agree(one, other);
    this.#network.linked(this.#calling.number, this.#called.number);
    // The answering modem ends the handshake.
    this.#called.telephone.carrier(link);
    this.#calling.telephone.carrier(link);
  }

  #unlink(remaining: SubscriberLine): void {
    if (!this.#linked) return;
    this.#linked = false;
    remaining.telephone.carrier(null);
  }

  #ring(): void {
    if (this.#rings === this.#maxRings) {
      this.end(this.#calling);
      return;
    }
    this.#rings++;
    const isFirst = this.#rings === 1;
    this.#called.telephone.ring(true);
    // It may have been answered at once.
    if (this.#answered || this.#over) return;
    this.#later(RING_ON_MS, () => {
      this.#called.telephone.ring(false);
      // A modem that does not go off-hook while it rings does so now.
      if (this.#answered || this.#over) return;
      if (isFirst) this.#later(CALLER_ID_AFTER_MS, () => this.#called.telephone.callerId(this.#record));
      this.#later(RING_OFF_MS, () => this.#ring());
    });
  }

  #hear(line: SubscriberLine, sound: LineSound): void {
    line.telephone.hear(sound);
  }

  #later(ms: number, run: () => void): void {
    const cancel = this.#network.clock.after(ms, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }

  #stopTimers(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}
