/**
 * Looks at one modem, in seconds and without harm: one that another program has is not opened, into a call nothing is written, and one that answers AT is asked nothing else. Of one that does not answer it is found out
 * in which state it is; that cannot be asked without ending the state, which serves nobody: nobody has the modem, and no carrier is up.
 */
import { isModemctlError, ModemctlError } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import { leaveDataState, leaveVoiceState } from '../../modem/hang-up.ts';
import { PROOF_LIMIT_MS } from '../../modem/proof.ts';
import type { Session } from '../../modem/session.ts';
import { holdersIn } from '../../tty/open-port.ts';
import { unitOf } from '../../tty/process-unit.ts';
import { unsentBytes } from '../../tty/unsent.ts';
import { type Health, type HealthState, stateOf } from './health.ts';
import { askKeeper } from './keeper.ts';

/** S10 and the modem's own work after ATH. */
const ATH_LIMIT_MS = 5000;

/**
 * The session is not open; afterwards it may be.
 * @throws ModemctlError what says nothing about the modem (USAGE); the signal's reason
 */
export async function examine(session: Session, signal?: AbortSignal): Promise<Health> {
  try {
    await session.open();
    await session.refuseCall();
    const state = (await session.answers(PROOF_LIMIT_MS, signal)) ? 'ready' : await whySilent(session, signal);
    signal?.throwIfAborted();
    return { state, heldBy: [], error: faultOf(session, state), keeper: null };
  } catch (error) {
    const state = isModemctlError(error) && stateOf(error);
    if (!state) throw error;
    const { id, name, clock } = session;
    const modem = { id, name, virtual: session.info?.virtual ?? false };
    const kept = state === 'held' ? await askKeeper(modem, error, clock, signal) : null;
    return kept ?? { state, heldBy: holdersIn(error), error: withNextStep(session, error), keeper: null };
  }
}

async function whySilent(session: Session, signal?: AbortSignal): Promise<HealthState> {
  signal?.throwIfAborted();
  const { fd } = session.port;
  const unsent = fd === null ? null : await unsentBytes(fd, session.clock);
  if (unsent !== null && unsent > 0) return 'stalled';
  if (!(await leaveVoiceState(session))) return 'stalled';
  if (await isBack(session, signal)) return 'stuck-voice';
  signal?.throwIfAborted();
  if (!(await leaveDataState(session, signal))) return 'stalled';
  return (await isBack(session, signal)) ? 'stuck-data' : 'silent';
}

/** It is not left off-hook: answering, it would be taken for ready. */
async function isBack(session: Session, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted || !(await session.answers(PROOF_LIMIT_MS, signal))) return false;
  await session.conversation.ask('ATH', { limitMs: ATH_LIMIT_MS });
  return true;
}

const WHAT: Partial<Record<HealthState, string>> = {
  silent: 'takes bytes and does not answer',
  stalled: 'takes no bytes',
  'stuck-data': 'was stuck in data state, without a carrier',
  'stuck-voice': 'was stuck in voice or fax state',
};

function faultOf({ id, name }: Session, state: HealthState): ModemctlError | null {
  const what = WHAT[state];
  if (what === undefined) return null;
  const isBackNow = state === 'stuck-data' || state === 'stuck-voice';
  const hint = isBackNow ? 'Asking it has ended that. To make sure:' : 'Bring it back:';
  return new ModemctlError('NOT_RESPONDING', `${name} ${what}`, {
    hint: `${hint} modemctl reset -d ${id}`,
    details: { modem: id },
  });
}

/** Errors of opening know the tty, and not what can be done about the modem. */
function withNextStep({ id, info }: Session, error: ModemctlError): ModemctlError {
  const { code, message, hint, details } = error;
  if (code === 'IN_USE') return withUnit(id, error);
  const bring = `modemctl reset -d ${id}`;
  if (code === 'NOT_RESPONDING') return new ModemctlError(code, message, { hint: `Bring it back: ${bring}`, details });
  // A lost driver is bound again by a reset.
  const isUnbound = code === 'UNUSABLE' && (info?.state === 'no-driver' || info?.state === 'no-tty');
  if (!isUnbound) return error;
  const byHand = hint && hint !== bring ? `\nor by hand: ${hint}` : '';
  return new ModemctlError(code, message, { hint: `${bring}${byHand}`, details });
}

/** Of a program that systemd runs the unit can be stopped for as long as it takes to ask. */
function withUnit(id: string, error: ModemctlError): ModemctlError {
  const unit = holdersIn(error)
    .map(({ pid }) => unitOf(pid))
    .find((found) => found !== null);
  if (unit === undefined) return error;
  const hint = `To stop it for a moment, ask, and start it again: sudo modemctl health --around ${shellWord(unit)} -d ${id}`;
  return new ModemctlError(error.code, error.message, { hint, details: { ...error.details, unit } });
}
