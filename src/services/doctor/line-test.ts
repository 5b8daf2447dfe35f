/** What is on the telephone line: goes off-hook for at most four seconds, and hangs up. Never without being asked. */
import { parseAtCommand } from '../../at/command-line.ts';
import type { ResultKind } from '../../at/result-codes.ts';
import { endCall, type LineAfter } from '../../modem/end-call.ts';
import type { Session } from '../../modem/session.ts';
import { prepare } from '../prepare.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Off-hook no longer than this. */
export const OFF_HOOK_MS = 4000;

/**
 * `W` waits for a dial tone (V.250 6.3.1), `;` stays in command state: OK is a dial tone heard, nothing was dialled. Without digits a plain D would go straight to the carrier. X4, by which NO DIALTONE is told, is of the
 * preparations.
 */
const LISTEN = 'ATDTW;';

export type LineState = 'dialTone' | 'noDialTone' | 'inUse' | 'digital' | 'busyTone' | 'refused';

export interface LineTest {
  readonly state: LineState;
  /** Whether it hung up afterwards, proved. */
  readonly after: LineAfter;
}

/**
 * The session is open. An abort ends the wait; the line is made free all the same.
 * @throws ModemctlError MODEM_ERROR, NOT_RESPONDING, IN_CALL, GONE
 */
export async function testLine(session: Session, signal: AbortSignal): Promise<LineTest> {
  await session.refuseCall();
  await prepare(session, { purpose: 'dial' });
  const listened = await session.command(parseAtCommand(LISTEN), OFF_HOOK_MS, signal);
  return { state: judge(listened.lines, listened.result?.kind ?? null), after: await endCall(session) };
}

/** Conexant chips say LINE IN USE and DIGITAL LINE DETECTED in place of a result, the latter on its way to being damaged by a PBX. */
function judge(lines: readonly string[], result: ResultKind | null): LineState {
  const said = lines.join('\n').toUpperCase();
  if (result === 'lineInUse' || said.includes('LINE IN USE')) return 'inUse';
  if (said.includes('DIGITAL LINE')) return 'digital';
  if (result === 'ok') return 'dialTone';
  if (result === 'busy') return 'busyTone';
  // No result in time is no dial tone in time.
  return result === null || result === 'noDialtone' || result === 'noCarrier' ? 'noDialTone' : 'refused';
}

const cable = (id: string) =>
  `Is the cable in the socket marked LINE? On a VoIP adapter, PBX or simulator: modemctl dial --blind -d ${id} NUMBER`;

const told = (id: string): Readonly<Record<LineState, Finding>> => ({
  dialTone: ok('line', 'there is a dial tone'),
  noDialTone: fail('line', `no dial tone within ${OFF_HOOK_MS / 1000} s`, { remedy: cable(id) }),
  inUse: warn('line', 'the line is in use by another telephone', { remedy: 'Hang up there, and try again.' }),
  digital: fail('line', 'the line is a digital one, of a PBX: it can damage the modem', {
    remedy: 'Pull the cable out, and use an analogue socket.',
  }),
  busyTone: warn('line', 'the line gives a busy tone: left off-hook somewhere, or not in service', {
    remedy: 'Listen with a telephone in the same socket.',
  }),
  refused: fail('line', 'the modem refused to go off-hook', { remedy: `modemctl reset -d ${id}` }),
});

/** In words. */
export function describeLineTest({ state, after }: LineTest, { id }: Session): Finding[] {
  const found = told(id)[state];
  if (after.free) return [found];
  const text = `the line may still be off-hook: ${after.why}`;
  return [found, fail('line', text, { remedy: `modemctl hangup -d ${id}` })];
}
