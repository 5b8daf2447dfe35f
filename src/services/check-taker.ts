/** Connects, waits for a text, hangs up: a line for a fleet's nightly test. */
import { formatDuration } from '../core/duration.ts';
import { ModemctlError } from '../core/errors.ts';
import { fromBytes, printable } from '../core/text.ts';
import type { Taker } from './taker.ts';

/** Kept of what came, to be told if the text did not. */
const SHOWN = 120;

/** @param limitMs how long to wait for it */
export function checkTaker(text: string, limitMs: number): Taker {
  return async (session, call, signal) => {
    const patience = new AbortController();
    const cancel = session.clock.after(limitMs, () => patience.abort());
    const given = AbortSignal.any([signal, patience.signal]);
    let seen = '';
    try {
      for (;;) {
        const bytes = await call.read(given);
        if (bytes === null) break;
        seen = (seen + fromBytes(bytes)).slice(-Math.max(SHOWN, text.length) - bytes.length);
        if (seen.includes(text)) return { endedBy: 'us', unfinished: false, failure: null };
      }
    } finally {
      cancel();
    }
    if (signal.aborted) return { endedBy: 'signal', unfinished: true, failure: null };
    const endedBy = call.end === null ? 'us' : call.end === 'modemGone' ? 'modemGone' : 'farEnd';
    const why =
      call.end === null ? `did not come within ${formatDuration(limitMs)}` : 'had not come when the call ended';
    const last = seen.slice(-SHOWN);
    const failure = new ModemctlError('SCRIPT_FAILED', `the text "${printable(text)}" ${why}`, {
      hint: last === '' ? 'Nothing came at all.' : `What came last: ${printable(last)}`,
      details: { expected: text },
    });
    return { endedBy, unfinished: true, failure };
  };
}
