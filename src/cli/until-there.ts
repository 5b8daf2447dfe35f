/** Waits for the modem that a command line means (`--await`): a system boots before its modem is found, or without it. */
import { isModemctlError, type ModemctlError } from '../core/errors.ts';
import type { SessionTarget } from '../modem/session.ts';
import { BusWatch } from '../usb/bus-watch.ts';
import { unusable } from '../usb/selector-errors.ts';
import type { Context } from './context.ts';
import { selectTarget } from './select.ts';

/** A driver is bound, and a node made, some time after the device is there; nothing may tell of it. */
const LOOK_AGAIN_MS = 5000;

/**
 * Returns when it is there and has a tty, however long that takes.
 * @param onAbsent called with what is waited for, once for each reason
 * @throws ModemctlError AMBIGUOUS, USAGE, UNUSABLE (a winmodem); the signal's reason
 */
export async function untilThere(context: Context, onAbsent: (what: string) => void): Promise<SessionTarget> {
  const { clock, signal, colourOfTalk } = context;
  const bus = new BusWatch({ clock, signal });
  let told = '';
  try {
    for (;;) {
      const found = await look(context);
      if (!('why' in found)) return found;
      if (found.why !== told) {
        told = found.why;
        context.say(`${colourOfTalk.yellow('note:')} ${told}; waiting for it`);
        onAbsent(context.common.device ?? 'a modem');
      }
      await bus.changed(LOOK_AGAIN_MS);
    }
  } finally {
    bus.close();
  }
}

async function look(context: Context): Promise<SessionTarget | { readonly why: string }> {
  try {
    const target = await selectTarget(context, { holders: false });
    if (target.kind === 'tty') return { info: null, tty: target.tty };
    const { info } = target;
    if (info.usable) return { info };
    throw unusable(info);
  } catch (error) {
    if (!isModemctlError(error) || !mayChange(error)) throw error;
    return { why: error.message };
  }
}

/** A modem may come, and one that has no driver yet may get it; a winmodem stays one. */
function mayChange({ code, details }: ModemctlError): boolean {
  if (code === 'NO_MODEM') return true;
  const { modems = [] } = details as { readonly modems?: ReadonlyArray<{ readonly state: string }> };
  return code === 'UNUSABLE' && modems.some(({ state }) => state !== 'softmodem');
}
