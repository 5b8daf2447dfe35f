/** Telephone numbers kept out of traces and reports: `ATDT5550137` becomes `ATDT*******`. */

/** `&D2` is no dialling. */
const DIALLED = /(AT[^\s"]*?(?<!&)D[TPL]?)([0-9*#ABCD,W@!TP/.() -]{3,})/gi;
const CALLER = /\b((?:NMBR|DDN|DDN_NMBR|NAME|NDID|MESG) ?= ?|CALLER(?:'S)? (?:NUMBER|NAME): ?|\+CLIP: ?)([^\r\n^]*)/g;

/** Replaces dialled numbers and caller ID in a line of trace by asterisks of the same length. */
export function maskNumbers(text: string): string {
  return text
    .replace(DIALLED, (_whole, command: string, number: string) => `${command}${number.replace(/[0-9A-D]/gi, '*')}`)
    .replace(CALLER, (_whole, label: string, value: string) => `${label}${value.replace(/[^ ]/g, '*')}`);
}
