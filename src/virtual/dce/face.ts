/** What a modem and its face say to each other; how they use it is told at {@link ./dce.ts}. */
import type { Clock } from '../../core/clock.ts';
import type { Telephone, TelephoneLine } from '../exchange/line.ts';
import type { LifecycleEvent } from '../misbehaviour/misbehaviour.ts';
import type { Dialect } from '../models/model.ts';
import type { Mode } from './controller.ts';

/** The circuits a modem drives. */
export interface DceCircuits {
  /** Data set ready (107). */
  readonly dsr: boolean;
  /** Data carrier detect (109). */
  readonly dcd: boolean;
  /** Ring indicator (125): on for as long as the ring voltage is. */
  readonly ri: boolean;
}

/** What a face is told. None of these may throw; they may call back into the modem. */
export interface Face {
  /** `take()` has something. */
  readable(): void;
  /** `accept()` takes bytes again after it had taken fewer than given. */
  writable(): void;
  circuits(circuits: DceCircuits): void;
  /**
   * The modem left the bus by itself, or came back.
   * @param renumber it came back so fast, or so oddly, that it is to get another number
   */
  presence(present: boolean, renumber: boolean): void;
}

export interface DceOptions {
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** Plugs the modem into its telephone socket. */
  readonly plugIn: (telephone: Telephone) => TelephoneLine;
  /** The date and time of day. */
  readonly date?: () => Date;
}

/** One thing that happened to the device. */
export interface LifecycleEntry {
  /** By the modem's clock. */
  readonly atMs: number;
  readonly event: LifecycleEvent | 'power-off' | 'left' | 'came-back' | 'cured';
}

/** What the modem is doing, for tests and for the curious. Fit for JSON. */
export interface DceState {
  readonly present: boolean;
  readonly mode: Mode;
  readonly offHook: boolean;
  readonly dtr: boolean;
  readonly circuits: DceCircuits;
  readonly number: string;
  /** E, Q, V, X, &C and what else the chip has. */
  readonly settings: Readonly<Record<string, number>>;
  readonly registers: Readonly<Record<string, number>>;
  /** Values of the extended commands. */
  readonly extended: Readonly<Record<string, string>>;
  /** Command lines executed since the firmware started. */
  readonly commandCount: number;
  readonly stalled: boolean;
  readonly misbehaviours: readonly string[];
  readonly log: readonly LifecycleEntry[];
}
