/** What a run of a chat script wants done. */
import type { ChatFailure } from './failure.ts';

export type ChatAction =
  /** To the far end. A secret must not get into a trace. */
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly secret: boolean }
  | { readonly kind: 'break' }
  /** Answer with `ChatRun.fileRead`. */
  | { readonly kind: 'readFile'; readonly path: string }
  /** SAY: text of the script for the user, as it stands. */
  | { readonly kind: 'say'; readonly text: string }
  /** ECHO ON: what comes in, control characters written out. */
  | { readonly kind: 'echo'; readonly text: string }
  /** A line that REPORT asked for. */
  | { readonly kind: 'report'; readonly text: string }
  /** What the script does now, for a verbose user; secrets are left out. */
  | { readonly kind: 'progress'; readonly text: string }
  | ChatEnd;

export type ChatEnd = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly failure: ChatFailure };
