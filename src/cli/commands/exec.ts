import { ModemctlError } from '../../core/errors.ts';
import { freeLine } from '../../modem/free-line.ts';
import { handOver, type ProgramEnd } from '../../modem/hand-over.ts';
import { PROOF_LIMIT_MS } from '../../modem/proof.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { withSession } from '../with-session.ts';

export const exec: CommandSpec = {
  name: 'exec',
  group: 'Talk',
  summary: 'lend the idle modem to another program, then prove that it is ready again',
  arguments: [{ name: 'program', variadic: true, required: true, describe: 'the program and its arguments, after --' }],
  stdoutIsTheirs: () => true,
  options: [
    {
      flags: '--locks-itself',
      describe: 'the program makes its own lock file (known of minicom, picocom, tio, microcom, kermit)',
    },
    { flags: '-f, --force', describe: 'even if another program has the modem, or a call is up' },
  ],
  examples: [
    [
      'modemctl exec -- sh -c \'minicom -D "$MODEMCTL_TTY"\' --locks-itself',
      'minicom, whatever the tty is called today',
    ],
    ['modemctl exec -- sh -c \'efax -d "$MODEMCTL_TTY" -t T5550137 page.001\'', 'send a fax'],
  ],
  notes: [
    'The program gets the tty in MODEMCTL_TTY and the modem in MODEMCTL_MODEM. It starts with echo on and result codes in words, and the lock file in its name. When it has ended, the line is made free and the modem must answer AT.',
    'Exit codes: 0 the program succeeded and the modem is ready; 8 the program failed or is not there; 6 the modem does not answer afterwards (modemctl reset).',
  ],
  run: runExec,
};

async function runExec(context: Context, { options, args }: Invocation): Promise<void> {
  const [program, ...rest] = args as [string, ...string[]];
  await withSession(context, { force: options.force === true }, async (session) => {
    context.report({ modem: session.id, program, programExit: null, ready: false });
    await session.open();
    await session.refuseCall();
    if (!(await session.answers(PROOF_LIMIT_MS, context.signal))) {
      if (context.signal.aborted) return;
      throw new ModemctlError('NOT_RESPONDING', `${session.name} does not answer, so it is not lent`, {
        hint: `Bring it back: modemctl reset -d ${session.id}`,
        details: { modem: session.id },
      });
    }
    const end = await handOver(session, {
      argv: [program, ...rest],
      locksItself: options.locksItself === true ? true : undefined,
      signal: context.signal,
    });
    context.report({ programExit: end.code, programSignal: end.signal });
    context.progress.start('making sure that the line is free');
    await freeLine(session);
    context.progress.stop();
    context.report({ ready: true, tty: session.tty });
    context.say(`${session.name}: line is on-hook, the modem is ready`);
    if (!context.signal.aborted) requireSuccess(program, end);
  });
}

function requireSuccess(program: string, { code, signal }: ProgramEnd): void {
  if (code === 0) return;
  const how = signal ? `was ended by ${signal}` : `ended with ${code}`;
  throw new ModemctlError('HELPER', `${program} ${how}; the modem is ready again`, {
    details: { program, exitCode: code, signal },
  });
}
