import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readLines } from '../../src/native/lines.ts';

async function linesOf(stream: Readable, maxBytes = 100): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(stream, maxBytes)) lines.push(line);
  return lines;
}

describe('text framed by lines', () => {
  test.each([
    [['one\ntwo\n'], ['one', 'two']],
    [['one\r\ntwo'], ['one', 'two']],
    [
      ['o', 'ne\n', '\n', 'two\nthr', 'ee\n'],
      ['one', '', 'two', 'three'],
    ],
    [['\n\n'], ['', '']],
    [[], []],
    [['ä\n€\n'], ['ä', '€']],
  ])('%j', async (chunks, lines) => {
    expect(await linesOf(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))).toEqual(lines);
  });

  test('a character cut in two by chunks is whole', async () => {
    const euro = Buffer.from('€\n');
    expect(await linesOf(Readable.from([euro.subarray(0, 1), euro.subarray(1)]))).toEqual(['€']);
  });

  test('a line of the limit is taken, a longer one ends it, without waiting for its end', async () => {
    expect(await linesOf(Readable.from([Buffer.from(`${'x'.repeat(100)}\n`)]))).toHaveLength(1);
    const endless = new PassThrough();
    endless.write('fine\n');
    const lines = readLines(endless, 100);
    expect((await lines.next()).value).toBe('fine');
    endless.write('x'.repeat(101));
    await expect(lines.next()).rejects.toMatchObject({ code: 'USAGE' });
    expect(endless.destroyed).toBe(false);
  });

  test('a stream that breaks off has ended', async () => {
    const stream = new PassThrough();
    const reading = linesOf(stream);
    stream.write('one\n');
    setImmediate(() => stream.destroy(new Error('reset by peer')));
    expect(await reading).toEqual(['one']);
  });
});
