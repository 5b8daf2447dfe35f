/** Text framed by lines, for control sockets and scripts; never for what a modem says. The only importer of @serialport/parser-readline, on first use. */
import { pipeline, type Readable, Transform } from 'node:stream';
import { ModemctlError } from '../core/errors.ts';

/**
 * The lines of a stream, without their ends (`\n` or `\r\n`). The last one need not be ended.
 * @param maxBytes a longer line ends it all
 * @throws ModemctlError USAGE for a line that is too long; what the stream itself fails with, as GONE
 */
export async function* readLines(stream: Readable, maxBytes: number): AsyncGenerator<string> {
  const { ReadlineParser } = await import('@serialport/parser-readline');
  // Without readableObjectMode lines that arrive together are joined; the parser itself has no bound.
  const parser = new ReadlineParser({ delimiter: '\n', encoding: 'utf8', readableObjectMode: true });
  pipeline(stream, limitLines(maxBytes), parser, () => {});
  try {
    for await (const line of parser as AsyncIterable<string>) {
      yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
  } catch (error) {
    if (error instanceof ModemctlError) throw error;
    throw new ModemctlError('GONE', 'the other side went away', { cause: error });
  }
}

function limitLines(maxBytes: number): Transform {
  let length = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let start = 0; start < chunk.length; ) {
        const end = chunk.indexOf(0x0a, start);
        length += (end < 0 ? chunk.length : end) - start;
        if (length > maxBytes) {
          done(new ModemctlError('USAGE', `a line is longer than ${maxBytes} bytes`));
          return;
        }
        if (end < 0) break;
        length = 0;
        start = end + 1;
      }
      done(null, chunk);
    },
  });
}
