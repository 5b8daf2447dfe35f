/** Text framed by lines, for control sockets and scripts; never for what a modem says. The only importer of @serialport/parser-readline, on first use. */
import { type Readable, Transform } from 'node:stream';
import { ModemctlError } from '../core/errors.ts';
import { missingPackage } from './missing-package.ts';

/**
 * The lines of a stream, without their ends (`\n` or `\r\n`). The last one need not be ended. A stream that breaks off is one that ends. The stream is not destroyed.
 * @param maxBytes a longer line ends it all
 * @throws ModemctlError USAGE for a line that is too long; HELPER where the package cannot be loaded
 */
export async function* readLines(stream: Readable, maxBytes: number): AsyncGenerator<string> {
  const { ReadlineParser } = await import('@serialport/parser-readline').catch((cause) => {
    throw missingPackage('@serialport/parser-readline', cause);
  });
  // Without readableObjectMode lines that arrive together are joined; the parser itself has no bound.
  // With their ends, so that blank lines can be told from the empty string that it gives at the end.
  const parser = new ReadlineParser({ encoding: 'utf8', readableObjectMode: true, includeDelimiter: true });
  const limit = limitLines(maxBytes);
  const end = () => limit.end();
  limit.on('error', (error) => parser.destroy(error));
  stream.on('error', end);
  stream.on('close', end);
  stream.pipe(limit).pipe(parser);
  try {
    for await (const line of parser as AsyncIterable<string>) {
      if (line !== '') yield line.replace(/\r?\n$/, '');
    }
  } finally {
    stream.unpipe(limit);
    stream.off('error', end);
    stream.off('close', end);
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
