import { parseDuration } from '../../core/duration.ts';
import { ModemctlError } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import { Hooks } from '../../services/hooks.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { KEEPING_NOTES, KEEPING_OPTIONS, Keeping, keepingPolicy } from '../keeping.ts';
import type { Servable } from '../servable.ts';
import { Watcher, type WatcherOptions } from '../watcher.ts';

const CHECK_EVERY_MS = 5 * 60_000;
const SHORTEST_CHECK_MS = 1000;
const HOOK_LIMIT_MS = 60_000;
/** Hooks may end what they began, after we were asked to end. */
const HOOKS_END_MS = 3000;

export const watch: CommandSpec = {
  name: 'watch',
  group: 'Keep it',
  summary: 'tell what happens on the modems: rings, who calls, unplugged, hung; keep them ready',
  settings: { sections: ['', 'watch', 'recovery'] },
  selectorArgument: true,
  options: [
    { flags: '-e, --exec <hook>', describe: 'run this for each event: a file, or a line for /bin/sh' },
    { flags: '--exec-limit <duration>', describe: 'kill a hook that takes longer (default 1m)', parse: parseDuration },
    {
      flags: '--check-every <duration>',
      describe: 'ask an idle modem whether it still answers (default 5m)',
      parse: parseDuration,
    },
    { flags: '--no-recover', describe: 'only tell that it hangs; do not bring it back' },
    ...KEEPING_OPTIONS,
  ],
  examples: [
    ['modemctl watch', 'who calls, on every modem, until Ctrl-C; the call is left to the telephone'],
    ['modemctl watch -d 1-1.2', 'one modem'],
    [
      'modemctl watch --json | jq --unbuffered -r \'select(.event == "callerId").caller.number\'',
      'the numbers of callers, for scripts',
    ],
    ['modemctl watch --exec ./on-call.sh', 'a program for each event; what it gets is below'],
    [
      'modemctl watch --exec \'test "$MODEMCTL_EVENT" = callerId && notify-send "$MODEMCTL_CALLER_NUMBER"\'',
      'as a line for the shell: quote the variables',
    ],
  ],
  notes: [
    'Events: waiting (set up, with callerId true where the modem took the command for it), ring (count so far, distinctive), callerId (caller: number, name, date, time, presentation, calledNumber), ringEnded (rings, caller; null if none was told), connect and disconnect (carrier), unplugged, plugged, reset (by somebody else), hung, recovered (recoveredBy: the step, or null), gaveUp, suspect (it answers AT, but so many calls in a row had no caller ID any more), lent. With --json each line is an object with time, event, modem and these.',
    'The hook gets the same object on stdin, and in its environment MODEMCTL_EVENT, MODEMCTL_MODEM (USB port path), MODEMCTL_TTY, MODEMCTL_RINGS, MODEMCTL_DISTINCTIVE_RING, MODEMCTL_CALLER_NUMBER, MODEMCTL_CALLER_NAME, MODEMCTL_CALLER_PRESENTATION (allowed, private, unavailable; none if no caller ID came) and MODEMCTL_CALLED_NUMBER; what does not apply is empty. What comes from a caller has no control characters, but may hold anything else: quote it. At most four run at a time. What it prints goes to stderr.',
    'Without a selector (-d, MODEMCTL_DEVICE, device in the configuration) every modem is watched that the configuration does not leave alone (allow, deny): those that are there, and those that are plugged in later. With -v, --trace or --record it is one. If there is only one, and it cannot be had, the command ends.',
    'The modem is found by its USB port, whatever tty it gets; caller ID is switched on again after every reset, replug and loan. Other modemctl commands borrow the modem while nothing rings; docs/control-socket.md has the socket for other programs.',
    ...KEEPING_NOTES,
    'Exit codes: 128+n, by the signal that ends it; 3 no such modem; 5 in use by another program, or a call is up.',
  ],
  run: runWatch,
};

/** As a service of systemd's. */
export const watchService: Servable = {
  command: watch,
  summary: 'have systemd keep the modems ready from boot on, and tell what happens',
  examples: [
    ['sudo modemctl setup watch', 'every modem'],
    ['sudo modemctl setup watch -d 1-1.2 --exec ./on-call.sh', 'one modem, and a program for each event'],
    ['sudo modemctl setup watch --remove', 'undo'],
  ],
  needs: 'all',
  taskOf: (_options, runsCommands) => (runsCommands ? 'program' : 'none'),
  refuse: () => null,
  check: async (context, { options }) => {
    keepingPolicy(options);
    planWatching(context, options);
  },
};

type Plan = Pick<WatcherOptions, 'checkEveryMs' | 'recover' | 'hooks' | 'note' | 'awaits'>;

/** @throws ModemctlError USAGE */
function planWatching(context: Context, options: Invocation['options']): Plan {
  const checkEveryMs = (options.checkEvery as number | undefined) ?? CHECK_EVERY_MS;
  if (checkEveryMs < SHORTEST_CHECK_MS) throw new ModemctlError('USAGE', '--check-every is at least 1s');
  const note = (text: string) => context.say(`${context.colourOfTalk.yellow('note:')} ${printable(text)}`);
  const { clock } = context;
  const limitMs = (options.execLimit as number | undefined) ?? HOOK_LIMIT_MS;
  const hooks = typeof options.exec === 'string' ? new Hooks(options.exec, { clock, limitMs, note }) : null;
  return { checkEveryMs, recover: options.recover !== false, hooks, note, awaits: options.await === true };
}

async function runWatch(context: Context, invocation: Invocation): Promise<void> {
  const plan = planWatching(context, invocation.options);
  const keeping = new Keeping(context, invocation);
  const watcher = new Watcher(context, { ...plan, keeping });
  try {
    await watcher.run();
  } finally {
    await keeping.end();
    await plan.hooks?.close(HOOKS_END_MS);
  }
}
