/** A modem that our own command has: that one is asked how it is, and the modem is not. */
import type { Session } from '../../modem/session.ts';
import { examine } from '../health/examine.ts';
import { type Finding, fail, ok } from './finding.ts';

/** The session is not open; where the modem has become free meanwhile, it is asked all the same. */
export async function examineKept(session: Session, signal?: AbortSignal): Promise<Finding[]> {
  const { state, error, keeper } = await examine(session, signal);
  if (state === 'in-call') return [ok('answers', 'a call is up: it was not asked')];
  if (error?.code === 'NOT_RESPONDING') {
    return [fail('answers', error.message, { remedy: `modemctl reset -d ${session.id}` })];
  }
  if (error !== null) return [];
  return [ok('answers', keeper === null ? 'it answers AT' : `it answers AT, says ${keeper.name}`)];
}
