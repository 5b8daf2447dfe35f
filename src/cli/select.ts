/** The modem that a command line means. */
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { type SelectOptions, selectModem, type Target } from '../usb/selector.ts';
import type { Context } from './context.ts';

/**
 * Finds it. A selector that came from the environment or a file is said to, since nobody remembers having typed it.
 * @throws ModemctlError NO_MODEM, AMBIGUOUS, UNUSABLE, USAGE, DENIED
 */
export async function selectTarget(
  context: Context,
  options: SelectOptions = {},
): Promise<Exclude<Target, { kind: 'stdio' }>> {
  const { clock, signal } = context;
  const { device = null, deviceFrom } = context.common;
  let target: Target;
  try {
    const { named, mayBeChosen } = context.configured;
    target = await selectModem(device, { clock, signal, named, mayBeChosen, ...options });
  } catch (error) {
    if (device === null || !isModemctlError(error)) throw error;
    const { code, message, hint, details } = error;
    const meant = code === 'NO_MODEM' ? context.configured.near(device) : null;
    const chosen = deviceFrom === 'option' ? '' : ` (chosen by ${deviceFrom})`;
    const more = meant === null ? '' : `Did you mean ${meant}? Else `;
    throw new ModemctlError(code, `${message}${chosen}`, {
      hint: hint === null ? undefined : `${more}${hint}`,
      details,
    });
  }
  if (target.kind !== 'stdio') return target;
  throw new ModemctlError('USAGE', '"-" (the modem on stdin and stdout) makes no sense for this command', {
    hint: 'To see which modems there are: modemctl detect',
  });
}
