/**
 * What a misbehaviour may do to a modem, and what puts an end to it. A modem asks its misbehaviours at a few named moments; all hooks are optional.
 */
import type { Clock } from '../../core/clock.ts';
import type { Configuration } from '../dce/configuration.ts';

/**
 * What happens to the modem as a device, told by its face:
 * - `power`: its port lost power and got it back, or it was unplugged and plugged in by hand;
 * - `replug`: it left the bus and came back with its firmware restarted but never without power (all that a PTY can do in place of a USB reset);
 * - `usb-reset`: the port was reset;
 * - `deconfigured`, `configured`: SET_CONFIGURATION(0) and (v), which `authorized` and a driver rebind cause;
 * - `dtr-on`, `dtr-off`: circuit 108/2.
 */
export type LifecycleEvent = 'power' | 'replug' | 'usb-reset' | 'deconfigured' | 'configured' | 'dtr-on' | 'dtr-off';

/** The modem as its misbehaviours see it. */
export interface Patient {
  readonly clock: Clock;
  readonly configuration: Configuration;
  /** Puts bytes into the modem's output as they are. */
  utter(bytes: Uint8Array): void;
  /** Bytes not yet taken by the DTE. */
  unread(): number;
  /** What is uttered or answered after this waits `ms`. */
  gap(ms: number): void;
  /** RING and a caller-ID block, at once. */
  ringNow(): void;
  /** Off-hook in online data state, with a carrier or without, and nobody at the other end. */
  pretendCall(withCarrier: boolean): void;
  /** The carrier of the present call is gone. */
  dropCarrier(): void;
  /** Leaves the bus; comes back after `backAfterMs`, or for null when power is cycled. */
  leave(backAfterMs: number | null, renumber?: boolean): void;
  /** The misbehaviour is over. */
  cured(misbehaviour: Misbehaviour): void;
}

/** How the modem stands to its DTE: it listens; it takes bytes and does nothing with them; it takes none; it answers nothing at all on its bus either. */
export type Attitude = 'listens' | 'deaf' | 'blocked' | 'wedged';

export interface Misbehaviour {
  /** As it was asked for: `silent=3`. */
  readonly spec: string;
  readonly curedBy: readonly LifecycleEvent[];
  /** It takes hold. */
  start?(patient: Patient): void;
  /** It is over: timers end here. */
  stop?(): void;
  /** The modem has loaded its power-up profile, or the misbehaviour has just taken hold. */
  powerUp?(patient: Patient): void;
  attitude?(): Attitude;
  /** Bytes that a deaf modem took. */
  overheard?(bytes: Uint8Array, patient: Patient): void;
  /** One byte was echoed. */
  echoed?(patient: Patient): void;
  /** A command line is complete. False: nothing comes of it. */
  commandLine?(patient: Patient): boolean;
  /** How long the modem thinks before it executes a command line. */
  readonly thinkMs?: number;
  /** One command (upper case, without AT) is due. False: it is refused with ERROR. */
  command?(text: string): boolean;
  /** The final result of a command line is due. */
  finishing?(patient: Patient): void;
  /** Replaces the attempt to dial by this result. */
  readonly dialResult?: 'DELAYED' | 'BLACKLISTED';
  /** It misses what the exchange tells of callers. */
  readonly missesCallerId?: boolean;
  /** CONNECT was just said. */
  connected?(patient: Patient): void;
}
