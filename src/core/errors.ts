/**
 * Every error a user or script can meet, in one table. The names are API (`error.code` in JSON), the numbers are the process's exit codes; texts are for people and may change.
 *
 * Below 20 no telephone call was charged: 10 to 13 and everything under 10 end before the far end picks up.
 */
export const EXIT_CODES = {
  MODEM_ERROR: { exit: 1, meaning: 'the modem answered ERROR' },
  FAULTS_FOUND: { exit: 1, meaning: 'doctor found something that keeps the modem from working' },
  USAGE: { exit: 2, meaning: 'the command line or an AT command is not of the right form' },
  CONFIG_INVALID: { exit: 2, meaning: 'a configuration file is wrong' },
  NO_MODEM: { exit: 3, meaning: 'no modem, or none that matches' },
  AMBIGUOUS: { exit: 3, meaning: 'more than one modem matches' },
  UNUSABLE: { exit: 3, meaning: 'a modem is there, but Linux gives it no tty (a winmodem, no driver, no power)' },
  DENIED: { exit: 4, meaning: 'rights are missing' },
  IN_USE: { exit: 5, meaning: 'another program holds the modem' },
  IN_CALL: { exit: 5, meaning: 'a call is up on the modem' },
  NOT_RESPONDING: { exit: 6, meaning: 'the modem did not answer in time' },
  GONE: { exit: 7, meaning: 'the modem went away (unplugged, or reset by somebody else)' },
  HELPER: { exit: 8, meaning: 'a program or package that is needed is missing or failed' },
  NOT_RECOVERED: { exit: 9, meaning: 'every permitted recovery step was tried and the modem still does not answer' },
  NO_DIALTONE: { exit: 10, meaning: 'no dial tone' },
  BUSY: { exit: 11, meaning: 'the number is busy' },
  NO_ANSWER: { exit: 12, meaning: 'the far end did not pick up' },
  REFUSED: { exit: 13, meaning: 'the modem refused to dial: DELAYED or BLACKLISTED' },
  NO_CARRIER: { exit: 20, meaning: 'no carrier: nobody, or nobody who speaks modem' },
  CUT_OFF: { exit: 21, meaning: 'carrier was lost while our side still had business' },
  SCRIPT_FAILED: { exit: 22, meaning: 'connected, but the login, the chat script or PPP failed' },
  BUG: { exit: 70, meaning: 'a fault in modemctl itself' },
} as const satisfies Record<string, { exit: number; meaning: string }>;

/** The name of an error; the keys of {@link EXIT_CODES}. */
export type ErrorCode = keyof typeof EXIT_CODES;

/** Facts that travel with an error, all of them fit for JSON. */
export type ErrorDetails = Record<string, unknown>;

interface ErrorOptionsOfOurs {
  /** What to do next: one sentence, or a command that can be pasted. */
  hint?: string | undefined;
  details?: ErrorDetails | undefined;
  cause?: unknown;
}

/** The one class of error modemctl throws. */
export class ModemctlError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly details: ErrorDetails;

  /**
   * @param message one sentence without the final full stop: what failed, and at which device
   */
  constructor(code: ErrorCode, message: string, options: ErrorOptionsOfOurs = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ModemctlError';
    this.code = code;
    this.hint = options.hint ?? null;
    this.details = options.details ?? {};
  }

  /** The exit code of a process that ends with this error. */
  get exitCode(): number {
    return EXIT_CODES[this.code].exit;
  }
}

/** Tells whether a caught value is one of our errors, and with `code`, of that kind. */
export function isModemctlError(value: unknown, code?: ErrorCode): value is ModemctlError {
  return value instanceof ModemctlError && (code === undefined || value.code === code);
}

/** Tells whether a text is the name of one of our errors. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(EXIT_CODES, text);
}
