/** Environment variables: what we tell the programs that we run, and what we go by ourselves. One table each, behind types, man page and documentation. */

const CALL = 'programs that get a call';
const ANSWERED = 'programs that get an answered call';
const HOOK = 'the hook of `watch`';
const FAILURE = 'the hook of `--on-failure`';
const EXEC = 'the program of `exec`';
const POWER = 'the command of `--power-command`';

interface Given {
  readonly meaning: string;
  readonly givenTo: readonly string[];
}

/** What a program of the user's is told. The names are API. What comes from a caller is bounded and has no control characters, but may hold anything else. */
export const GIVEN_ENVIRONMENT = {
  MODEMCTL_MODEM: {
    meaning: 'the modem: its USB port path; the name of a virtual modem; the tty of a modem at a serial port',
    givenTo: [CALL, HOOK, FAILURE, EXEC, POWER],
  },
  MODEMCTL_TTY: {
    meaning: "the modem's tty now",
    givenTo: ['the programs of `--tty` and `--login`', HOOK, FAILURE, EXEC],
  },
  MODEMCTL_EVENT: { meaning: 'the event, by its name', givenTo: [HOOK, FAILURE] },
  MODEMCTL_WHY: { meaning: 'why the modem could not be brought back', givenTo: [FAILURE] },
  MODEMCTL_RINGS: { meaning: 'how often it has rung (`ring`, `ringEnded`)', givenTo: [HOOK] },
  MODEMCTL_DISTINCTIVE_RING: {
    meaning: "which of the line's numbers is called, where the modem tells (`ring`)",
    givenTo: [HOOK],
  },
  MODEMCTL_CALLER_NUMBER: {
    meaning: "the caller's number as the telephone line tells it; empty: not told",
    givenTo: [ANSWERED, HOOK],
  },
  MODEMCTL_CALLER_NAME: { meaning: "the caller's name; empty: not told", givenTo: [ANSWERED, HOOK] },
  MODEMCTL_CALLER_PRESENTATION: {
    meaning: '`allowed`, `private` (withheld), `unavailable`, or `none`: no caller ID came',
    givenTo: [ANSWERED, HOOK],
  },
  MODEMCTL_CALLED_NUMBER: { meaning: 'the number that was called, where the line tells', givenTo: [ANSWERED, HOOK] },
  MODEMCTL_CALL_TIME: { meaning: 'when the call came up, ISO 8601', givenTo: [CALL] },
  MODEMCTL_CONNECT_RATE: {
    meaning: 'bits a second on the telephone line; empty: the modem does not tell',
    givenTo: [CALL],
  },
  MODEMCTL_POWER: { meaning: '`off` or `on`', givenTo: [POWER] },
} as const satisfies Record<string, Given>;

/** Some of it. */
export type GivenEnvironment = Partial<Record<keyof typeof GIVEN_ENVIRONMENT, string>>;

/** What we go by. */
export const READ_ENVIRONMENT = {
  MODEMCTL_DEVICE: 'which modem, where -d does not say',
  MODEMCTL_CONFIG: 'this configuration file and no other, where --config does not say',
  MODEMCTL_DEBUG: 'not empty: errors are told with the place in the program',
  'NO_COLOR, FORCE_COLOR': 'without and with colours; TERM=dumb is without, and without a line of progress',
  'XDG_CONFIG_HOME, HOME': 'where your own configuration is',
  XDG_RUNTIME_DIR: 'where virtual modems are registered, and the control socket of an ordinary user is',
  PATH: 'where programs are found; those of the system also in /usr/sbin and /sbin',
  'NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID': 'set by systemd for services: answer and watch tell it how they do',
  'RUNTIME_DIRECTORY, JOURNAL_STREAM':
    'set by systemd for services: where the control socket is, and whether stderr is the journal',
  'SUDO_USER, SSH_CONNECTION': 'set by sudo and sshd: whom setup gives rights, and which network may not lose power',
} as const satisfies Record<string, string>;
