/** `--around UNIT`: a systemd unit that has the modem is stopped while a command works, and always started again. */
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { SessionTarget } from '../modem/session.ts';
import { type AroundEvent, aroundUnit } from '../services/around-unit.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Context } from './context.ts';
import { selectTarget } from './select.ts';

export const AROUND_OPTION: OptionSpec = {
  flags: '--around <unit>',
  describe: 'stop this systemd unit first, and always start it again',
};

export const AROUND_NOTE =
  '--around is for programs that hold the modem without a lock and for good. The unit is started again whatever happens, also when modemctl fails, is interrupted or killed; one that does not run is left alone. One that systemd does not know is exit 2, a missing right 4, no systemctl 8, and so is a unit that does not start again (modemctl then says so instead of what it found).';

const TOLD: Readonly<Record<AroundEvent, string>> = {
  notRunning: 'does not run, so it is left alone',
  stopping: 'is being stopped',
  stopped: 'was stopped',
  startedAgain: 'was started again',
  starting: 'is being started again',
};

/**
 * Runs `work` as it is, or with the unit of `--around` stopped.
 * @param find finds the modem, where the ordinary way is not enough; undefined: it is
 */
export async function around(
  context: Context,
  { around: unit }: Invocation['options'],
  work: () => Promise<void>,
  find: () => Promise<SessionTarget | undefined> = async () => undefined,
): Promise<void> {
  if (typeof unit !== 'string') return work();
  const { clock, signal, world, progress } = context;
  // Nothing is stopped for a modem that is not there.
  if (!(await find())) await selectTarget(context, { forRepair: true, holders: false });
  const done = { unit, stopped: false, startedAgain: false };
  context.report({ around: done });
  const tell = (event: AroundEvent) => {
    if (event === 'stopped') done.stopped = true;
    if (event === 'startedAgain' || event === 'starting') done.startedAgain = true;
    progress.stop();
    if (event === 'stopping') progress.start(`stopping ${unit}`);
    else context.say(`${unit} ${TOLD[event]}`);
  };
  try {
    await aroundUnit(unit, { clock, signal, env: world.env, tell }, work);
  } catch (error) {
    throw done.stopped && isModemctlError(error) ? inFrontOf(unit, error) : error;
  }
}

/** By then the unit has the modem again: what is advised has to go around it as well. */
function inFrontOf(unit: string, { code, message, hint, details }: ModemctlError): ModemctlError {
  const words = `modemctl reset --around ${shellWord(unit)} `;
  return new ModemctlError(code, message, { hint: hint?.replaceAll('modemctl reset ', words), details });
}
