/** The doctor's tests that need the telephone line: `--line` and `--call`. */
import { formatDuration } from '../core/duration.ts';
import { isModemctlError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import type { Session, SessionTarget } from '../modem/session.ts';
import { describeCallTest, testCall } from '../services/doctor/call-test.ts';
import { type Finding, fail } from '../services/doctor/finding.ts';
import { describeLineTest, OFF_HOOK_MS, testLine } from '../services/doctor/line-test.ts';
import type { RingEvent } from '../services/ring-watch.ts';
import { describeCaller } from './answering-talk.ts';
import type { Context } from './context.ts';
import { withSession } from './with-session.ts';

/** Goes off-hook, for four seconds at most. */
export function tryLine(context: Context, target: SessionTarget): Promise<Finding[]> {
  return tryOut(context, target, 'line', async (session) => {
    context.progress.start('off-hook, listening for a dial tone', OFF_HOOK_MS);
    const test = await testLine(session, context.signal);
    context.progress.stop();
    context.report({ line: { state: test.state, onHook: test.after.free } });
    return describeLineTest(test, session);
  });
}

/** Waits for a call that somebody makes on purpose. */
export function tryCall(context: Context, target: SessionTarget, waitMs: number): Promise<Finding[]> {
  return tryOut(context, target, 'rings', async (session) => {
    const onReady = () => {
      context.say(`Now call this line from another telephone, within ${formatDuration(waitMs)}. The modem picks up at`);
      context.say('the third ring, without a tone, and hangs up after 7 s.');
      context.progress.start('waiting for a ring', waitMs);
    };
    const onEvent = (event: RingEvent) => {
      context.progress.stop();
      context.say(printable(describe(event)));
    };
    const test = await testCall(session, { waitMs, signal: context.signal, onReady, onEvent });
    context.progress.stop();
    context.report({ call: test });
    return describeCallTest(test, session);
  });
}

function describe(event: RingEvent): string {
  if (event.kind === 'ring') return `ring ${event.count}`;
  return event.kind === 'callerId' ? describeCaller(event.callerId) : 'the ringing has ended';
}

async function tryOut(
  context: Context,
  target: SessionTarget,
  check: string,
  test: (session: Session) => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await withSession(context, { target, hears: false }, async (session) => {
      await session.open();
      return test(session);
    });
  } catch (error) {
    // Whatever kept it from being tried is what is wrong.
    if (!isModemctlError(error)) throw error;
    return [fail(check, `could not be tried: ${error.message}`, { remedy: error.hint?.split('\n')[0] ?? null })];
  } finally {
    context.progress.stop();
  }
}
