/** What of the terminal needs neither a modem nor a terminal. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallWatch } from '../../../src/services/terminal/call-watch.ts';
import { Capture } from '../../../src/services/terminal/capture.ts';
import { nextCharacterSet, translationFor } from '../../../src/services/terminal/character-set.ts';
import { describeCircuits } from '../../../src/services/terminal/circuits.ts';
import { protocolNamed } from '../../../src/services/terminal/file-transfer.ts';
import { Outbox } from '../../../src/services/terminal/outbox.ts';
import { Prompt } from '../../../src/services/terminal/prompt.ts';
import { ScreenModes } from '../../../src/services/terminal/screen-modes.ts';
import { ZmodemSpotter } from '../../../src/services/terminal/zmodem-spotter.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf8 = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

/** One answer of a prompt to all that was typed, whatever the pieces. */
function ask(...pieces: (string | Uint8Array)[]) {
  const prompt = new Prompt();
  let echo = '';
  for (const piece of pieces) {
    const asked = prompt.type(Buffer.from(piece as string));
    if (asked.kind !== 'cancelled') echo += asked.echo;
    if (asked.kind !== 'more') return { ...asked, echo };
  }
  return { kind: 'more', echo };
}

describe('prompt', () => {
  it('gives the line at Enter, without blanks around it', () => {
    expect(ask(' 555', '0100 \rnext')).toEqual({
      kind: 'line',
      line: '5550100',
      echo: ' 5550100 ',
      rest: latin1('next'),
    });
  });

  it('erases by Backspace and Ctrl-U, a character at a time and no further than its beginning', () => {
    expect(ask('aü\x7f\x7f\x7fb\r')).toMatchObject({ line: 'b', echo: 'aü\b \b\b \bb' });
    expect(ask('abc\x15d\n')).toMatchObject({ line: 'd' });
  });

  it('is cancelled by Ctrl-C, Ctrl-D and Escape', () => {
    for (const key of ['\x03', '\x04', '\x1b[A']) expect(ask('abc', key)).toMatchObject({ kind: 'cancelled' });
  });

  it('takes a character that comes in two pieces, and no control characters', () => {
    const [first, second] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)];
    expect(ask(first, second, '\x07x\r')).toMatchObject({ line: 'üx' });
  });

  it('never throws and is bounded, whatever is typed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const asked = new Prompt().type(bytes);
        return asked.kind === 'cancelled' || asked.echo.length <= 4 * bytes.length;
      }),
    );
    expect(ask('x'.repeat(10_000), '\r')).toMatchObject({ line: 'x'.repeat(4096) });
  });
});

describe('log', () => {
  const AT = new Date('2026-01-17T14:52:00.123Z');
  const log = (stamps: boolean, ...pieces: string[]) => {
    let text = '';
    const capture = new Capture(
      (more) => {
        text += more;
      },
      stamps,
      () => AT,
    );
    for (const piece of pieces) capture.add(latin1(piece));
    return text;
  };
  const STAMP = '[2026-01-17T14:52:00.123Z] ';

  it('without time stamps keeps every byte as it is', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1');
    expect(log(false, all, all)).toBe(all + all);
  });

  it('begins each line with the time, and only each line', () => {
    expect(log(true, 'one\r\ntw', 'o\r\n', '\r\nthree')).toBe(
      `${STAMP}one\r\n${STAMP}two\r\n${STAMP}\r\n${STAMP}three`,
    );
  });

  it('adds nothing but stamps, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (pieces) => {
        const plain = pieces.map((piece) => latin1(piece).toString('latin1'));
        return log(true, ...plain).replaceAll(STAMP, '') === plain.join('');
      }),
    );
  });
});

describe('character sets', () => {
  it('UTF-8 is every byte as it is', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(translationFor('utf8').toScreen(bytes)).toEqual(bytes);
    expect(translationFor('utf8').toLine(bytes)).toEqual(bytes);
  });

  it('code page 437 and Latin-1 show what the far end meant, and send what was typed', () => {
    expect(utf8(translationFor('cp437').toScreen(latin1('\xc9\xcd\xbb \x81')))).toBe('╔═╗ ü');
    expect(translationFor('cp437').toLine(Buffer.from('ü╔'))).toEqual(Uint8Array.of(0x81, 0xc9));
    expect(utf8(translationFor('latin1').toScreen(latin1('caf\xe9')))).toBe('café');
    expect(Buffer.from(translationFor('latin1').toLine(Buffer.from('é€')))).toEqual(latin1('\xe9?'));
  });

  it('take a typed character that comes in pieces', () => {
    for (const set of ['cp437', 'latin1'] as const) {
      const { toLine } = translationFor(set);
      const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
      expect([...toLine(first), ...toLine(second)]).toEqual([...translationFor(set).toLine(Buffer.from('é'))]);
    }
  });

  it('go round', () => {
    expect(nextCharacterSet(nextCharacterSet(nextCharacterSet('utf8')))).toBe('utf8');
  });
});

