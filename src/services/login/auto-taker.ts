/** A call for PPP or for a login, whichever the caller begins with. */
import { toBytes } from '../../core/text.ts';
import type { Call } from '../../modem/call.ts';
import type { Session } from '../../modem/session.ts';
import { type Taker, taken } from '../taker.ts';
import { type FirstWords, FirstWordsReader } from './first-words.ts';

/** As agetty and login give a caller (LOGIN_TIMEOUT of login.defs). */
const LIMIT_MS = 60_000;

export interface AutoTakerOptions {
  /** What the prompt calls this machine. */
  readonly host: string;
  readonly ppp: Taker;
  /** A login of this name, whose password has not been asked for. */
  readonly login: (name: string) => Taker;
  readonly log: (text: string) => void;
}

/**
 * The caller gets a login prompt at once, as from mgetty: people wait for one, and PPP takes what is no frame for noise. The frame that tells PPP is gone then; LCP sends it again after 3 s.
 */
export function autoTaker({ host, ppp, login, log }: AutoTakerOptions): Taker {
  return async (session, call, signal) => {
    const words = await listen(session, call, `${host} login: `, signal);
    if (words?.kind === 'ppp') return ppp(session, call, signal);
    if (words) return login(words.name)(session, call, signal);
    if (signal.aborted) return taken('signal');
    if (call.end !== null) return taken(call.end === 'modemGone' ? 'modemGone' : 'farEnd');
    log('the caller gave no name and did not begin PPP');
    return taken('us');
  };
}

/** Null: nothing was said in time, or the call is over. */
async function listen(session: Session, call: Call, prompt: string, signal: AbortSignal): Promise<FirstWords | null> {
  const patience = new AbortController();
  const cancel = session.clock.after(LIMIT_MS, () => patience.abort());
  const given = AbortSignal.any([signal, patience.signal]);
  const reader = new FirstWordsReader(prompt);
  try {
    let answer = `\r\n${prompt}`;
    for (;;) {
      if (answer !== '' && !(await call.write(toBytes(answer), given))) return null;
      answer = '';
      // No more than is looked at: the rest belongs to whoever gets the call. A carriage return may come with the byte after it; login throws away what was typed before its own prompt.
      const bytes = await call.read(given, 1);
      if (bytes === null) return null;
      for (const byte of bytes) {
        const { echo, words } = reader.receive(byte);
        answer += echo;
        if (!words) continue;
        if (answer !== '') await call.write(toBytes(answer), given);
        return words;
      }
    }
  } finally {
    cancel();
  }
}
