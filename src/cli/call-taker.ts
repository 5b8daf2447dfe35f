/** Who gets a call that is up, by the options of `dial` and `answer`. */
import { accessSync, constants, existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseDuration } from '../core/duration.ts';
import { ModemctlError } from '../core/errors.ts';
import { findProgram, isFile } from '../core/find-program.ts';
import { shellWord } from '../core/shell-word.ts';
import { printable } from '../core/text.ts';
import { type ChatScript, parseChatScript } from '../modem/chat/script.ts';
import { type ChatEvents, chatTaker } from '../services/chat-taker.ts';
import { checkTaker } from '../services/check-taker.ts';
import { PATH_ALONE } from '../services/hooks.ts';
import { limitedTaker } from '../services/limited-taker.ts';
import { autoTaker } from '../services/login/auto-taker.ts';
import { BTMP } from '../services/login/failed-logins.ts';
import { loginProgram } from '../services/login/login-program.ts';
import { loginTaker } from '../services/login/login-taker.ts';
import { programTaker, streamTaker } from '../services/stream-taker.ts';
import { leavingTaker, type Taker } from '../services/taker.ts';
import { ttyTaker } from '../services/tty-taker.ts';
import { readChatFile } from './chat-file.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Context } from './context.ts';
import { isJournal } from './journal.ts';
import { chatText } from './phone-book.ts';
import { type PppSide, pppTakerFor, refusePppOptions } from './ppp.ts';
import { isOnStdio } from './stdio.ts';
import { isOnTerminal, TERMINAL_OPTIONS } from './terminal.ts';
import { terminalTaker } from './terminal-taker.ts';

type Options = Invocation['options'];

/** After the end of stdin a far end that sends nothing for this long has nothing to send. */
const IDLE_MS = 60_000;

export const TAKER_OPTIONS: readonly OptionSpec[] = [
  { flags: '--exec <command>', describe: 'give the call to a program, on its stdin and stdout' },
  { flags: '--tty <command>', describe: "give the call's tty to a program, in MODEMCTL_TTY" },
  ...TERMINAL_OPTIONS,
];

/** `dial` only. */
export const CHECK_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--idle <duration>',
    describe:
      'end the call when stdin has ended and nothing has come for this long (default 60s); with --ppp: no packet',
    parse: parseDuration,
  },
  { flags: '--chat <file>', describe: 'first run this script, in the language of chat(8): log in, say a password' },
  { flags: '--check <text>', describe: 'wait until the far end has sent this text, then hang up' },
];

/** `answer` only. */
export const LOGIN_OPTIONS: readonly OptionSpec[] = [
  { flags: '--login', describe: "give the call to the system's login (root only)" },
  { flags: '--auto', describe: 'PPP for a caller who begins with it, else the login (root only)' },
];

/** The options of which there can be only one. */
const EXCLUSIVE = ['exec', 'tty', 'check', 'ppp', 'login', 'auto'];

/** Those that hand the tty over. */
const NEED_TTY = ['tty', 'ppp', 'login', 'auto'];

/** Whether stdout is the call. */
export function stdoutIsCall(options: Options): boolean {
  return EXCLUSIVE.every((name) => options[name] === undefined);
}

/**
 * @throws ModemctlError USAGE: more than one taker, an empty one, a chat script that cannot be read; HELPER, DENIED: a program that is not there, or may not be run; CONFIG_INVALID: a mistake in it; for PPP also HELPER and DENIED
 */
export async function takerFor(
  context: Context,
  options: Options,
  side: PppSide = { answers: false, pppdOptions: [] },
): Promise<Taker> {
  const taker = await finalTaker(context, options, side);
  const lines = await chatLines(context, options.chat);
  return lines === null ? taker : chatTaker(readChatScript(lines), chatEvents(context), taker);
}

