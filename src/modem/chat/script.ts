/** A chat script as steps. Words are by turns what to wait for and what to send; a keyword in place of the first takes the second as its value. */
import { ModemctlError } from '../../core/errors.ts';
import { type ChatSubstitutions, readExpected, readSent, type SendWord } from './escapes.ts';
import { readWords, type ScriptWord } from './words.ts';

/** What is sent: a word, or what is in a file, which is then read as a word is. */
export type Reply = SendWord | { readonly file: string };

/** Wait for `expected`; if it does not come in time and there is a reply, send that and go on to the next attempt. */
export interface Attempt {
  readonly expected: string;
  readonly reply: Reply | null;
}

export type ChatStep =
  | { readonly kind: 'abort' | 'clearAbort' | 'report' | 'clearReport' | 'say'; readonly text: string }
  | { readonly kind: 'timeout'; readonly ms: number }
  | { readonly kind: 'echo' | 'hangup'; readonly on: boolean }
  | { readonly kind: 'expect'; readonly attempts: readonly Attempt[] }
  | { readonly kind: 'send'; readonly reply: Reply };

export interface ChatScript {
  readonly steps: readonly ChatStep[];
  readonly substitutions: ChatSubstitutions;
  /** Files it sends from, in order: worth a look before a call is charged. They may be pipes, to be read when their turn comes. */
  readonly files: readonly string[];
}

/** How long chat waits unless told otherwise, and after TIMEOUT 0. */
export const DEFAULT_TIMEOUT_MS = 45_000;
/** 24 days, setTimeout's own limit. */
const MAX_TIMEOUT_S = 2_147_483;

/** chat's own bound. */
const MAX_EXPECTED = 1024;
const TOO_LONG = `what is waited for is longer than ${MAX_EXPECTED} characters`;

/** What is asked for in these words is not for other eyes, though chat itself knows only `\q`. */
const ASKS_FOR_SECRET = /ss(word|wd|phrase|code)|\bpin\b|secret/i;

type Keyword = (value: string, substitutions: ChatSubstitutions) => ChatStep;

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['ABORT', (value, given) => ({ kind: 'abort', text: readExpected(value, given) })],
  ['CLR_ABORT', (value, given) => ({ kind: 'clearAbort', text: readExpected(value, given) })],
  ['REPORT', (value, given) => ({ kind: 'report', text: readExpected(value, given) })],
  ['CLR_REPORT', (value, given) => ({ kind: 'clearReport', text: readExpected(value, given) })],
  ['SAY', (value, given) => ({ kind: 'say', text: readExpected(value.replace(/(?<!\\)\\c$/, ''), given) })],
  ['TIMEOUT', (value, given) => ({ kind: 'timeout', ms: readTimeout(readExpected(value, given)) })],
  ['ECHO', (value) => ({ kind: 'echo', on: value === 'ON' })],
  ['HANGUP', (value) => ({ kind: 'hangup', on: value !== 'OFF' })],
]);

/**
 * @param text the script as its file has it, in ISO 8859-1 so that each byte is a character
 * @throws ModemctlError CONFIG_INVALID with the line
 */
export function parseChatScript(text: string, substitutions: ChatSubstitutions = {}): ChatScript {
  const words = readWords(text);
  const steps: ChatStep[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const word = words[at]!;
    const next = words[at + 1];
    const keyword = KEYWORDS.get(word.text);
    if (keyword) {
      if (!next) throw fault(word, `${word.text} lacks its value`);
      const step = keyword(next.text, substitutions);
      if ('text' in step && step.kind !== 'say' && step.text.length > MAX_EXPECTED) throw fault(next, TOO_LONG);
      steps.push(step);
      continue;
    }
    const attempts = readAttempts(word.text, substitutions);
    if (attempts.some(({ expected }) => expected.length > MAX_EXPECTED)) throw fault(word, TOO_LONG);
    steps.push({ kind: 'expect', attempts });
    if (next) steps.push({ kind: 'send', reply: readAnswer(next.text, attempts, substitutions) });
  }
  const replies = steps.flatMap((step) => {
    if (step.kind === 'send') return [step.reply];
    return step.kind === 'expect' ? step.attempts.map(({ reply }) => reply) : [];
  });
  return { steps, substitutions, files: replies.flatMap((reply) => (reply && 'file' in reply ? [reply.file] : [])) };
}

function fault({ line }: ScriptWord, what: string): ModemctlError {
  return new ModemctlError('CONFIG_INVALID', `line ${line} of the chat script: ${what}`);
}

/** As atoi(3) reads it. */
function readTimeout(text: string): number {
  const seconds = Number.parseInt(text, 10);
  return seconds > 0 ? Math.min(seconds, MAX_TIMEOUT_S) * 1000 : DEFAULT_TIMEOUT_MS;
}

/** `ogin:-BREAK-ogin:`: parted by dashes that have no backslash; one at the very end parts nothing. */
function readAttempts(word: string, substitutions: ChatSubstitutions): Attempt[] {
  const parts = [''];
  for (const [piece] of word.matchAll(/\\.?|[^\\]/gs)) {
    if (piece === '-') parts.push('');
    else parts[parts.length - 1] += piece;
  }
  if (parts.at(-1) === '') parts.pop();
  const attempts: Attempt[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const reply = parts[at + 1];
    attempts.push({
      expected: readExpected(parts[at]!, substitutions),
      reply: reply === undefined ? null : readReply(reply, substitutions),
    });
  }
  return attempts;
}

function readAnswer(word: string, attempts: readonly Attempt[], substitutions: ChatSubstitutions): Reply {
  const reply = readReply(word, substitutions);
  const asked = attempts.some(({ expected }) => ASKS_FOR_SECRET.test(expected));
  return asked && 'parts' in reply ? { ...reply, secret: true } : reply;
}

/** `@NAME` is a file. */
function readReply(word: string, substitutions: ChatSubstitutions): Reply {
  const file = /^@[ \t]*(.+)$/s.exec(word)?.[1];
  return file === undefined ? readSentWord(word, substitutions) : { file };
}

/** EOT and BREAK are words of their own. What a file holds is read so as well. */
export function readSentWord(word: string, substitutions: ChatSubstitutions): SendWord {
  if (word === 'EOT') return readSent('^D\\c');
  return word === 'BREAK' ? readSent('\\K\\c') : readSent(word, substitutions);
}
