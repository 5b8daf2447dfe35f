/** Telephone numbers kept out of traces and reports: `ATDT5550137` becomes `ATDT*******`. */

/** `&D2` is no dialling. */
const DIALLED = /(AT[^\s"]*?(?<!&)D[TPL]?)([0-9*#ABCD,W@!TP/.() -]{3,})/gi;
const CALLER =
  /(?<![A-Z_])((?:NMBR|NBR|DDN|DDN_NMBR|NAME|NDID|MESG) *= *|CALLE[RD](?:'S)? (?:NUMBER|NAME): ?|(?:CALLERID|CallerID): ?|\+CLIP: ?|FM:|RING;)([^\r\n^]*)/g;
/** A caller ID message in hexadecimal, without a label. */
const MESSAGE = /\b(?:04|80)[0-9A-F]{18,}\b/g;

/** Replaces dialled numbers and caller ID in a line of trace by asterisks of the same length. */
export function maskNumbers(text: string): string {
  return text
    .replace(DIALLED, (_whole, command: string, number: string) => `${command}${number.replace(/[0-9A-D]/gi, '*')}`)
    .replace(CALLER, (_whole, label: string, value: string) => `${label}${value.replace(/[^ ]/g, '*')}`)
    .replace(MESSAGE, (message) => '*'.repeat(message.length));
}

/** Numbers that have a name, which stands in their place: by the command that dials them (`ATDT5550137`), the name (`@pi17`). */
export type NumberNames = ReadonlyMap<string, string>;

/** As much of an unfinished line is remembered. */
const MAX_LINE = 1024;

/** Masks a stream that comes in pieces, cut anywhere: what is typed by hand comes a character at a time. The first characters of a number do not tell yet that it is one. */
export class StreamMask {
  /** The unfinished line, as it came. */
  #line = '';
  readonly #names: NumberNames;

  constructor(names: NumberNames = new Map()) {
    this.#names = names;
  }

  /** Masks the next piece; same length, unless a number has a name. */
  mask(text: string): string {
    let masked = '';
    for (const part of text.split(/(?<=[\r\n])/)) {
      const named = this.#line === '' ? this.#named(part) : null;
      masked += named ?? maskNumbers(this.#hidden(this.#line + part)).slice(this.#line.length);
      this.#line = /[\r\n]$/.test(part) ? '' : (this.#line + part).slice(-MAX_LINE);
    }
    return masked;
  }

  /** What has a name is secret however short it is, and also while its line is unfinished. */
  #hidden(text: string): string {
    let hidden = text;
    for (const command of this.#names.keys()) {
      const start = dialledFrom(command);
      hidden = hidden.replaceAll(command, `${command.slice(0, start)}${'*'.repeat(command.length - start)}`);
      let length = command.length;
      while (length > start && !hidden.endsWith(command.slice(0, length))) length--;
      hidden = `${hidden.slice(0, hidden.length - (length - start))}${'*'.repeat(length - start)}`;
    }
    return hidden;
  }

  /** The whole of a line that dials a number with a name, and nothing else; else null. */
  #named(line: string): string | null {
    const [, command = '', end = ''] = /^(.*?)([\r\n]*)$/.exec(line) ?? [];
    const name = this.#names.get(command);
    return name === undefined ? null : `${command.slice(0, dialledFrom(command))}${name}${end}`;
  }
}

function dialledFrom(command: string): number {
  return /^ATD[TP]?/.exec(command)?.[0].length ?? 0;
}
