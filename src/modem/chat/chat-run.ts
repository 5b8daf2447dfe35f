/**
 * One run of a chat script: bytes and time in, actions out. It does no I/O and owns no timer. Whoever drives it carries out the actions in order, passes on what comes, calls {@link ChatRun.wake} at
 * {@link ChatRun.wakeAt}, and at the end takes {@link ChatRun.takeRest}: what came after the script's last match belongs to whoever gets the call.
 */
import { fromBytes, printable, toBytes } from '../../core/text.ts';
import type { ChatAction, ChatEnd } from './chat-action.ts';
import { EchoText } from './echo-text.ts';
import type { SendPart } from './escapes.ts';
import { ReportGatherer, withoutString } from './report-gatherer.ts';
import {
  type Attempt,
  type ChatScript,
  type ChatStep,
  DEFAULT_TIMEOUT_MS,
  type Reply,
  readSentWord,
} from './script.ts';
import { WatchedInput } from './watched-input.ts';

interface Expecting {
  readonly kind: 'expecting';
  readonly attempt: Attempt;
  /** What to try if it does not come and there is a reply to that. */
  readonly rest: readonly Attempt[];
  readonly wakeAt: number;
}

interface Sending {
  readonly kind: 'sending';
  readonly parts: readonly SendPart[];
  readonly secret: boolean;
  /** The end of a delay. */
  readonly wakeAt: number;
  readonly deadline: number;
  readonly then: readonly Attempt[];
}

type State =
  | { readonly kind: 'new' | 'next' | 'ended' }
  | Expecting
  | Sending
  | { readonly kind: 'reading'; readonly path: string; readonly then: readonly Attempt[] }
  /** The script is over, but a report is not. */
  | { readonly kind: 'gathering'; readonly end: ChatEnd; readonly wakeAt: number };

/** How long chat waits for each byte more of a report when the script is over. */
const REPORT_PATIENCE_MS = 1000;
const HEARD_CHARACTERS = 200;
/** Of a file, at most this much is sent, as chat does. */
const MAX_FILE = 1023;

export class ChatRun {
  readonly #script: ChatScript;
  #position = 0;
  #state: State = { kind: 'new' };
  #timeoutMs = DEFAULT_TIMEOUT_MS;
  #endsAtHangup = true;
  #aborts: string[] = [];
  readonly #reports = new ReportGatherer();
  readonly #echo = new EchoText();
  readonly #input = new WatchedInput();
  /** What has come and no step has looked at. */
  #unread: Uint8Array = new Uint8Array();
  #actions: ChatAction[] = [];
  #secrets: string[] = [];

  constructor(script: ChatScript) {
    this.#script = script;
  }

  get isOver(): boolean {
    return this.#state.kind === 'ended';
  }

  /** When to call {@link wake}, on the caller's own clock in ms; null: time changes nothing. */
  get wakeAt(): number | null {
    return 'wakeAt' in this.#state ? this.#state.wakeAt : null;
  }

  /** Whether bytes would be looked at now. They are better left in the port otherwise, but none is lost. */
  get wantsInput(): boolean {
    return this.#state.kind === 'expecting' || this.#state.kind === 'gathering';
  }

