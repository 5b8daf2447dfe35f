/** What happens while calls are answered. */
import type { CallerId } from '../../at/caller-id-collector.ts';
import type { ModemctlError } from '../../core/errors.ts';
import type { Call } from '../../modem/call.ts';
import type { Attempt } from '../../modem/place-call.ts';
import type { Step } from '../../modem/recover.ts';
import type { RingEvent } from '../ring-watch.ts';
import type { Suspect } from '../suspicion.ts';
import type { Taken } from '../taker.ts';

export type AnsweringEvent =
  /** The modem answered AT and is set up for the next call; `callerId`: it took the command for it. */
  | { readonly kind: 'waiting'; readonly callerId: boolean; readonly afterCall: boolean }
  | Exclude<RingEvent, { kind: 'ended' }>
  /** The caller gave up before we picked up. */
  | { readonly kind: 'missed'; readonly rings: number; readonly callerId: CallerId | null }
  /** Not answered, because of who calls. */
  | { readonly kind: 'refused'; readonly callerId: CallerId | null; readonly why: string }
  /** The modem goes off-hook; it has so long to find a carrier. */
  | { readonly kind: 'answering'; readonly callerId: CallerId | null; readonly limitMs: number }
  /** Off-hook, but no connection came of it. */
  | { readonly kind: 'noConnection'; readonly attempt: Exclude<Attempt, { kind: 'connected' }> }
  | { readonly kind: 'connect'; readonly call: Call }
  | { readonly kind: 'disconnect'; readonly call: Call; readonly taken: Taken; readonly elapsedMs: number }
  | Suspect
  | { readonly kind: 'hung' }
  | { readonly kind: 'recovered'; readonly by: Step }
  /** It does not answer, whatever was tried. */
  | { readonly kind: 'gaveUp'; readonly why: string }
  /** Another program has it between two calls. */
  | { readonly kind: 'lent'; readonly to: string }
  /** It cannot be taken back yet: in use, no right. */
  | { readonly kind: 'obstacle'; readonly error: ModemctlError }
  | { readonly kind: 'unplugged' }
  | { readonly kind: 'plugged' };
