/** Frees the telephone line, whatever state the modem is in, and proves it: the modem answers AT, and there is no carrier. */
import { ModemctlError } from '../core/errors.ts';
import { escapeToCommandState, pulseDtr } from './hang-up.ts';
import { PROOF_LIMIT_MS } from './proof.ts';
import type { Session } from './session.ts';

/** S10 and the modem's own work after ATH. */
const ATH_LIMIT_MS = 5000;

/**
 * DTR goes first where a call may be up, so that nothing is written into it; then ATH, for a line that is off-hook without a call. The escape sequence is the last resort.
 * @throws ModemctlError NOT_RESPONDING or IN_CALL when it cannot be proved, GONE
 */
export async function freeLine(session: Session, signal?: AbortSignal): Promise<void> {
  const quiet = (await session.hasCarrier()) === false && session.state !== 'inCall';
  const dropped = quiet || (await pulseDtr(session, signal));
  let answered = false;
  // Without DTR the escape sequence must come first: a command would be written into the call.
  for (const way of dropped ? (['none', 'dtr', 'escape'] as const) : (['escape', 'none'] as const)) {
    if (way === 'dtr') await pulseDtr(session, signal);
    if (way === 'escape') await escapeToCommandState(session, signal);
    if (!(await session.answers(PROOF_LIMIT_MS, signal))) continue;
    const hungUp = await session.conversation.ask('ATH', { limitMs: ATH_LIMIT_MS });
    answered = hungUp.result !== null;
    if (!answered || (await session.hasCarrier())) continue;
    // A call that was kept once is over: whoever is killed in the next one must not leave it up.
    await session.port.keepLine(false);
    session.noteOnHook();
    return;
  }
  if (answered) {
    throw new ModemctlError('IN_CALL', `${session.name} took ATH and still shows carrier`, {
      hint: `A modem set to &C0 shows it always: modemctl at --force -d ${session.id} 'AT&C1'`,
      details: { modem: session.id },
    });
  }
  throw new ModemctlError('NOT_RESPONDING', `${session.name} does not answer, so the line may still be off-hook`, {
    hint: `modemctl reset -d ${session.id}`,
    details: { modem: session.id },
  });
}
