/** Who calls, in a program's environment: the only way, besides its stdin, in which a caller's data reach one. They are bounded and without control characters, but hostile all the same: quote them. */
import type { CallerId } from '../at/caller-id-collector.ts';
import type { GivenEnvironment } from '../core/environment.ts';

/** All are always there, so that none is inherited from somebody else. */
export function callerEnvironment(caller: CallerId | null): GivenEnvironment {
  return {
    MODEMCTL_CALLER_NUMBER: caller?.number ?? '',
    MODEMCTL_CALLER_NAME: caller?.name ?? '',
    MODEMCTL_CALLER_PRESENTATION: caller?.presentation ?? 'none',
    MODEMCTL_CALLED_NUMBER: caller?.calledNumber ?? '',
  };
}
