/** A call that somebody makes on purpose: do rings come, does caller ID, does the modem pick up? */

import type { CallerId } from '../../at/caller-id-collector.ts';
import { parseAtCommand } from '../../at/command-line.ts';
import { endCall } from '../../modem/end-call.ts';
import type { Session } from '../../modem/session.ts';
import { prepare } from '../prepare.ts';
import { RingListener } from '../ring-listener.ts';
import type { RingEvent } from '../ring-watch.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Caller ID comes between the first ring and the second in America, before the first in Britain; by the third it has come. */
const PICK_UP_AT = 3;
/** Firmware of U.S. Robotics does not go off-hook while the ring voltage is on; no cadence known rings longer. */
const RING_MS = 2500;
/** Off-hook at once ends the ringing. The longest cadence known is 6 s, so that the next ring would have come by now. */
const OFF_HOOK_MS = 7000;
const COMMAND_MS = 5000;

export interface CallTest {
  readonly rings: number;
  /** Null: nothing was told. */
  readonly caller: CallerId | null;
  /** Off-hook, and the ringing ended; null: it did not come to that. */
  readonly pickedUp: boolean | null;
  /** Whether it hung up afterwards, proved; null: it had not picked up. */
  readonly onHook: boolean | null;
}

export interface CallTestOptions {
  /** How long to wait for the first ring. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** The modem is ready: now call. */
  readonly onReady: () => void;
  readonly onEvent: (event: RingEvent) => void;
}

/**
 * The session is open. Picks up after {@link PICK_UP_AT} rings, sends no tone, and hangs up.
 * @throws ModemctlError MODEM_ERROR, NOT_RESPONDING, IN_CALL, GONE
 */
export async function testCall(session: Session, options: CallTestOptions): Promise<CallTest> {
  const { signal, waitMs } = options;
  const { clock } = session;
  await session.refuseCall();
  await prepare(session, { purpose: 'callerId' });
  const seen = { rings: 0, caller: null as CallerId | null, ended: false };
  const listener = new RingListener(session, (event) => {
    options.onEvent(event);
    if (event.kind === 'ring') seen.rings++;
    else if (event.kind === 'callerId') seen.caller = event.callerId;
    else seen.ended = true;
  });
  try {
    options.onReady();
    const end = clock.now() + waitMs;
    while (!signal.aborted && !seen.ended && seen.rings < PICK_UP_AT) {
      if (!listener.ringing && clock.now() >= end) break;
      await listener.listen(listener.ringing ? clock.now() + 60_000 : end, signal);
    }
    const isRinging = !signal.aborted && !seen.ended && seen.rings >= PICK_UP_AT;
    const picked = isRinging
      ? await pickUp(session, listener, () => seen.rings, signal)
      : { pickedUp: null, onHook: null };
    return { rings: seen.rings, caller: seen.caller ?? listener.callerId, ...picked };
  } finally {
    listener.close();
  }
}

async function pickUp(
  session: Session,
  listener: RingListener,
  rings: () => number,
  signal: AbortSignal,
): Promise<Pick<CallTest, 'pickedUp' | 'onHook'>> {
  const { clock } = session;
  const pause = clock.now() + RING_MS;
  while (clock.now() < pause && !signal.aborted) await listener.listen(pause, signal);
  // Counted by ourselves: the listener begins anew when the ringing has ended.
  const before = rings();
  const { result } = await session.command(parseAtCommand('ATH1'), COMMAND_MS);
  const end = clock.now() + OFF_HOOK_MS;
  while (clock.now() < end && rings() === before && !signal.aborted) await listener.listen(end, signal);
  const pickedUp = result?.kind === 'ok' && rings() === before;
  const after = await endCall(session);
  return { pickedUp, onHook: after.free };
}

/** In words; the caller's number stays out of them. */
export function describeCallTest(test: CallTest, { id }: Session): Finding[] {
  const { rings, caller, pickedUp, onHook } = test;
  if (rings === 0) {
    return [
      fail('rings', 'no ring came', {
        remedy: `Is the cable in LINE, and the number the right one? modemctl doctor --line -d ${id}`,
      }),
    ];
  }
  const found = [ok('rings', `${rings} ${rings === 1 ? 'ring' : 'rings'} came`), callerIdFinding(caller, id)];
  if (pickedUp === null) found.push(warn('pickUp', `the caller gave up before ring ${PICK_UP_AT}: not tried`));
  else if (pickedUp) found.push(ok('pickUp', 'the modem picked up, and hung up again'));
  else
    found.push(fail('pickUp', 'the modem does not pick up: it goes on ringing', { remedy: `modemctl reset -d ${id}` }));
  if (onHook === false) {
    found.push(fail('line', 'the line may still be off-hook', { remedy: `modemctl hangup -d ${id}` }));
  }
  return found;
}

function callerIdFinding(caller: CallerId | null, id: string): Finding {
  if (caller === null) {
    return warn('callerId', 'no caller ID came', {
      remedy: `Has the telephone line that service? In another country: modemctl init --for caller-id --country GB -d ${id}`,
    });
  }
  if (caller.presentation === 'allowed') return ok('callerId', 'caller ID came, with a number');
  return ok('callerId', `caller ID came, without a number (${caller.presentation})`);
}
