/** What the doctor says of one thing: how it is, in words, and what to do about it. */

/** `unknown`: it could not be looked at; no reason for alarm, and none for reassurance. */
export type Verdict = 'ok' | 'warn' | 'fail' | 'unknown';

/** What `--fix` can do: safe, and taken back easily. */
export type Fix =
  /** Installs the udev rules, as `modemctl setup` does; `setup --remove` takes them back. */
  | { readonly kind: 'rules' }
  /** Removes the lock file of a process that is dead. */
  | { readonly kind: 'lock'; readonly path: string };

export interface Finding {
  /** What was looked at, by a name that scripts may rely on: `rights`, `driver`, ... */
  readonly check: string;
  readonly verdict: Verdict;
  /** One sentence without a full stop. */
  readonly text: string;
  /** A command that can be pasted, or a sentence; null where there is nothing to do. */
  readonly remedy: string | null;
  readonly fix: Fix | null;
}

interface Cure {
  readonly remedy?: string | null;
  readonly fix?: Fix;
}

export function ok(check: string, text: string): Finding {
  return { check, verdict: 'ok', text, remedy: null, fix: null };
}

/** It works, but not all of it, or not for long. */
export function warn(check: string, text: string, { remedy = null, fix }: Cure = {}): Finding {
  return { check, verdict: 'warn', text, remedy, fix: fix ?? null };
}

/** It keeps the modem from working. */
export function fail(check: string, text: string, { remedy = null, fix }: Cure = {}): Finding {
  return { check, verdict: 'fail', text, remedy, fix: fix ?? null };
}

export function couldNotLook(check: string, why: string, remedy: string | null = null): Finding {
  return { check, verdict: 'unknown', text: `could not look: ${why}`, remedy, fix: null };
}
