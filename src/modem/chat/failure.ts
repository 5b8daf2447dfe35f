/** How a chat script ends. The codes are chat(8)'s own, so that a script about the script may rely on them. */
import { printable } from '../../core/text.ts';

export type ChatFailure =
  /** The line went away while HANGUP was ON. */
  | { readonly kind: 'hangup' }
  /** What was expected did not come in time. `heard` is the end of what came instead. */
  | { readonly kind: 'timeout'; readonly expected: string; readonly limitMs: number; readonly heard: string }
  /** An ABORT string came; `index` is its place among those set then, from 0. */
  | { readonly kind: 'abort'; readonly text: string; readonly index: number }
  /** Sending took longer than TIMEOUT. */
  | { readonly kind: 'slowSend' }
  /** A file to send from could not be read. */
  | { readonly kind: 'file'; readonly path: string };

/** chat's exit code: 1 file or sending, 2 hangup, 3 timeout, 4 and up the ABORT string. */
export function chatExitCode(failure: ChatFailure): number {
  switch (failure.kind) {
    case 'hangup':
      return 2;
    case 'timeout':
      return 3;
    case 'abort':
      return 4 + failure.index;
    case 'slowSend':
    case 'file':
      return 1;
  }
}

/** In a sentence without its full stop; what came from the far end has its control characters written out. */
export function describeChatFailure(failure: ChatFailure): string {
  switch (failure.kind) {
    case 'hangup':
      return 'the call ended before the chat script did';
    case 'timeout': {
      const heard = printable(failure.heard.replace(/\s+/g, ' ').trim());
      const instead = heard === '' ? 'nothing came' : `the last that came was "${heard}"`;
      return `"${printable(failure.expected)}" did not come within ${failure.limitMs / 1000} s; ${instead}`;
    }
    case 'abort':
      return `the chat script ended at "${printable(failure.text)}"`;
    case 'slowSend':
      return 'sending took longer than the TIMEOUT of the chat script';
    case 'file':
      return `the file ${printable(failure.path)} cannot be read, from which the chat script sends`;
  }
}
