/** Bringing a call up: dial, or answer, and what became of it. */

import type { CallerId } from '../at/caller-id-collector.ts';
import { parseAtCommand } from '../at/command-line.ts';
import { parseConnection } from '../at/connect.ts';
import type { DialString } from '../at/dial-string.ts';
import type { ResultKind } from '../at/result-codes.ts';
import { Call, type Incoming } from './call.ts';
import type { Session } from './session.ts';

/** What became of an attempt. BUSY and its kind are expected, and no errors. */
export type Attempt =
  | { readonly kind: 'connected'; readonly call: Call }
  /** The modem said why not, in words as it said it. */
  | { readonly kind: 'failed'; readonly result: Exclude<ResultKind, 'connect'>; readonly text: string }
  /** No result within the limit: it was broken off. */
  | { readonly kind: 'noResult' }
  | { readonly kind: 'aborted' };

/** What S6, the exchange and the modem's own work take, besides dialling and the wait for a carrier. */
const EXTRA_MS = 15_000;

/**
 * Dials, and waits for the outcome. Nothing is written meanwhile, but to abort.
 * @param carrierWaitMs how long the modem waits for a carrier (S7)
 * @throws ModemctlError GONE
 */
export function dial(
  session: Session,
  number: DialString,
  carrierWaitMs: number,
  signal?: AbortSignal,
): Promise<Attempt> {
  return attempt(session, number.toCommand(), number.longestMs + carrierWaitMs + EXTRA_MS, signal);
}

/** Without echo from here on: when the caller is gone, the modem takes what a program still sends for commands, and its echo of them would be taken for the caller's answer, which a program may echo in turn, for ever. */
const ANSWER = 'ATE0A';

export interface AnswerOptions {
  /** How long the modem waits for a carrier (S7). */
  readonly carrierWaitMs: number;
  /** Who calls; null: nothing was told. */
  readonly caller: CallerId | null;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Answers a call that rings, or goes off-hook into a line where somebody waits.
 * @throws ModemctlError GONE
 */
export function answer(session: Session, { carrierWaitMs, caller, signal }: AnswerOptions): Promise<Attempt> {
  return attempt(session, ANSWER, carrierWaitMs + EXTRA_MS, signal, { caller });
}

async function attempt(
  session: Session,
  line: string,
  limitMs: number,
  signal: AbortSignal | undefined,
  incoming?: Incoming,
): Promise<Attempt> {
  if (signal?.aborted) return { kind: 'aborted' };
  const { result, lines } = await session.command(parseAtCommand(line), limitMs, signal);
  if (result?.kind === 'connect')
    return { kind: 'connected', call: new Call(session, parseConnection(result.text, lines), incoming) };
  if (signal?.aborted) return { kind: 'aborted' };
  if (result === null) return { kind: 'noResult' };
  return { kind: 'failed', result: result.kind, text: result.text };
}
