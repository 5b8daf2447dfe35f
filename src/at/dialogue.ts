/**
 * One AT command at a time, as a pure state machine: bytes in, events out. It does no I/O and owns no timer; whoever drives it sends what {@link Dialogue.begin} returns, passes on what comes, and says when it
 * has been quiet for {@link Dialogue.patienceMs} or when the time is up.
 *
 * The echo is the delimiter: an answer begins with the echo of its own command, and nothing before that echo belongs to it. That is what keeps the late answer of one command from becoming the next one's.
 */
import { toBytes } from '../core/text.ts';
import { LineReader } from './line-reader.ts';
import { endsAnyCommand, NUMERIC_RING, type ResultCode, resultInNumbers, resultInWords } from './result-codes.ts';
import { parseUnsolicited, type Unsolicited } from './unsolicited.ts';

/** What the dialogue needs to know of an AT command. */
export interface CommandForm {
  /** The command line without its carriage return: `ATI3`. */
  readonly line: string;
  /** It can end with CONNECT, BUSY, ...: those are results at once, not only after a silence. */
  readonly mayConnect: boolean;
}

export type DialogueEvent =
  | { readonly kind: 'echo' }
  | { readonly kind: 'result'; readonly result: ResultCode; readonly lines: readonly string[] }
  | { readonly kind: 'unsolicited'; readonly unsolicited: Unsolicited }
  /** A line that belongs to no answer: late, or noise. */
  | { readonly kind: 'stray'; readonly text: string }
  /** Text without a line's end, and nothing more comes: the modem waits for input. */
  | { readonly kind: 'prompt'; readonly text: string }
  /** Bytes of the online data state. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array };

/** What is known of an answer that did not come in time. */
export interface Unanswered {
  readonly lines: readonly string[];
  readonly echoed: boolean;
}

/** A number alone on a line is a numeric result code only if nothing follows its carriage return, not even a line feed; this long is nothing. */
const NUMERIC_PATIENCE_MS = 100;
/** How long a modem may take between the NO CARRIER that ends a call and the OK of the command that ended it. */
const CALL_RESULT_PATIENCE_MS = 1000;
const PROMPT_PATIENCE_MS = 300;
/** Of one answer, at most this much is kept; endless garbage must not fill the memory. */
const MAX_ANSWER_CHARACTERS = 1 << 20;

interface Tentative {
  readonly result: ResultCode;
  readonly line: string;
  readonly numeric: boolean;
  /** Blank lines since. */
  blanks: number;
}

export class Dialogue {
  readonly #reader = new LineReader();
  #state: 'idle' | 'running' | 'online' = 'idle';
  #command: CommandForm | null = null;
  #awaitsEcho = false;
  #echoed = false;
  /** What has come of an echo that something unsolicited cut in two. */
  #echoPart = '';
  #lines: string[] = [];
  #characters = 0;
  #tentative: Tentative | null = null;
  #toldPrompt = '';
  /** The last line was blank: `<CR><LF>` before something unsolicited, if that is what comes next (V.250 5.7.1). */
  #afterBlank = false;
  #connectEndsWithLineFeed = false;

  get state(): 'idle' | 'running' | 'online' {
    return this.#state;
  }

  /**
   * Starts a command.
   * @param expectEcho the modem is known to echo: nothing counts before the echo
   * @returns the bytes to send
   */
  begin(command: CommandForm, expectEcho: boolean): Uint8Array {
    if (this.#state !== 'idle') throw new Error('one AT command at a time');
    this.#state = 'running';
    this.#command = command;
    this.#awaitsEcho = expectEcho;
    this.#echoed = false;
    this.#echoPart = '';
    this.#lines = [];
    this.#characters = 0;
    this.#tentative = null;
    this.#toldPrompt = '';
    return toBytes(`${command.line}\r`);
  }

  /** Takes what the modem sent. */
  receive(bytes: Uint8Array): DialogueEvent[] {
    const events: DialogueEvent[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === 'online') {
        this.#data(bytes.subarray(at), events);
        break;
      }
      const { token, end } = this.#reader.next(bytes, at);
      at = end;
      if (!token) break;
      if (token.kind === 'lineFeed') this.#lineFeed();
      else this.#line(token.text, events);
    }
    return events;
  }

