/** AT commands from stdin: one a line, `#` comments, blank lines skipped. */
import { ModemctlError } from '../core/errors.ts';
import { readLines } from '../native/lines.ts';

export interface ScriptLine {
  readonly text: string;
  /** Counted from 1, for messages. */
  readonly number: number;
}

/** Far more than anybody types; /dev/zero by mistake must not fill the memory. */
const MAX_LINES = 10_000;
const MAX_LINE_BYTES = 4096;

/**
 * Reads a script to its end.
 * @throws ModemctlError USAGE when it is empty or beyond all measure
 */
export async function readScript(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<ScriptLine[]> {
  const lines: ScriptLine[] = [];
  let number = 0;
  const stop = () => stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of readLines(stdin, MAX_LINE_BYTES)) {
      number++;
      const text = line.trim();
      if (text !== '' && !text.startsWith('#')) lines.push({ text, number });
      if (number > MAX_LINES) throw new ModemctlError('USAGE', `stdin has more than ${MAX_LINES} lines`);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (lines.length === 0) {
    throw new ModemctlError('USAGE', 'stdin has no AT command', { hint: 'printf "ATI3\\nATS0?\\n" | modemctl at -' });
  }
  return lines;
}