describe('whether a call is up', () => {
  it('is told by DCD where there is one, with the connection that CONNECT told', () => {
    const watch = new CallWatch();
    expect(watch.carrier(false)).toBeNull();
    expect(watch.received(latin1('ATD5550100\r\r\nCONNECT 28800/ARQ/V34/LAPM/V42BIS\r\n'))).toBeNull();
    expect(watch.isUp).toBe(false);
    expect(watch.carrier(true)).toBe('up');
    expect(watch.connection).toMatchObject({ rateBps: 28800, modulation: 'V.34' });
    // The far end may write what it likes.
    watch.received(latin1('\r\nNO CARRIER\r\n\r\nCONNECT 300\r\n'));
    expect(watch.isUp).toBe(true);
    expect(watch.connection).toMatchObject({ rateBps: 28800 });
    expect(watch.carrier(false)).toBe('down');
    expect(watch.connection).toBeNull();
  });

  it('is told by the modem where there is no DCD, in whatever pieces it says so', () => {
    const watch = new CallWatch();
    const news = [...'\r\nCARRIER 31200\r\n\r\nPROTOCOL: LAPM\r\n\r\nCONNECT 115200\r\n']
      .map((byte) => watch.received(latin1(byte)))
      .filter((one) => one !== null);
    expect(news).toEqual(['up']);
    expect(watch.connection).toMatchObject({ rateBps: 31200, protocol: 'LAPM' });
    expect(watch.carrier(null)).toBeNull();
    expect(watch.received(latin1('bye\r\n\r\nNO CARRIER\r\n'))).toBe('down');
    expect(watch.isUp).toBe(false);
  });

  it('is over when it was hung up for the user', () => {
    const watch = new CallWatch();
    watch.received(latin1('\r\nCONNECT\r\n'));
    watch.over();
    expect([watch.isUp, watch.connection]).toEqual([false, null]);
  });
});

describe('what is typed and not sent yet', () => {
  it('goes out in order, a piece at a time, however slow the line', async () => {
    const sent: Uint8Array[] = [];
    const outbox = new Outbox(async (bytes) => {
      await new Promise((resolve) => setImmediate(resolve));
      sent.push(bytes);
    });
    const paste = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251));
    for (let from = 0; from < paste.length; from += 999) await outbox.add(paste.subarray(from, from + 999));
    while (Buffer.concat(sent).length < paste.length) await new Promise((resolve) => setImmediate(resolve));
    expect(Buffer.concat(sent).equals(paste)).toBe(true);
    expect(Math.max(...sent.map(({ length }) => length))).toBeLessThanOrEqual(1024);
  });

  it('makes whoever adds wait when it is full, until there is room', async () => {
    const takers: (() => void)[] = [];
    const outbox = new Outbox(() => new Promise<void>((resolve) => takers.push(resolve)));
    let added = false;
    void outbox.add(new Uint8Array(1_048_576 + 1024)).then(() => {
      added = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(added).toBe(false);
    for (let piece = 0; piece < 2; piece++) {
      takers.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(added).toBe(true);
  });

  it('is dropped when the user hangs up', async () => {
    const sent: Uint8Array[] = [];
    let take = () => {};
    const outbox = new Outbox((bytes) => {
      sent.push(bytes);
      return new Promise<void>((resolve) => {
        take = resolve;
      });
    });
    void outbox.add(new Uint8Array(4000));
    outbox.clear();
    take();
    await new Promise((resolve) => setImmediate(resolve));
    expect(Buffer.concat(sent).length).toBe(1024);
    void outbox.add(Uint8Array.of(1));
    expect(Buffer.concat(sent).length).toBe(1025);
  });
});

describe('a far end that wants to transfer files by ZMODEM', () => {
  // As lrzsz sends them.
  const ZRQINIT = latin1('rz\r**\x18B00000000000000\r\x8a\x11');
  const ZRINIT = latin1('**\x18B0100000023be50\r\x8a\x11');

  it('is noticed, in whatever pieces it says so, and told of once a minute', () => {
    let now = 0;
    const spotter = new ZmodemSpotter(() => now);
    expect(spotter.look(latin1('**hello** **\x18B'))).toBeNull();
    const found = [...ZRQINIT].map((byte) => spotter.look(Uint8Array.of(byte))).filter((one) => one !== null);
    expect(found).toEqual(['sends']);
    now = 10_000;
    expect(spotter.look(ZRQINIT)).toBeNull();
    now = 70_000;
    expect(spotter.look(ZRINIT)).toBe('gets');
    spotter.done();
    expect(spotter.look(ZRQINIT)).toBe('sends');
  });
});

describe('what the far end leaves switched on', () => {
  it('is nothing where it sent plain text', () => {
    const modes = new ScreenModes();
    modes.shown(latin1('hello\r\n\x07'));
    expect(modes.restoring()).toBe('');
  });

  it('is switched off: attributes and the cursor always, the alternate screen where it is on', () => {
    const modes = new ScreenModes();
    modes.shown(latin1('\x1b[1;31m'));
    expect(modes.restoring()).toContain('\x1b[m\x1b[?25h');
    expect(modes.restoring()).not.toContain('\x1b[?1049l');
    for (const byte of '\x1b[?1049h') modes.shown(latin1(byte));
    expect(modes.restoring()).toContain('\x1b[?1049l');
    modes.shown(latin1('\x1b[?1049l'));
    expect(modes.restoring()).not.toContain('\x1b[?1049l');
  });
});

it('circuits and protocols are named as people do', () => {
  expect(describeCircuits({ dsr: true, dcd: false, ri: null })).toBe('DSR on, DCD off, RI unknown');
  expect(describeCircuits(null)).toMatch(/none/);
  expect(['', 'z', 'Y', 'xmodem', 'kermit'].map((name) => protocolNamed(name)?.name ?? null)).toEqual([
    'zmodem',
    'zmodem',
    'ymodem',
    'xmodem',
    null,
  ]);
});
