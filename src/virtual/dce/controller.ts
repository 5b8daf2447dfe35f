/**
 * The modem's controller: which state the DTE's bytes fall in (command, executing, online data, online command), what is echoed and answered, and when unsolicited results may be said. It owns the line
 * editor, the interpreter and the call; the device around it (power, bus, misbehaviours) is {@link ./dce.ts}.
 */
import type { Clock } from '../../core/clock.ts';
import type { CallerRecord, Link, Telephone, TelephoneLine } from '../exchange/line.ts';
import type { Ailments } from '../misbehaviour/ailments.ts';
import type { Patient } from '../misbehaviour/misbehaviour.ts';
import { CallControl, type CallEvents, type CallFailure } from './call-control.ts';
import { type Configuration, S } from './configuration.ts';
import { EscapeDetector } from './escape-detector.ts';
import { type CommandTarget, Interpreter, type Verdict } from './interpreter.ts';
import { LineEditor } from './line-editor.ts';
import type { Outbox } from './outbox.ts';
import { Speaker } from './speaker.ts';
import { Turn } from './turn.ts';

/** `thinking`: takes no bytes until a command line is executed. `calling`: any byte aborts. */
export type Mode = 'command' | 'thinking' | 'calling' | 'data';

/** A byte that comes sooner after the terminator does not abort (V.250 5.6.1). */
const NO_ABORT_MS = 125;

/** So many bytes of echo and answers may wait to be read. */
const UNREAD_LIMIT = 16 * 1024;

/** The parts that the controller works with but does not own. */
export interface ControllerParts {
  readonly clock: Clock;
  readonly configuration: Configuration;
  readonly outbox: Outbox;
  readonly ailments: Ailments;
  readonly patient: Patient;
  readonly plugIn: (telephone: Telephone) => TelephoneLine;
  /** Circuits may have changed. */
  readonly changed: () => void;
  /** Bytes refused before would be taken now. */
  readonly writable: () => void;
}

