/** The call as two streams: stdin and stdout in a pipe, or those of a program. */
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { sleep } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { signalGroup } from '../core/process-group.ts';
import type { Call } from '../modem/call.ts';
import { callEnvironment } from './call-environment.ts';
import { type RelayEnd, relay } from './relay.ts';
import { type Taken, type Taker, taken } from './taker.ts';

/**
 * What comes goes to `output`, what `input` has goes out; after its end the far end may still talk.
 * @param idleMs after the end of input the call is over when nothing has come for this long
 */
export function streamTaker(input: Readable, output: Writable, idleMs: number): Taker {
  return async (session, call, signal) =>
    outcome(call, await relay(call, input, output, { clock: session.clock, signal, idleMs }));
}

/** A program that is done with its output may take this long to end. */
const PROGRAM_END_MS = 5000;

/**
 * A program, run by the shell, has the call on its stdin and stdout; when it ends, the call ends. It has the modem's id in MODEMCTL_MODEM, and what {@link callEnvironment} tells.
 */
export function programTaker(command: string): Taker {
  return async (session, call, signal) => {
    const child = spawn('/bin/sh', ['-c', command], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // A group of its own: what it has started ends with it, and Ctrl-C is for us.
      detached: true,
      env: { ...process.env, MODEMCTL_MODEM: session.id, ...callEnvironment(call) },
    });
    const ended = new Promise<string | null>((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('exit', (code, by) => resolve(code === 0 ? null : by ? `was ended by ${by}` : `ended with ${code}`));
    });
    // The end of its output is the end of the call: what it wrote before has gone out by then.
    const end = await relay(call, child.stdout, child.stdin, { clock: session.clock, signal, idleMs: 0 });
    child.stdin.destroy();
    child.stdout.destroy();
    const late = sleep(session.clock, PROGRAM_END_MS).then(() => 'did not end');
    const running = child.exitCode === null && child.signalCode === null;
    if (end.by === 'farEnd' || end.by === 'signal') signalGroup(child, 'SIGHUP');
    const trouble = await Promise.race([ended, late]);
    if (trouble === 'did not end') signalGroup(child, 'SIGKILL');
    if (end.by === 'farEnd') return outcome(call, { ...end, unfinished: end.unfinished && running });
    if (end.by === 'signal') return taken('signal', true);
    if (trouble === null) return taken('us');
    const failure = new ModemctlError('SCRIPT_FAILED', `${command} ${trouble}`, { details: { command } });
    return { endedBy: 'us', unfinished: false, failure };
  };
}

function outcome(call: Call, end: RelayEnd): Taken {
  if (end.by === 'signal') return taken('signal');
  if (end.by === 'farEnd') return taken(call.end === 'modemGone' ? 'modemGone' : 'farEnd', end.unfinished);
  return taken('us');
}
