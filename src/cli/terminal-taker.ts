/** On a terminal, talk: the user's own is the taker of a call. */
import { type Taken, type Taker, taken } from '../services/taker.ts';
import { callHost } from '../services/terminal/call-host.ts';
import type { TerminalEnd } from '../services/terminal/terminal.ts';
import type { Invocation } from './command.ts';
import type { Context } from './context.ts';
import { prefixName, runTerminal } from './terminal.ts';

export function terminalTaker(context: Context, options: Invocation['options']): Taker {
  return async (session, call, signal) => {
    const greeting = `${prefixName(options)} ? for help`;
    const end = await runTerminal(context, options, greeting, call, callHost(session, call), signal);
    return takenBy(end, call.end === 'modemGone');
  };
}

/** Whoever talks at a terminal has nothing unfinished: a far end that logs us off ends the call as we would have. */
function takenBy(end: TerminalEnd, isGone: boolean): Taken {
  if (end === 'signal') return taken('signal');
  if (end === 'linkOver') return taken(isGone ? 'modemGone' : 'farEnd');
  return taken('us');
}
