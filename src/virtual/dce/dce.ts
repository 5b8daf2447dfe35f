/**
 * The modem in the box: a V.250 modem with a telephone line on one side and a *face* on the other, which shows it to somebody: in memory, on a PTY, or as a USB device. No I/O and no timers of its own: the
 * clock is given, and bytes are pushed and pulled by the face.
 *
 * **What a face does**
 *
 * - {@link Dce.attach} itself, to be told of things (see {@link Face}).
 * - Bytes of the DTE (bulk OUT): `accept(bytes)` returns how many the modem took. Fewer than given: keep the rest (NAK; leave it unread) until `writable()`. While `stalled` is true it takes none at all.
 * - Bytes for the DTE (bulk IN): `take(max)` gives what there is, perhaps nothing; `readable()` is called when there is something again after it gave nothing. What is not taken stays here, and the far end of a call is made to wait.
 * - Circuits: `circuits` and `circuits()` for DSR, DCD, RI; `dtr(up)` for DTR; `setRate(bps)` for the line coding.
 * - Lifecycle, so that a hang is cured by what really cures it: `powerOn()` (port power returned, or plugged in by hand), `powerOff()` (unplugged), `usbReset()`, `deconfigured()` and `configured()`
 *   (SET_CONFIGURATION 0 and v), `replug()` (left the bus and came back without losing power: what a PTY can do in place of a USB reset).
 * - The modem may leave the bus by itself: `presence(false)`; then the face disconnects it and waits for `presence(true)`, or, if `present` is still false, for `powerOn()`.
 */
import type { Clock } from '../../core/clock.ts';
import { Ailments } from '../misbehaviour/ailments.ts';
import type { LifecycleEvent, Misbehaviour, Patient } from '../misbehaviour/misbehaviour.ts';
import { Configuration } from './configuration.ts';
import { Controller } from './controller.ts';
import type { DceCircuits, DceOptions, DceState, Face, LifecycleEntry } from './face.ts';
import { Outbox } from './outbox.ts';

export type { DceCircuits, DceOptions, DceState, Face, LifecycleEntry } from './face.ts';

/** As many entries of the log are kept. */
const LOG_LIMIT = 500;
const NO_CIRCUITS: DceCircuits = { dsr: false, dcd: false, ri: false };
const NOTHING = new Uint8Array();

export class Dce {
  readonly configuration: Configuration;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #ailments = new Ailments();
  readonly #controller: Controller;
  readonly #patient: Patient;
  readonly #log: LifecycleEntry[] = [];
  #face: Face | null = null;
  #present = true;
  #dtr = false;
  #circuits: DceCircuits = NO_CIRCUITS;
  #dteWaits = false;
  #taking = false;
  #accepting = false;
  #cancelReturn: (() => void) | null = null;