export class Controller implements CommandTarget, CallEvents {
  readonly configuration: Configuration;
  readonly calls: CallControl;
  /** Command lines executed since power-up. */
  commandCount = 0;
  /** What the DTE's side runs at; shown by CONNECT under W0. */
  dteRate = 115200;
  readonly #parts: ControllerParts;
  readonly #editor: LineEditor;
  readonly #interpreter: Interpreter;
  readonly #escape: EscapeDetector;
  readonly #speaker: Speaker;
  readonly #turn: Turn;
  #mode: Exclude<Mode, 'thinking'> = 'command';
  #running = false;
  #dtr = false;
  #link: Link | null = null;
  #farEndWaits = false;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.configuration = parts.configuration;
    this.#editor = new LineEditor(this.configuration.dialect.maxBody);
    this.#interpreter = new Interpreter(this);
    this.#speaker = new Speaker(
      this.configuration,
      parts.outbox,
      () => this.mode === 'command' && !this.#editor.entering,
    );
    this.#turn = new Turn(parts.clock, parts.writable);
    this.#escape = new EscapeDetector(parts.clock, () => this.#escaped());
    this.calls = new CallControl(parts.clock, parts.configuration, parts.plugIn, this);
  }

  get mode(): Mode {
    return this.#turn.thinking ? 'thinking' : this.#mode;
  }

  /** The firmware starts: on-hook, command state, power-up profile. */
  boot(): void {
    this.halt();
    this.configuration.powerUp();
    this.commandCount = 0;
    this.#running = true;
  }

  /** The firmware stops: on-hook, nothing half done remains. */
  halt(): void {
    this.#turn.cancel();
    this.calls.hangUp();
    this.#interpreter.abandon();
    this.#editor.reset();
    this.#escape.reset();
    this.#speaker.forget();
    this.#link = null;
    this.#mode = 'command';
    this.#dtr = false;
    this.#running = false;
  }

  /** Bytes of the DTE; returns how many were taken. */
  accept(bytes: Uint8Array): number {
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#turn.busy) break;
      // A DTE that only talks is made to wait once so much is unread.
      if (this.#mode === 'command' && this.#parts.outbox.size >= UNREAD_LIMIT) break;
      if (this.#mode === 'data') return offset + this.#sendData(bytes.subarray(offset));
      this.#acceptByte(bytes[offset++] as number);
    }
    return offset;
  }

  /** The DTE took bytes, so the far end's may follow. */
  drained(): void {
    if (this.#mode === 'command' && this.#parts.outbox.size < UNREAD_LIMIT) this.#parts.writable();
    if (!this.#farEndWaits || this.#mode !== 'data') return;
    this.#farEndWaits = false;
    this.calls.hasRoom();
  }

  /** Circuit 108/2; what its fall means is for &D to say. */
  dtr(up: boolean): void {
    this.#dtr = up;
    const meaning = this.configuration.setting('&D', 2);
    if (up || meaning === 0) return;
    if (meaning === 1) {
      if (this.#mode === 'data') this.#escaped();
      return;
    }
    this.#editor.reset();
    const wasBusy = this.calls.offHook || this.#mode !== 'command';
    if (this.#turn.thinking) return;
    this.#interpreter.abandon();
    this.calls.hangUp();
    if (meaning === 3) this.configuration.reset(0);
    if (wasBusy) this.final('NO CARRIER');
  }

  /** RING and the caller's data, whatever state the DTE is in. */
  ringNow(record: CallerRecord): void {
    this.#speaker.interrupt(record);
  }

  /** See {@link Patient.pretendCall}. */
  pretendCall(withCarrier: boolean): void {
    const dtr = this.#dtr;
    this.halt();
    this.#dtr = dtr;
    // The firmware goes on: once the call is over it hears rings again.
    this.#running = true;
    this.calls.pretend(withCarrier);
    this.#enterData();
  }

  // What commands act on.

  inform(lines: readonly string[]): void {
    this.#speaker.information(lines);
  }

  finish(result: 'OK' | 'ERROR'): void {
    this.final(result);
  }

  takes(text: string): boolean {
    return this.#parts.ailments.takes(text);
  }

  dial(string: string, stay: boolean): Verdict {
    if (this.calls.hasCarrier) return 'error';
    const refusal = this.#parts.ailments.dialResult;
    if (refusal) {
      const isSaid = this.configuration.dialect.refusalLevels.includes(this.configuration.setting('X', 4));
      this.final(isSaid ? refusal : 'ERROR');
      return 'over';
    }
    this.#mode = 'calling';
    this.calls.dial(string, stay);
    return 'pending';
  }

  answer(): Verdict {
    if (this.calls.hasCarrier) return 'error';
    this.#mode = 'calling';
    this.calls.answer();
    return 'pending';
  }

  hook(off: boolean): Verdict {
    if (off) this.calls.lift();
    else this.calls.hangUp();
    return 'ok';
  }

  online(): Verdict {
    // Without a connection it is ERROR (Conexant 102184B 3-42).
    if (!this.calls.hasCarrier) return 'error';
    this.#enterData();
    this.#sayConnect();
    this.drained();
    return 'over';
  }

  disconnect(): void {
    this.calls.hangUp();
  }

  // What the call reports.

  rang(count: number, silenceMs: number | null): void {
    if (!this.#hears) return;
    this.#speaker.announceRing(silenceMs);
    const wanted = this.configuration.register(S.autoAnswer);
    const mayAnswer = this.#dtr || this.configuration.setting('&D', 2) === 0;
    if (wanted === 0 || count < wanted || !mayAnswer) return;
    if (this.mode !== 'command' || this.#editor.entering || this.calls.offHook) return;
    this.#turn.execute(() => this.answer());
  }

  rangOut(burstMs: number): void {
    if (this.#hears) this.#speaker.announceRingEnd(burstMs);
  }

  callerId(record: CallerRecord): void {
    if (this.#hears && !this.#parts.ailments.missesCallerId) this.#speaker.announceCaller(record);
  }

  connected(link: Link): void {
    this.#interpreter.abandon();
    // A ring held back while it answered is of no interest after the call.
    this.#speaker.forget();
    this.#link = link;
    this.#enterData();
    this.#sayConnect();
    this.#parts.ailments.connected(this.#parts.patient);
  }

  failed(result: CallFailure): void {
    this.#interpreter.abandon();
    this.final(result);
  }

  dialled(): void {
    this.#mode = 'command';
    this.#turn.execute(() => this.#interpreter.resume());
  }

  lost(): void {
    this.#link = null;
    if (this.#mode === 'data') this.final('NO CARRIER');
    else this.#speaker.announce('NO CARRIER');
  }

  received(bytes: Uint8Array): number {
    const count = this.#hears && this.#mode === 'data' ? this.#parts.outbox.relay(bytes) : 0;
    if (count < bytes.length) this.#farEndWaits = true;
    return count;
  }

  room(): void {
    this.#parts.writable();
  }

  changed(): void {
    this.#parts.changed();
  }

  /** A final result: the line is done, and what was held back may be said. */
  final(text: string): void {
    this.#mode = 'command';
    this.#parts.ailments.finishing(this.#parts.patient);
    this.#speaker.result(text);
    this.#speaker.catchUp();
    // &C and &S may have been among the commands.
    this.#parts.changed();
  }

  /** Without power, or hung, it neither says nor answers anything. */
  get #hears(): boolean {
    return this.#running && this.#parts.ailments.attitude === 'listens';
  }

  #acceptByte(byte: number): void {
    if (this.#mode === 'calling') {
      if (this.#turn.elapsedMs < NO_ABORT_MS) return;
      this.calls.hangUp();
      this.failed('NO CARRIER');
      return;
    }
    const characters = this.#interpreter.editingCharacters;
    if (this.configuration.setting('E', 1) !== 0) {
      this.#parts.outbox.say(Uint8Array.from(this.#editor.echo(byte, characters)));
      this.#parts.ailments.echoed(this.#parts.patient);
    }
    const edited = this.#editor.feed(byte, characters);
    if (edited.kind === 'none') {
      this.#speaker.catchUp();
      return;
    }
    this.#begin(() => (edited.kind === 'line' ? this.#interpreter.execute(edited.body) : this.#interpreter.repeat()));
  }

  #begin(execute: () => void): void {
    if (!this.#parts.ailments.commandLine(this.#parts.patient)) return;
    this.#turn.begin(this.#parts.ailments.thinkMs, () => {
      this.commandCount++;
      execute();
    });
  }

  #sendData(bytes: Uint8Array): number {
    const count = this.calls.send(bytes);
    const guardMs = this.configuration.register(S.guardTime) * 20;
    this.#escape.watch(bytes.subarray(0, count), this.configuration.register(S.escape), guardMs);
    return count;
  }

  #enterData(): void {
    this.#mode = 'data';
    this.#escape.reset();
  }

  /** To online command state, with a carrier or without. */
  #escaped(): void {
    if (this.#mode !== 'data') return;
    this.final('OK');
  }

  #sayConnect(): void {
    const link = this.#link ?? { rate: 33600, errorControl: true, compression: true };
    this.#speaker.connect(link, this.dteRate);
  }
}
