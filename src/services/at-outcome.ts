/** What the end of an AT command means to a script: success, or which error, in words, and what to do about it. */
import { errorOfResult, resultInWords } from '../at/result-codes.ts';
import { formatDuration } from '../core/duration.ts';
import { type ErrorCode, ModemctlError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { Session } from '../modem/session.ts';

/** What `--json` tells of each command. */
export interface CommandReport {
  readonly command: string;
  lines: readonly string[];
  /** Null: none came in time. */
  result: string | null;
  elapsedMs: number;
}

/**
 * The error that a command ended with, or null.
 * @param call whether it dials, answers or goes back online
 */
export function failureOf(session: Session, report: CommandReport, call: boolean): ModemctlError | null {
  const { command, result } = report;
  const details = { modem: session.id, command };
  if (result === null) {
    const waited = `(waited ${formatDuration(report.elapsedMs)})`;
    return call
      ? new ModemctlError(
          'NOT_RESPONDING',
          `${session.name} had no result for ${command}, so it was broken off ${waited}`,
          {
            hint: 'Give it more time: --timeout 2m',
            details,
          },
        )
      : new ModemctlError('NOT_RESPONDING', `${session.name} did not answer ${command} ${waited}`, {
          hint: `Bring it back: modemctl reset -d ${session.id}`,
          details,
        });
  }
  const code = errorOfResult(resultInWords(result)?.kind ?? 'ok');
  if (!code) return null;
  const why = code === 'NO_CARRIER' ? ': nobody, or nobody who speaks modem' : '';
  return new ModemctlError(code, `${session.name} answered ${result} to ${command}${why}`, {
    hint: hintFor(code, session, command),
    details,
  });
}

/** What to do next, by the error; for a call and for anything else. */
function hintFor(code: ErrorCode, session: Session, command: string): string | undefined {
  const onIt = `modemctl -d ${session.id}`;
  switch (code) {
    case 'MODEM_ERROR':
      return `It does not know that, or not now. What it can do: modemctl info -d ${session.id}`;
    case 'NO_DIALTONE':
      return `Check the telephone cable. If only the tone is one it does not know (PBX, VoIP adapter): ${onIt} at ${shellWord(command.replace(/^AT(X\d)?/i, 'ATX3'))}`;
    case 'BUSY':
    case 'NO_ANSWER':
      return `Try again later: ${onIt} at ${shellWord(command)}`;
    case 'NO_CARRIER':
      return `Is it the right number, and a modem that answers there? How long this one waits, in seconds: ${onIt} at 'ATS7?'`;
    case 'REFUSED':
      return 'It refuses for a while after calls that failed; unplugging it and plugging it in again ends that.';
    default:
      return undefined;
  }
}
