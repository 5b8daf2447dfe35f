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

/** As much of an unfinished line is remembered. */
const MAX_LINE = 1024;

/** Masks a stream that comes in pieces, cut anywhere: what is typed by hand comes a character at a time. The first characters of a number do not tell yet that it is one. */
export class StreamMask {
  /** The unfinished line, as it came. */
  #line = '';

  /** Masks the next piece; same length. */
  mask(text: string): string {
    let masked = '';
    for (const part of text.split(/(?<=[\r\n])/)) {
      masked += maskNumbers(this.#line + part).slice(this.#line.length);
      this.#line = /[\r\n]$/.test(part) ? '' : (this.#line + part).slice(-MAX_LINE);
    }
    return masked;
  }
}
