/** The desk of a command that keeps the modem. */
import { isModemctlError } from '../core/errors.ts';
import { Desk, type DeskOptions } from '../services/control/desk.ts';
import type { Context } from './context.ts';

/**
 * Null: there is nowhere to listen; that is no reason not to work.
 * @throws ModemctlError IN_USE
 */
export async function openDesk(context: Context, options: Omit<DeskOptions, 'command'>): Promise<Desk | null> {
  try {
    return await Desk.open({ ...options, command: context.command });
  } catch (error) {
    if (!isModemctlError(error) || error.code === 'IN_USE') throw error;
    context.say(`note: no control socket: ${error.message}`);
    return null;
  }
}
