/** What happens on a modem that is watched. */
import type { CallerId } from '../../at/caller-id-collector.ts';
import type { Step } from '../../modem/recover.ts';
import type { Suspect } from '../suspicion.ts';

/** Why it was set up (again). */
export type SetUpAfter = 'start' | 'reset' | 'plugged' | 'recovered' | 'loan' | 'request' | 'disconnect';

export type WatchingEvent =
  /** The modem answered AT and is set up; `callerId`: it took the command for it. */
  | { readonly kind: 'waiting'; readonly callerId: boolean; readonly after: SetUpAfter }
  /** `distinctive`: which of the line's numbers is called, where the modem tells. */
  | { readonly kind: 'ring'; readonly count: number; readonly distinctive: string | null }
  | { readonly kind: 'callerId'; readonly callerId: CallerId }
  /** Nobody rings any more: the caller gave up, or a telephone was picked up. `callerId` null: none came. */
  | { readonly kind: 'ringEnded'; readonly rings: number; readonly callerId: CallerId | null }
  /** Carrier. */
  | { readonly kind: 'connect' }
  | { readonly kind: 'disconnect'; readonly connectedMs: number }
  | { readonly kind: 'unplugged' }
  | { readonly kind: 'plugged' }
  /** Somebody else had it reset. */
  | { readonly kind: 'reset' }
  | Suspect
  /** It does not answer. */
  | { readonly kind: 'hung' }
  /** `by`: the step that did it; null: it answers by itself again. */
  | { readonly kind: 'recovered'; readonly by: Step | null }
  /** It does not answer, whatever was tried; it is tried again later. */
  | { readonly kind: 'gaveUp'; readonly why: string }
  | { readonly kind: 'lent'; readonly to: string };
