/** Going off-hook for a call that rings. */
import { type AnswerOptions, type Attempt, answer } from '../../modem/place-call.ts';
import type { Session } from '../../modem/session.ts';
import type { RingListener } from '../ring-listener.ts';

/** Off-hook, a modem keeps quiet for 1.8 to 2.5 s and then sends its answer tone (V.25): one that has given up by then has not even tried. Our own dialogue around it is counted in. */
const IMMEDIATE_MS = 3000;
/** A ring lasts 2 s in North America, less elsewhere; the shortest cadence known (the British one) is quiet again at this time too. */
const BETWEEN_RINGS_MS = 2500;
/** The firmware's notes have it answer some rings later, no more. */
const MAX_TRIES = 5;

/**
 * Answers. A U.S. Robotics modem does not go off-hook while the ring voltage is on (firmware 1.2.10 and later); where it says so with a NO CARRIER or an ERROR at once, it is asked again between two rings.
 * @throws ModemctlError GONE
 */
export async function pickUp(session: Session, rings: RingListener, options: AnswerOptions): Promise<Attempt> {
  const { clock } = session;
  for (let tries = 1; ; tries++) {
    const startedAt = clock.now();
    const attempt = await answer(session, options);
    if (attempt.kind !== 'failed' || clock.now() - startedAt >= IMMEDIATE_MS || tries === MAX_TRIES) return attempt;
    if (!(await betweenRings(session, rings, options.signal))) return attempt;
  }
}

/** Waits for the next ring and its end. False: there is none. */
async function betweenRings(session: Session, rings: RingListener, signal?: AbortSignal): Promise<boolean> {
  const { clock } = session;
  const before = rings.rings;
  while (rings.ringing && rings.rings === before && !signal?.aborted) await rings.listen(clock.now() + 60_000, signal);
  for (;;) {
    const { lastRingAt } = rings;
    if (lastRingAt === null || !rings.ringing || signal?.aborted) return false;
    const until = lastRingAt + BETWEEN_RINGS_MS;
    if (clock.now() >= until) return true;
    await rings.listen(until, signal);
  }
}
