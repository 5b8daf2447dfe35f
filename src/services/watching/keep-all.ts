/** Every modem kept at once: those that are there, and those that come. */
import type { Clock } from '../../core/clock.ts';
import { isModemctlError, type ModemctlError } from '../../core/errors.ts';
import type { ModemInfo } from '../../usb/modem-info.ts';
import { isSameDevice } from '../../usb/presence.ts';
import { watchModems } from '../../usb/watch-modems.ts';

export interface KeepAllOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Keeps one at its port until aborted, also while it is unplugged. It throws if it cannot; it is asked again when something about the modem changes. */
  readonly keep: (info: ModemInfo, signal: AbortSignal) => Promise<void>;
  /** Whether one is to be kept at all; nothing is told of others. */
  readonly mayKeep: (info: ModemInfo) => boolean;
  /** One that is plugged in and cannot be kept: a winmodem, or another reason that is told in its info. */
  readonly onUnusable: (info: ModemInfo) => void;
  readonly onFailure: (info: ModemInfo, error: ModemctlError) => void;
}

interface Keeper {
  readonly info: ModemInfo;
  readonly end: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Runs until aborted, or until the last modem that was kept cannot be kept any more.
 * @throws ModemctlError what the last keeper ended with
 */
export async function keepAll(options: KeepAllOptions): Promise<void> {
  const { clock, signal } = options;
  const over = new AbortController();
  const keepers = new Map<string, Keeper>();
  const start = (info: ModemInfo) => {
    const end = new AbortController();
    const ended = options.keep(info, AbortSignal.any([signal, over.signal, end.signal])).then(
      () => {},
      (error: unknown) => {
        if (keepers.get(info.id)?.info === info) keepers.delete(info.id);
        if (!isModemctlError(error) || keepers.size === 0) over.abort(error);
        else options.onFailure(info, error);
      },
    );
    keepers.set(info.id, { info, end, ended });
  };
  try {
    for await (const { kind, info } of watchModems({ clock, signal: AbortSignal.any([signal, over.signal]) })) {
      if (kind === 'unplugged') continue;
      const keeper = keepers.get(info.id);
      if (keeper && isSameDevice(keeper.info, info)) continue;
      // Another device has the port now.
      keeper?.end.abort();
      await keeper?.ended;
      if (!options.mayKeep(info)) continue;
      if (info.usable) start(info);
      else options.onUnusable(info);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    over.abort();
    await Promise.all([...keepers.values()].map(({ ended }) => ended));
  }
}
