import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import { findProgram } from '../../core/find-program.ts';
import { freeLine } from '../../modem/free-line.ts';
import { handOver, type ProgramEnd } from '../../modem/hand-over.ts';
import { PROOF_LIMIT_MS } from '../../modem/proof.ts';
import type { Session } from '../../modem/session.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { HeldCall } from '../held-call.ts';
import { needsOf, openForCommand, RECOVER_OPTION } from '../recovering.ts';
import { withSession } from '../with-session.ts';

export const exec: CommandSpec = {
  name: 'exec',
  group: 'Talk',
  summary: 'lend the idle modem to another program, then prove that it is ready again',
  settings: { sections: [] },
  arguments: [
    {
      name: 'program',
      variadic: true,
      required: true,
      afterDashes: true,
      describe: 'the program and its arguments',
    },
  ],
  stdoutIsTheirs: () => true,
  options: [
    {
      flags: '--locks-itself',
      describe: 'the program makes its own lock file (known of minicom, picocom, microcom, kermit)',
    },
    RECOVER_OPTION,
    { flags: '-f, --force', describe: 'even if another program has the modem, or a call is up' },
  ],
  examples: [
    ['modemctl exec -- minicom -D {}', 'minicom on the modem, whatever its tty is called today'],
    ['modemctl exec -- efax -d {} -t T5550137 page.001', 'send a fax'],
    ['modemctl exec -- sh -c \'exec 3<>"$MODEMCTL_TTY"; ...\'', 'a script of your own'],
  ],
  notes: [
    '{} in an argument becomes the path of the tty; the program gets it in MODEMCTL_TTY as well, and the name of the modem in MODEMCTL_MODEM. It starts with echo on and result codes in words, and with the lock file in its name.',
    'When it has ended, the line is made free and the modem must answer AT. Ctrl-C, SIGTERM, SIGHUP and SIGQUIT end the program too; so does a modem that goes away for 15 s.',
    'Exit codes: 0 the program succeeded and the modem is ready; 8 the program failed or is not there; 5 it left a process behind that has the tty; 6 the modem does not answer afterwards (modemctl reset); 7 it went away.',
  ],
  run: runExec,
};

async function runExec(context: Context, { options, args }: Invocation): Promise<void> {
  const [name, ...rest] = args as [string, ...string[]];
  findProgram(name, context.world.env);
  await withSession(context, needsOf(options), async (session) => {
    context.report({ modem: session.id, program: name, programExit: null, programSignal: null, ready: false });
    await openForCommand(context, session, options);
    await session.refuseCall();
    if (!(await session.answers(PROOF_LIMIT_MS, context.signal))) {
      if (context.signal.aborted) return;
      throw new ModemctlError('NOT_RESPONDING', `${session.name} does not answer, so it is not lent`, {
        hint: `Bring it back: modemctl reset -d ${session.id}`,
        details: { modem: session.id },
      });
    }
    const held = await HeldCall.open(context, session, true);
    try {
      const end = await lend(context, session, [name, ...rest], options.locksItself === true, held.signal);
      if (!context.signal.aborted) requireSuccess(name, end);
    } catch (error) {
      // An error is not told after Ctrl-C, but nobody must take the line for free then.
      if (context.signal.aborted && isModemctlError(error)) context.say(`note: ${error.message}`);
      throw error;
    } finally {
      await held.close(context.reported.ready === true ? null : 'the modem did not show that it is free');
    }
  });
}

async function lend(
  context: Context,
  session: Session,
  argv: readonly [string, ...string[]],
  locksItself: boolean,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  const end = await handOver(session, {
    argv,
    locksItself: locksItself || undefined,
    signal,
    onEnd: ({ code, signal }) => context.report({ programExit: code, programSignal: signal }),
    onWait: (what) => context.progress.start(what),
  });
  context.progress.start('making sure that the line is free');
  await freeLine(session);
  context.progress.stop();
  context.report({ ready: true, tty: session.tty });
  context.say(`${session.name}: line is on-hook, the modem is ready`);
  return end;
}

function requireSuccess(program: string, { code, signal }: ProgramEnd): void {
  if (code === 0) return;
  const how = signal ? `was ended by ${signal}` : `ended with ${code}`;
  throw new ModemctlError('HELPER', `${program} ${how}; the modem is ready again`, {
    details: { program, exitCode: code, signal },
  });
}
