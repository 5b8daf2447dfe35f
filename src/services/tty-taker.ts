/** The call's tty for another program: it opens MODEMCTL_TTY and has the call to itself. What it leaves behind there is ended with the call. */
import { ModemctlError } from '../core/errors.ts';
import { type HandOverOptions, handOver, type ProgramEnd } from '../modem/hand-over.ts';
import { callEnvironment } from './call-environment.ts';
import { type Taker, taken, takenByTrouble } from './taker.ts';

export function ttyTaker(options: Omit<HandOverOptions, 'signal'>): Taker {
  return async (session, call, signal) => {
    const env = { ...callEnvironment(call), ...options.env };
    let end: ProgramEnd;
    try {
      end = await handOver(session, { endsOthers: true, ...options, env, signal });
    } catch (error) {
      return takenByTrouble(session, error, signal);
    }
    if (signal.aborted) return taken('signal');
    if (end.code === 0) return taken('us');
    const how = end.signal ? `was ended by ${end.signal}` : `ended with ${end.code}`;
    const details = { program: options.argv.join(' '), exitCode: end.code, signal: end.signal };
    const failure = new ModemctlError('SCRIPT_FAILED', `${options.argv.join(' ')} ${how}`, { details });
    return { endedBy: 'us', unfinished: false, failure };
  };
}