  /** How long a silence would tell something; null: nothing. */
  get patienceMs(): number | null {
    if (this.#state === 'online') return this.#connectEndsWithLineFeed ? NUMERIC_PATIENCE_MS : null;
    if (this.#state !== 'running') return null;
    if (this.#tentative) return this.#tentative.numeric ? NUMERIC_PATIENCE_MS : CALL_RESULT_PATIENCE_MS;
    const partial = this.#reader.partial;
    return !this.#awaitsEcho && partial !== '' && partial !== this.#toldPrompt ? PROMPT_PATIENCE_MS : null;
  }

  /** Nothing has come for {@link patienceMs}. */
  quiet(): DialogueEvent[] {
    if (this.#state === 'online') {
      this.#connectEndsWithLineFeed = false;
      return [];
    }
    if (this.#state !== 'running') return [];
    if (this.#tentative) return [this.#finish(this.#tentative.result)];
    const text = this.#reader.partial;
    if (this.#awaitsEcho || text === '' || text === this.#toldPrompt) return [];
    this.#toldPrompt = text;
    return [{ kind: 'prompt', text }];
  }

  /** The time is up: the result if a silence would have made one, else what is known. The dialogue is idle again, and dirty: the answer may still come. */
  expire(): DialogueEvent[] | Unanswered {
    if (this.#tentative) return [this.#finish(this.#tentative.result)];
    const unanswered = { lines: trimBlank(this.#lines), echoed: this.#echoed };
    this.#state = 'idle';
    this.#command = null;
    return unanswered;
  }

  /** After CONNECT a line feed still belongs to the result code; true while that one may come. */
  get awaitsLineFeed(): boolean {
    return this.#state === 'online' && this.#connectEndsWithLineFeed;
  }

  /** The call is over, or the modem was brought to the online command state: what comes now is lines again. */
  toCommandState(): void {
    this.#state = 'idle';
    this.#command = null;
    this.#reader.reset();
  }

  #data(bytes: Uint8Array, events: DialogueEvent[]): void {
    const isLineFeed = this.#connectEndsWithLineFeed && bytes[0] === 0x0a;
    this.#connectEndsWithLineFeed = false;
    const data = isLineFeed ? bytes.subarray(1) : bytes;
    if (data.length > 0) events.push({ kind: 'data', bytes: data });
  }

  #line(text: string, events: DialogueEvent[]): void {
    const unsolicited = parseUnsolicited(text);
    if (unsolicited) {
      if (this.#afterBlank) this.#takeBackBlank();
      this.#afterBlank = false;
      events.push({ kind: 'unsolicited', unsolicited });
      return;
    }
    this.#afterBlank = text === '';
    if (this.#state === 'idle') this.#idleLine(text, events);
    else if (this.#isEcho(text)) this.#echo(events);
    else if (this.#awaitsEcho) this.#lineBeforeEcho(text, events);
    else this.#answerLine(text, events);
  }

  #isEcho(text: string): boolean {
    const line = this.#command?.line ?? '';
    if (this.#echoed) return false;
    // Noise or a late fragment can stand before the echo on its line; without an expected echo only the whole line will do.
    if (this.#awaitsEcho && this.#echoPart + text === line) return true;
    return this.#awaitsEcho ? text.endsWith(line) : text === line && this.#lines.every((known) => known === '');
  }

  #lineBeforeEcho(text: string, events: DialogueEvent[]): void {
    const line = this.#command?.line ?? '';
    if (text !== '') this.#echoPart = [this.#echoPart + text, text].find((part) => line.startsWith(part)) ?? '';
    // Whatever became of the echo, a call is up, and what comes next is data: no other command can have brought it up.
    const result = this.#command?.mayConnect ? resultInWords(text) : null;
    if (result?.kind === 'connect' && result.text !== 'VCON') events.push(this.#finish(result));
    else this.#idleLine(text, events);
  }

  #echo(events: DialogueEvent[]): void {
    this.#awaitsEcho = false;
    this.#echoed = true;
    this.#tentative = null;
    this.#lines = [];
    events.push({ kind: 'echo' });
  }

  #idleLine(text: string, events: DialogueEvent[]): void {
    if (text === '') return;
    if (text === 'NO CARRIER') events.push({ kind: 'unsolicited', unsolicited: { kind: 'noCarrier', text } });
    else events.push({ kind: 'stray', text });
  }

  #answerLine(text: string, events: DialogueEvent[]): void {
    const mayConnect = this.#command?.mayConnect ?? false;
    if (this.#tentative && (text === '' || text === NUMERIC_RING)) {
      if (text === '') this.#tentative.blanks++;
      else events.push({ kind: 'unsolicited', unsolicited: { kind: 'ring', text: 'RING', distinctive: null } });
      return;
    }
    this.#dropTentative(events);
    const inWords = resultInWords(text);
    if (inWords && (mayConnect || endsAnyCommand(inWords.kind))) {
      events.push(this.#finish(inWords));
      return;
    }
    const inNumbers = inWords ? null : resultInNumbers(text, mayConnect);
    const result = inWords ?? inNumbers;
    if (result) this.#tentative = { result, line: text, numeric: inNumbers !== null, blanks: 0 };
    else this.#keep(text);
  }

  /** More came after what looked like a result: it was a line of text, or the end of a call told in passing. */
  #dropTentative(events: DialogueEvent[]): void {
    const tentative = this.#tentative;
    if (!tentative) return;
    this.#tentative = null;
    if (tentative.result.text === 'NO CARRIER' && !tentative.numeric) {
      events.push({ kind: 'unsolicited', unsolicited: { kind: 'noCarrier', text: tentative.line } });
    } else {
      this.#keep(tentative.line);
      for (let blank = 0; blank < tentative.blanks; blank++) this.#keep('');
    }
  }

  #takeBackBlank(): void {
    if (this.#tentative) this.#tentative.blanks--;
    else if (this.#lines.at(-1) === '') this.#lines.pop();
  }

  #lineFeed(): void {
    if (this.#tentative?.numeric && this.#tentative.blanks === 0) {
      this.#keep(this.#tentative.line);
      this.#tentative = null;
    }
  }

  #keep(text: string): void {
    if (this.#characters > MAX_ANSWER_CHARACTERS) return;
    this.#characters += text.length + 1;
    this.#lines.push(text);
  }

  #finish(result: ResultCode): DialogueEvent {
    const wasNumeric = this.#tentative?.numeric ?? false;
    this.#tentative = null;
    this.#command = null;
    const online = result.kind === 'connect' && result.text !== 'VCON';
    this.#state = online ? 'online' : 'idle';
    this.#connectEndsWithLineFeed = online && !wasNumeric;
    return { kind: 'result', result, lines: trimBlank(this.#lines) };
  }
}

/** Blank lines are a modem's framing at the edges of an answer, and part of it in the middle. */
function trimBlank(lines: readonly string[]): string[] {
  let start = 0;
  let end = lines.length;
  while (start < end && lines[start]?.trim() === '') start++;
  while (end > start && lines[end - 1]?.trim() === '') end--;
  return lines.slice(start, end);
}