  start(now: number): ChatAction[] {
    if (this.#state.kind !== 'new') throw new Error('a chat script runs once');
    this.#state = { kind: 'next' };
    return this.#run(now);
  }

  receive(bytes: Uint8Array, now: number): ChatAction[] {
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    return this.#run(now);
  }

  /** Time has passed. */
  wake(now: number): ChatAction[] {
    const state = this.#state;
    if ('wakeAt' in state && now >= state.wakeAt) {
      if (state.kind === 'expecting') this.#timedOut(state, now);
      else if (state.kind === 'sending') this.#send(state, now);
      else this.#tellEnd(state.end);
    }
    return this.#run(now);
  }

  /** The answer to `readFile`; null: it could not be read. */
  fileRead(content: Uint8Array | null, now: number): ChatAction[] {
    if (this.#state.kind !== 'reading') throw new Error('no file was asked for');
    const { path, then } = this.#state;
    if (content === null) this.#end({ kind: 'failed', failure: { kind: 'file', path } }, now);
    else {
      const text = fromBytes(content.subarray(0, MAX_FILE)).replace(/\n$/, '').replace(/\0.*/s, '');
      this.#reply({ ...readSentWord(text, this.#script.substitutions), secret: true }, then, now);
    }
    return this.#run(now);
  }

  /** The line is gone. With HANGUP OFF the script goes on, since the far end may call back. */
  hungUp(now: number): ChatAction[] {
    const isRunning = this.#state.kind !== 'gathering' && !this.isOver;
    if (this.#endsAtHangup && isRunning) this.#end({ kind: 'failed', failure: { kind: 'hangup' } }, now);
    return this.#run(now);
  }

  /** What came after all that the script looked at. Emptied by the look. */
  takeRest(): Uint8Array {
    const rest = this.#unread;
    this.#unread = new Uint8Array();
    return rest;
  }

  /** As far as it goes without more bytes or time. */
  #run(now: number): ChatAction[] {
    for (;;) {
      if (this.#state.kind === 'next') this.#step(now);
      else if (this.wantsInput && this.#unread.length > 0) this.#look(now);
      else break;
    }
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  #step(now: number): void {
    const step = this.#script.steps[this.#position++];
    if (!step) this.#end({ kind: 'done' }, now);
    else if (step.kind === 'expect') this.#expect(step.attempts, now);
    else if (step.kind === 'send') this.#reply(step.reply, [], now);
    else this.#set(step);
  }

  #set(step: Exclude<ChatStep, { kind: 'expect' | 'send' }>): void {
    if (step.kind === 'abort') this.#aborts.push(step.text);
    else if (step.kind === 'clearAbort') this.#aborts = withoutString(this.#aborts, step.text);
    else if (step.kind === 'report') this.#reports.add(step.text);
    else if (step.kind === 'clearReport') this.#reports.remove(step.text);
    else if (step.kind === 'say') this.#actions.push({ kind: 'say', text: step.text });
    else if (step.kind === 'timeout') this.#timeoutMs = step.ms;
    else if (step.kind === 'echo') this.#echo.switch(step.on);
    else if (step.kind === 'hangup') this.#endsAtHangup = step.on;
  }

  #expect([attempt, ...rest]: readonly Attempt[], now: number): void {
    if (!attempt || attempt.expected === '') {
      this.#state = { kind: 'next' };
      return;
    }
    this.#progress(`waiting for "${printable(attempt.expected)}"`);
    this.#input.clear();
    this.#state = { kind: 'expecting', attempt, rest, wakeAt: now + this.#timeoutMs };
  }

  /** Looks at what has come, up to the byte that decides something. */
  #look(now: number): void {
    const bytes = this.#unread;
    const place = this.#actions.length;
    let shown = '';
    let at = 0;
    while (at < bytes.length && this.wantsInput) {
      const byte = bytes[at++]!;
      shown += this.#echo.take(byte);
      this.#input.push(byte);
      const report = this.#reports.look(this.#input, byte);
      if (report !== null) this.#actions.push({ kind: 'report', text: report });
      this.#decide(now);
    }
    this.#unread = bytes.subarray(at);
    if (shown !== '') this.#actions.splice(place, 0, { kind: 'echo', text: shown });
  }

  #decide(now: number): void {
    const state = this.#state;
    if (state.kind === 'gathering') {
      if (!this.#reports.isGathering) this.#tellEnd(state.end);
      else this.#state = { ...state, wakeAt: now + REPORT_PATIENCE_MS };
    }
    if (state.kind !== 'expecting') return;
    if (this.#input.endsWith(state.attempt.expected)) {
      this.#state = { kind: 'next' };
      return;
    }
    const index = this.#aborts.findIndex((text) => this.#input.endsWith(text));
    if (index < 0) return;
    this.#end({ kind: 'failed', failure: { kind: 'abort', text: this.#aborts[index] ?? '', index } }, now);
  }

  #timedOut({ attempt, rest }: Expecting, now: number): void {
    if (attempt.reply) {
      this.#reply(attempt.reply, rest, now);
      return;
    }
    const failure = {
      kind: 'timeout',
      expected: attempt.expected,
      limitMs: this.#timeoutMs,
      heard: this.#heard(),
    } as const;
    this.#end({ kind: 'failed', failure }, now);
  }

  /** The end of what came, without what was sent in secret: a login that answers what it should not have been told shows it. */
  #heard(): string {
    const longest = Math.max(0, ...this.#secrets.map(({ length }) => length));
    let heard = this.#input.tail(HEARD_CHARACTERS + longest);
    for (const secret of this.#secrets) heard = heard.replaceAll(secret, '*');
    return heard.slice(-HEARD_CHARACTERS);
  }

  #reply(reply: Reply, then: readonly Attempt[], now: number): void {
    if ('file' in reply) {
      this.#actions.push({ kind: 'readFile', path: reply.file });
      this.#state = { kind: 'reading', path: reply.file, then };
      return;
    }
    const text = reply.parts.map((part) => (part.kind === 'bytes' ? part.text : '')).join('');
    const bare = text.trim();
    if (reply.secret && bare !== '') this.#secrets.push(bare);
    this.#progress(reply.secret ? 'sending something secret' : `sending "${printable(text).replaceAll('\n', '^J')}"`);
    const deadline = now + this.#timeoutMs;
    this.#send({ kind: 'sending', ...reply, wakeAt: now, deadline, then }, now);
  }

  /** Parts up to the next delay. */
  #send(state: Sending, now: number): void {
    for (const [index, part] of state.parts.entries()) {
      if (part.kind === 'delay') {
        this.#state = { ...state, parts: state.parts.slice(index + 1), wakeAt: now + part.ms };
        return;
      }
      if (part.kind === 'break') this.#actions.push({ kind: 'break' });
      else if (now < state.deadline) {
        this.#actions.push({ kind: 'send', bytes: toBytes(part.text), secret: state.secret });
      } else {
        this.#end({ kind: 'failed', failure: { kind: 'slowSend' } }, now);
        return;
      }
    }
    this.#expect(state.then, now);
  }

  #progress(text: string): void {
    this.#actions.push({ kind: 'progress', text });
  }

  /** A report that has begun is still waited for, whatever the end. */
  #end(end: ChatEnd, now: number): void {
    if (this.#reports.isGathering) this.#state = { kind: 'gathering', end, wakeAt: now + REPORT_PATIENCE_MS };
    else this.#tellEnd(end);
  }

  #tellEnd(end: ChatEnd): void {
    const report = this.#reports.finish();
    if (report !== null) this.#actions.push({ kind: 'report', text: report });
    const line = this.#echo.finish();
    if (line !== '') this.#actions.push({ kind: 'echo', text: line });
    this.#actions.push(end);
    this.#state = { kind: 'ended' };
  }
}
