/** Frees the telephone line, whatever state the modem is in: online, dialling, in voice or fax data, or idle. */
import { sleep } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { toBytes } from '../core/text.ts';
import { PROOF_LIMIT_MS } from './proof.ts';
import type { Session } from './session.ts';

/** With &D2, the default of both chip families, DTR off for longer than S25 (50 ms) hangs up; users' scripts found 0.6 s to be safe on Conexant sticks. */
export const DTR_OFF_MS = 700;
/** What a modem needs to come back to its command state after DTR. */
const DTR_REST_MS = 300;
/** S12 in its default of 50 (V.250 leaves it to the maker) is 1 s of silence before and after the escape sequence. */
const GUARD_MS = 1100;
const DLE_ETX = '\x10\x03';
/** Ends a voice recording (V.253). */
const DLE_ABORT = '\x10!';
const WRITE_LIMIT_MS = 1000;

/** Drops DTR for {@link DTR_OFF_MS}. False where the port cannot. */
export async function pulseDtr(session: Session, signal?: AbortSignal): Promise<boolean> {
  const { port, clock } = session;
  if (!(await port.setDtr(false))) return false;
  await sleep(clock, DTR_OFF_MS, signal).catch(() => {});
  const raised = await port.setDtr(true);
  await sleep(clock, DTR_REST_MS, signal).catch(() => {});
  session.conversation.backToCommandState();
  return raised;
}

/**
 * Leaves voice, fax and data states by what can be sent: DLE ETX, DLE !, then the guarded escape sequence and ATH.
 * @returns false if the modem takes no bytes
 */
export async function escapeToCommandState(session: Session, signal?: AbortSignal): Promise<boolean> {
  const { conversation } = session;
  if (!(await leaveVoiceState(session)) || !(await leaveDataState(session, signal))) return false;
  const sent = await conversation.write(toBytes('\rATH\r'), WRITE_LIMIT_MS);
  await conversation.drain(300, 1500);
  conversation.backToCommandState();
  return sent;
}

/**
 * DLE ETX, DLE !: a modem that sends or receives sound, or a fax, is in command state then.
 * @returns false if the modem takes no bytes
 */
export function leaveVoiceState({ conversation }: Session): Promise<boolean> {
  return conversation.write(toBytes(`${DLE_ETX}${DLE_ABORT}`), WRITE_LIMIT_MS);
}

/**
 * The guarded escape sequence: a modem that is online is in online command state then, and still off-hook.
 * @returns false if the modem takes no bytes
 */
export async function leaveDataState({ conversation, clock }: Session, signal?: AbortSignal): Promise<boolean> {
  await sleep(clock, GUARD_MS, signal).catch(() => {});
  const taken = await conversation.write(toBytes('+++'), WRITE_LIMIT_MS);
  if (taken) await sleep(clock, GUARD_MS, signal).catch(() => {});
  conversation.backToCommandState();
  return taken;
}

/**
 * From a call to the online command state, the call being kept: the guarded escape sequence.
 * @throws ModemctlError NOT_RESPONDING
 */
export async function enterOnlineCommandState(session: Session, signal?: AbortSignal): Promise<void> {
  await leaveDataState(session, signal);
  if (await session.answers(PROOF_LIMIT_MS, signal)) return;
  throw new ModemctlError('NOT_RESPONDING', `${session.name} did not come back from its call to the command state`, {
    hint: `modemctl hangup -d ${session.id}`,
  });
}