async function finalTaker(context: Context, options: Options, side: PppSide): Promise<Taker> {
  const chosen = EXCLUSIVE.filter((name) => options[name] !== undefined);
  if (chosen.length > 1) {
    const names = chosen.map((name) => `--${name}`).join(' and ');
    throw new ModemctlError('USAGE', `a call can be given to one taker only, not to ${names}`);
  }
  refuseOnStdio(context, chosen[0]);
  if (options.ppp === true) return pppTakerFor(context, options, side);
  if (options.auto === true) return autoTakerFor(context, options, side);
  refusePppOptions(options);
  if (options.login === true) return loginTakerFor(context);
  const idleMs = (options.idle as number | undefined) ?? IDLE_MS;
  if (typeof options.check === 'string') return checkTaker(textOf(options.check), idleMs);
  const { env } = context.world;
  if (typeof options.exec === 'string') return programTaker(commandOf('--exec', options.exec, env));
  if (typeof options.tty === 'string') {
    return ttyTaker({ argv: ['/bin/sh', '-c', commandOf('--tty', options.tty, env)] });
  }
  if (isOnStdio(context.common)) return leavingTaker;
  if (isOnTerminal(context)) return terminalTaker(context, options);
  return streamTaker(context.world.stdin, context.world.stdout, idleMs);
}

/** Looked at before the call, which a slip of the pen, or a variable that is empty, is not to cost. */
function commandOf(option: string, command: string, env: NodeJS.ProcessEnv): string {
  if (command.trim() === '') throw new ModemctlError('USAGE', `the command of ${option} is empty`);
  if (PATH_ALONE.test(command)) findProgram(command, env);
  return command;
}

function textOf(check: string): string {
  if (check !== '') return check;
  throw new ModemctlError('USAGE', 'the text of --check is empty', {
    hint: 'A call alone, without a text: modemctl dial --idle 1s NUMBER < /dev/null',
  });
}

function loginTakerFor(context: Context): Taker {
  requireRoot(context, '--login');
  const program = loginProgram(context.world.env);
  warnOfTries(context);
  return loginTaker(program, loginLog(context));
}

async function autoTakerFor(context: Context, options: Options, side: PppSide): Promise<Taker> {
  const { env } = context.world;
  requireRoot(context, '--auto');
  // Before a call is answered that could not be given to anybody.
  loginProgram(env);
  warnOfTries(context);
  const log = (text: string) => context.say(text);
  const idleMs = (options.idle as number | undefined) ?? null;
  return autoTaker({
    host: hostname(),
    ppp: await pppTakerFor(context, options, side),
    // pppd counts its own silence.
    login: (name) => limitedTaker(loginTaker(loginProgram(env, name), loginLog(context)), { maxMs: null, idleMs }),
    log,
  });
}

/** Who logs in goes to the system's log anyway. */
function loginLog(context: Context): (text: string) => void {
  return isJournal(context.world.env) ? () => {} : (text) => context.say(text);
}

function warnOfTries(context: Context): void {
  if (existsSync(BTMP)) return;
  const note = context.colourOfTalk.yellow('note:');
  context.say(
    `${note} failed logins cannot be counted, only login's own limit ends them: sudo install -m 660 -g utmp /dev/null ${BTMP}`,
  );
}

/** @throws ModemctlError DENIED */
function requireRoot(context: Context, option: string): void {
  if (process.getuid?.() === 0) return;
  const { device } = context.common;
  throw new ModemctlError('DENIED', 'only root can let somebody log in', {
    hint: `Run it as root: sudo modemctl answer ${option}${device === undefined ? '' : ` -d ${shellWord(device)}`}`,
  });
}

/** What wants the tty to itself cannot have one that is another program's. */
function refuseOnStdio(context: Context, taker: string | undefined): void {
  if (!isOnStdio(context.common) || taker === undefined || !NEED_TTY.includes(taker)) return;
  throw new ModemctlError('USAGE', `--${taker} needs a modem of its own, not one on stdin and stdout`, {
    hint: 'See which modems there are: modemctl detect',
  });
}

/** Read before the call, which a mistake in it is not to cost. */
function readChatScript(text: string): ChatScript {
  const script = parseChatScript(text);
  for (const file of script.files) {
    if (isReadableFile(file)) continue;
    throw new ModemctlError('USAGE', `the chat script sends from ${file}, which is no file that can be read`);
  }
  return script;
}

function isReadableFile(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return isFile(path);
  } catch {
    return false;
  }
}

async function chatLines(context: Context, chat: unknown): Promise<string | null> {
  if (Array.isArray(chat)) return chatText(chat);
  return typeof chat === 'string' ? readChatFile(chat, context.clock, context.signal) : null;
}

function chatEvents(context: Context): ChatEvents {
  return {
    say: (text) => context.say(printable(text.replace(/[\r\n]+$/, ''))),
    echo: (text) => context.world.stderr.write(text),
    progress: (text) => {
      if (context.common.verbose) context.say(context.colourOfTalk.dim(text));
    },
  };
}
