/** Part 3: the AT reader, against cutting the same bytes into lines with what Node has. */
import { Dialogue } from '../../dist/at/dialogue.js';
import { inTurns, median, ratioOf } from './statistics.js';
import { printTable, showRatio } from './table.js';

const TURNS = { most: 7, limitMs: 12_000 };
const CHUNK = 4096;
const MB = 1 << 20;
const COMMAND = { line: 'ATI11', mayConnect: false };
/** Lines like those of a real answer (ATI11 of a U.S. Robotics). */
const LINES = [
  'U.S. Robotics 56K FAX USB V1.2.23 Link Diagnostics...',
  '',
  '   Chars sent                    0      Chars Received                0',
  '   Octets sent                   0      Octets Received               0',
  '   Block Length                 --      Link Timeouts                --',
  '   Speed          33600/28800           Modulation              V.34+',
].join('\r\n');

const text = Buffer.from(`${LINES}\r\n`.repeat(Math.ceil(MB / LINES.length)), 'latin1').subarray(0, MB);
/** A line that never ends. */
const noise = Buffer.alloc(MB, 0x55);

/** Feeds one block again and again, in chunks, as one answer to one command. */
function dialogue(block, times, chunk) {
  return () => {
    const reader = new Dialogue();
    reader.begin(COMMAND, true);
    reader.receive(Buffer.from(`${COMMAND.line}\r\r\n`, 'latin1'));
    for (let time = 0; time < times; time++) {
      for (let at = 0; at < block.length; at += chunk) reader.receive(block.subarray(at, at + chunk));
    }
    const events = reader.receive(Buffer.from('\r\nOK\r\n', 'latin1'));
    if (!events.some((event) => event.kind === 'result' && event.result.kind === 'ok')) {
      throw new Error('the OK at the end of the answer was not found');
    }
  };
}

/** The same by hand: the bytes as text, cut at each CR LF, the rest kept for the next chunk. */
function split(block, times, chunk) {
  return () => {
    let rest = '';
    let count = 0;
    for (let time = 0; time < times; time++) {
      for (let at = 0; at < block.length; at += chunk) {
        rest += block.toString('latin1', at, at + chunk);
        if (!rest.includes('\r\n')) continue;
        const lines = rest.split('\r\n');
        rest = lines.pop();
        count += lines.length;
      }
    }
    return count;
  };
}

/** MB/s of so many calls of `work`, each over `bytes`. */
function speed(work, bytes, calls) {
  return () => {
    const startedAt = performance.now();
    for (let call = 0; call < calls; call++) work();
    return (bytes * calls) / MB / ((performance.now() - startedAt) / 1000);
  };
}

export async function benchReader() {
  const kilobyte = text.subarray(0, 1024);
  const cases = [
    { name: '1 kB', block: kilobyte, times: 1, chunk: CHUNK, calls: 1024 },
    { name: '1 MB, chunks of 4 kB', block: text, times: 1, chunk: CHUNK, calls: 4 },
    { name: '64 MB, chunks of 4 kB', block: text, times: 64, chunk: CHUNK, calls: 1 },
    { name: '1 MB, byte by byte', block: text, times: 1, chunk: 1, calls: 1 },
    { name: '1 MB without a line end', block: noise, times: 1, chunk: CHUNK, calls: 4, alone: true },
  ];
  const measures = cases.flatMap(({ block, times, chunk, calls, alone }) => [
    speed(dialogue(block, times, chunk), block.length * times, calls),
    // Cutting without a bound is quadratic where no line ends; there is nothing to compare with.
    alone ? () => Number.NaN : speed(split(block, times, chunk), block.length * times, calls),
  ]);
  const results = await inTurns(measures, TURNS);
  const oneMegabyte = results[2 * cases.findIndex(({ name }) => name.startsWith('1 MB, chunks'))];
  const rows = [['', 'reader', 'toString().split()', 'time, ratio (quartiles)', 'time per byte, to 1 MB']];
  for (const [index, { name, alone }] of cases.entries()) {
    const ours = results[2 * index];
    const theirs = results[2 * index + 1];
    rows.push([
      name,
      `${median(ours).toFixed(0)} MB/s`,
      alone ? '' : `${median(theirs).toFixed(0)} MB/s`,
      alone ? '' : showRatio(ratioOf(theirs, ours)),
      showRatio(ratioOf(oneMegabyte, ours)),
    ]);
  }
  printTable(
    `The AT reader, against Buffer.toString('latin1').split (${oneMegabyte.length} runs of each, in turns)`,
    rows,
  );
}
