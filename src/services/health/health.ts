/** What is wrong with one modem. */
import type { ErrorCode, ModemctlError } from '../../core/errors.ts';
import type { HeldBy } from '../../usb/modem-info.ts';
import type { KeeperStatus } from './keeper.ts';

/** The names are API (`health --json`). */
export type HealthState =
  | 'ready'
  /** A call is up. */
  | 'in-call'
  /** Our own `answer` or `watch` keeps it, and answers for it. */
  | 'armed'
  /** Another program has it. */
  | 'held'
  /** It takes bytes and does not answer. */
  | 'silent'
  /** It was online without a carrier. */
  | 'stuck-data'
  /** It was sending or receiving sound, or a fax, for nobody. */
  | 'stuck-voice'
  /** It takes no bytes. */
  | 'stalled'
  /** Linux gave it none. */
  | 'no-tty'
  | 'denied'
  | 'gone';

export interface Health {
  readonly state: HealthState;
  /** Who has its tty open, where that kept us from it. */
  readonly heldBy: readonly HeldBy[];
  /** Null: nothing is wrong. */
  readonly error: ModemctlError | null;
  /** What our own command that has it says; null: none has, or it says nothing. */
  readonly keeper: KeeperStatus | null;
}

const STATES: Partial<Record<ErrorCode, HealthState>> = {
  UNUSABLE: 'no-tty',
  DENIED: 'denied',
  IN_USE: 'held',
  IN_CALL: 'in-call',
  NOT_RESPONDING: 'silent',
  GONE: 'gone',
};

/** The state that an error of talking to the modem means. Null: it says nothing about the modem. */
export function stateOf({ code }: ModemctlError): HealthState | null {
  return STATES[code] ?? null;
}