  /** The modem is switched on at once. */
  constructor(options: DceOptions) {
    const { clock, dialect, plugIn, date = () => new Date() } = options;
    this.#clock = clock;
    this.configuration = new Configuration(dialect);
    this.#outbox = new Outbox(clock, () => {
      if (!this.#taking) this.#face?.readable();
    });
    this.#patient = {
      clock,
      configuration: this.configuration,
      utter: (bytes) => this.#outbox.say(bytes),
      gap: (ms) => this.#outbox.gap(ms),
      ringNow: () => this.#controller.ringNow({ date: date(), number: '5550142', name: 'IN THE MIDDLE' }),
      pretendCall: (withCarrier) => this.#controller.pretendCall(withCarrier),
      dropCarrier: () => this.#controller.calls.dropCarrier(),
      leave: (backAfterMs, renumber) => this.#leave(backAfterMs, renumber ?? false),
      cured: (ailment) => this.#cured(this.#ailments.remove(ailment)),
      unread: () => this.#outbox.size,
    };
    this.#controller = new Controller({
      clock,
      configuration: this.configuration,
      outbox: this.#outbox,
      ailments: this.#ailments,
      patient: this.#patient,
      plugIn,
      changed: () => this.#circuitsChanged(),
      writable: () => this.#writable(),
    });
    this.#boot();
  }

  /** From now on this face is told; null: nobody is. */
  attach(face: Face | null): void {
    this.#face = face;
  }

  // Bytes.

  /** Bytes of the DTE. Returns how many were taken; of those that were not, the face is told by `writable()`. */
  accept(bytes: Uint8Array): number {
    let offset = 0;
    this.#accepting = true;
    while (offset < bytes.length) {
      if (!this.#present) {
        offset = bytes.length;
        break;
      }
      // One by one in command state, because a command line in the middle may change the fate of the rest.
      const end = this.#controller.mode === 'data' ? bytes.length : offset + 1;
      const part = bytes.subarray(offset, end);
      this.#dteWaits = true;
      const taken = this.#hand(part);
      offset += taken;
      // Not all was taken, unless in the meantime there came to be room.
      if (taken < part.length && this.#dteWaits) break;
    }
    this.#accepting = false;
    this.#dteWaits = offset < bytes.length;
    return offset;
  }

  /** Bytes for the DTE: at most `max`, perhaps none. */
  take(max: number): Uint8Array {
    if (!this.#present) return NOTHING;
    const bytes = this.#outbox.take(max);
    if (bytes.length === 0) return bytes;
    // The far end may send at once, which is for the next take(), not for a readable() in the middle of this one.
    this.#taking = true;
    this.#controller.drained();
    this.#taking = false;
    return bytes;
  }

  /** True if `take()` would give at least one byte now. */
  get hasOutput(): boolean {
    return this.#present && this.#outbox.ready;
  }

  /** True in online data state: what comes out belongs to whoever has the call, and is not to be held back. */
  get online(): boolean {
    return this.#controller.mode === 'data';
  }

  /** What nobody took is thrown away: what a UART does while no program has the port open. In a call nothing is. */
  discardOutput(): void {
    if (this.#controller.mode !== 'data') this.#outbox.clear();
  }

  /** True while the modem takes no byte at all: the face must really stop taking them from its host. */
  get stalled(): boolean {
    return this.#ailments.attitude === 'blocked' || this.wedged;
  }

  /** True while the modem answers nothing on its bus, not even what the bus asks of every device. */
  get wedged(): boolean {
    return this.#ailments.attitude === 'wedged';
  }

  // Circuits.

  get circuits(): DceCircuits {
    return this.#circuits;
  }

  dtr(up: boolean): void {
    if (up === this.#dtr) return;
    this.#dtr = up;
    this.#happened(up ? 'dtr-on' : 'dtr-off');
    // A hung controller does not look at its circuits.
    if (this.#ailments.attitude === 'listens') this.#controller.dtr(up);
  }

  /** The rate of the DTE's side in bit/s (SET_LINE_CODING); only texts depend on it. */
  setRate(bps: number): void {
    this.#controller.dteRate = bps;
  }

  // Lifecycle.

  /** False: it has left the bus, or has no power. */
  get present(): boolean {
    return this.#present;
  }

  /** Port power returned, or it was plugged in by hand. */
  powerOn(): void {
    this.#stopReturn();
    this.#happened('power');
    this.#present = true;
    this.#boot();
  }

  /** Port power went, or it was unplugged. */
  powerOff(): void {
    this.#stopReturn();
    this.#note('power-off');
    this.#vanish();
  }

  /** Its port was reset: the firmware starts anew. */
  usbReset(): void {
    this.#happened('usb-reset');
    if (this.#present) this.#boot();
  }

  /** It left the bus and came back, its power never gone. A modem that stays away until power is cycled is not moved by this: look at {@link present}. */
  replug(): void {
    this.#happened('replug');
    if (this.#present) this.#boot();
  }

  /** SET_CONFIGURATION(0). The firmware goes on; the tty is gone, and with it DTR. */
  deconfigured(): void {
    this.#happened('deconfigured');
    this.dtr(false);
  }

  /** SET_CONFIGURATION(v). */
  configured(): void {
    this.#happened('configured');
  }

  // Misbehaviour.

  /** The misbehaviour takes hold now. */
  afflict(ailment: Misbehaviour): void {
    this.#ailments.add(ailment, this.#patient);
  }

  /** All misbehaviour ends; what it did to settings and calls stays. */
  behave(): void {
    this.#cured(this.#ailments.remove(null));
  }

  get state(): DceState {
    return {
      present: this.#present,
      mode: this.#controller.mode,
      offHook: this.#controller.calls.offHook,
      dtr: this.#dtr,
      circuits: this.#circuits,
      number: this.#controller.calls.number,
      settings: Object.fromEntries(this.configuration.settings),
      registers: Object.fromEntries([...this.configuration.registers].map(([number, value]) => [`S${number}`, value])),
      extended: Object.fromEntries(this.configuration.extended),
      commandCount: this.#controller.commandCount,
      stalled: this.stalled,
      misbehaviours: this.#ailments.specs,
      log: [...this.#log],
    };
  }

  /** Gives bytes to the controller, or to whatever has taken its place. */
  #hand(bytes: Uint8Array): number {
    switch (this.#ailments.attitude) {
      case 'listens':
        return this.#controller.accept(bytes);
      case 'deaf':
        this.#ailments.overheard(bytes, this.#patient);
        return bytes.length;
      case 'blocked':
      case 'wedged':
        return 0;
    }
  }

  #boot(): void {
    this.#dtr = false;
    this.#outbox.clear();
    this.#controller.boot();
    this.#ailments.powerUp(this.#patient);
    this.#circuitsChanged();
    this.#writable();
  }

  #leave(backAfterMs: number | null, renumber: boolean): void {
    this.#note('left');
    this.#vanish();
    if (backAfterMs !== null) {
      this.#cancelReturn = this.#clock.after(backAfterMs, () => {
        this.#cancelReturn = null;
        this.#note('came-back');
        this.#present = true;
        this.#boot();
        this.#face?.presence(true, renumber);
      });
    }
    this.#face?.presence(false, renumber);
  }

  #vanish(): void {
    this.#present = false;
    this.#dtr = false;
    this.#controller.halt();
    this.#outbox.clear();
    this.#circuitsChanged();
  }

  #stopReturn(): void {
    this.#cancelReturn?.();
    this.#cancelReturn = null;
  }

  #happened(event: LifecycleEvent): void {
    this.#note(event);
    this.#cured(this.#ailments.cure(event));
  }

  #cured(any: boolean): void {
    if (!any) return;
    this.#note('cured');
    this.#dteWaits = true;
    this.#writable();
  }

  #note(event: LifecycleEntry['event']): void {
    if (this.#log.length === LOG_LIMIT) this.#log.shift();
    this.#log.push({ atMs: Math.round(this.#clock.now()), event });
  }

  #writable(): void {
    if (!this.#dteWaits || this.stalled) return;
    this.#dteWaits = false;
    // In the middle of accept() its own loop goes on instead.
    if (!this.#accepting) this.#face?.writable();
  }

  #circuitsChanged(): void {
    const { calls } = this.#controller ?? {};
    if (!calls) return;
    const setting = (name: string, otherwise: number) => this.configuration.setting(name, otherwise);
    const next: DceCircuits = this.#present
      ? {
          dsr: setting('&S', 0) === 0 || calls.hasCarrier,
          dcd: setting('&C', 1) === 0 || calls.hasCarrier,
          ri: calls.ringing,
        }
      : NO_CIRCUITS;
    const { dsr, dcd, ri } = this.#circuits;
    if (next.dsr === dsr && next.dcd === dcd && next.ri === ri) return;
    this.#circuits = next;
    this.#face?.circuits(next);
  }
}
