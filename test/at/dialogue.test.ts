import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAtCommand } from '../../src/at/command-line.ts';
import { Dialogue, type DialogueEvent } from '../../src/at/dialogue.ts';
import { toBytes } from '../../src/core/text.ts';

/** Runs one command against what a modem sent, whole or cut at the given places, then says it is quiet. */
function run(command: string, sent: string, options: { echo?: boolean; cuts?: number[] } = {}): DialogueEvent[] {
  const dialogue = new Dialogue();
  dialogue.begin(parseAtCommand(command), options.echo ?? true);
  const events: DialogueEvent[] = [];
  const places = [...new Set([0, ...(options.cuts ?? []), sent.length])].sort((a, b) => a - b);
  for (let i = 1; i < places.length; i++) {
    events.push(...dialogue.receive(toBytes(sent.slice(places[i - 1], places[i]))));
  }
  for (let patience = dialogue.patienceMs; patience !== null; patience = dialogue.patienceMs) {
    events.push(...dialogue.quiet());
  }
  return joinData(events);
}

function joinData(events: DialogueEvent[]): DialogueEvent[] {
  const joined: DialogueEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.kind === 'data' && last?.kind === 'data') {
      joined[joined.length - 1] = { kind: 'data', bytes: Buffer.concat([last.bytes, event.bytes]) };
    } else {
      joined.push(event.kind === 'data' ? { kind: 'data', bytes: Buffer.from(event.bytes) } : event);
    }
  }
  return joined;
}

function resultOf(events: DialogueEvent[]): { text: string; lines: readonly string[] } | null {
  const found = events.filter((event) => event.kind === 'result');
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0] ? { text: found[0].result.text, lines: found[0].lines } : null;
}

describe('answers as recorded', () => {
  it.each([
    // command, bytes from the modem, information text, result
    ['ATI3', 'ATI3\r\r\nCX93001-EIS_V0.2002-V92\r\n\r\nOK\r\n', ['CX93001-EIS_V0.2002-V92'], 'OK'],
    ['AT', 'AT\r\r\nOK\r\n', [], 'OK'],
    ['ATS0?', 'ATS0?\r\r\n000\r\n\r\nOK\r\n', ['000'], 'OK'],
    ['AT+FCLASS?', 'AT+FCLASS?\r\r\n0\r\n\r\nOK\r\n', ['0'], 'OK'],
    ['AT+GMI;+GMM', 'AT+GMI;+GMM\r\r\nA\r\n\r\nB\r\n\r\nOK\r\n', ['A', '', 'B'], 'OK'],
    ['ATX9', 'ATX9\r\r\nERROR\r\n', [], 'ERROR'],
    ['AT', 'AT\r0\r', [], 'OK'],
    ['ATX9', 'ATX9\r4\r', [], 'ERROR'],
    ['ATI0', 'ATI0\r56000\r\n0\r', ['56000'], 'OK'],
    ['ATDT1', 'ATDT1\r\r\nNO DIAL TONE\r\n', [], 'NO DIAL TONE'],
    ['ATDT1', 'ATDT1\r\r\nBLACKLISTED\r\n', [], 'BLACKLISTED'],
    ['ATDT1', 'ATDT1\r7\r', [], 'BUSY'],
    // Silicon Labs, and the first of U.S. Robotics' Courier
    ['ATDT1', 'ATDT1\r\r\nRINGING\r\n\r\nVOICE\r\n', ['RINGING'], 'VOICE'],
    ['ATDT1', 'ATDT1\r\r\nNO LINE\r\n', [], 'NO LINE'],
    ['ATDT1', 'ATDT1\r\r\nLINE IN USE\r\n', [], 'LINE IN USE'],
    ['ATI7', 'ATI7\r\r\nVOICE\r\nFAX\r\n\r\nOK\r\n', ['VOICE', 'FAX'], 'OK'],
    // RING while the modem echoes
    ['ATE0A', 'ATE0\r\nRING\r\nA\r\r\nNO CARRIER\r\n', [], 'NO CARRIER'],
    ['AT+VCID=1', 'A\r\nRING\r\nT+VCI\r\nNMBR = 5551234\r\nD=1\r\r\nOK\r\n', [], 'OK'],
    ['ATE0A', 'ATEA\r\r\nCONNECT 33600\r\n', [], 'CONNECT 33600'],
    ['ATH', 'ATH\r\r\nNO CARRIER\r\n\r\nOK\r\n', [], 'OK'],
    // tcpser ends ATH so, and says nothing more
    ['ATH', 'ATH\r\r\nNO CARRIER\r\n', [], 'NO CARRIER'],
    ['ATI6', 'ATI6\r\r\nBUSY\r\nCONNECT 2400\r\nx\r\n\r\nOK\r\n', ['BUSY', 'CONNECT 2400', 'x'], 'OK'],
    ['AT+FRH=3', 'AT+FRH=3\r\r\n+FCERROR\r\n', [], '+FCERROR'],
    // a name that every object of JavaScript has
    ['ATDT1', 'ATDT1\r\r\nconstructor\r\n\r\nOK\r\n', ['constructor'], 'OK'],
    ['AT+CSQ', 'AT+CSQ\r\r\n+CME ERROR: 30\r\n', [], '+CME ERROR: 30'],
    ['AT', 'AT\r\r\nNOT OK\r\nOK.\r\n\r\nOK\r\n', ['NOT OK', 'OK.'], 'OK'],
    // line noise and flow control characters
    ['AT', 'AT\r\x00\x11\r\nO\x00K\r\n', [], 'OK'],
    ['AT', '\xc3AT\r\r\nOK\r\n', [], 'OK'],
  ])('%s: %j', (command, sent, lines, text) => {
    expect(resultOf(run(command, sent))).toEqual({ text, lines });
  });

  it('takes an answer from a modem that does not echo, where no echo is expected', () => {
    expect(resultOf(run('ATE1V1Q0', '\r\nOK\r\n', { echo: false }))).toEqual({ text: 'OK', lines: [] });
    expect(resultOf(run('ATE1V1Q0', 'ATE1V1Q0\r\r\nOK\r\n', { echo: false }))).toEqual({ text: 'OK', lines: [] });
  });

  it('hands on every byte after CONNECT and its line feed, and none before (rule 6)', () => {
    const events = run('ATD1', 'ATD1\r\r\nCONNECT 33600/ARQ\r\n\x7e\xff\r\nNO CARRIER\r\n');
    expect(events.map((event) => event.kind)).toEqual(['echo', 'result', 'data']);
    expect(events.at(-1)).toEqual({ kind: 'data', bytes: Buffer.from('\x7e\xff\r\nNO CARRIER\r\n', 'latin1') });
  });

  it('gives a line feed after a numeric CONNECT to the call, since that has none of its own', () => {
    const dialogue = new Dialogue();
    dialogue.begin(parseAtCommand('ATD1'), true);
    dialogue.receive(toBytes('ATD1\r1\r'));
    expect(dialogue.quiet()).toMatchObject([{ kind: 'result', result: { text: 'CONNECT' } }]);
    expect(dialogue.receive(toBytes('\nx'))).toEqual([{ kind: 'data', bytes: Buffer.from('\nx') }]);
  });

  it('tells a prompt: text that waits without a line end', () => {
    expect(run('AT+CMGS=1', 'AT+CMGS=1\r\r\n> ')).toContainEqual({ kind: 'prompt', text: '> ' });
  });

  it('says what is known when the time is up', () => {
    const dialogue = new Dialogue();
    dialogue.begin(parseAtCommand('ATI6'), true);
    dialogue.receive(toBytes('ATI6\r\r\nLink Diag'));
    dialogue.receive(toBytes('nostics\r\nmore'));
    expect(dialogue.expire()).toEqual({ lines: ['Link Diagnostics'], echoed: true });
    expect(dialogue.state).toBe('idle');
  });
});

describe('rule 2: the echo is the delimiter', () => {
  it('leaves the late OK of one command out of the next', () => {
    const dialogue = new Dialogue();
    dialogue.begin(parseAtCommand('ATI1'), true);
    dialogue.expire();
    dialogue.begin(parseAtCommand('ATI3'), true);
    const events = dialogue.receive(toBytes('ATI1\r\r\n1A2B\r\n\r\nOK\r\nATI3\r\r\nV1\r\n\r\nOK\r\n'));
    expect(resultOf(events)).toEqual({ text: 'OK', lines: ['V1'] });
    expect(events.filter((event) => event.kind === 'stray').map((event) => event.text)).toEqual(['ATI1', '1A2B', 'OK']);
  });

  it('gives lines after a final result to nobody', () => {
    const events = run('AT', 'AT\r\r\nOK\r\n\r\nOK\r\nlate\r\n');
    expect(resultOf(events)).toEqual({ text: 'OK', lines: [] });
    expect(events.filter((event) => event.kind === 'stray').length).toBe(2);
  });

  it('never takes a result without its echo once the modem is known to echo', () => {
    expect(resultOf(run('AT', '\r\nOK\r\n'))).toBeNull();
  });
});

/** A verbose answer made of information text that looks like nothing else. */
const plainLine = fc
  .stringMatching(/^[a-zA-Z0-9 .,:/+-]{1,40}$/)
  .filter((line) => line.trim() !== '' && /[a-z]{2}/.test(line));
const answer = fc.tuple(fc.array(plainLine, { maxLength: 6 }), fc.constantFrom('OK', 'ERROR', 'CONNECT 33600/ARQ'));
const block = fc.constantFrom(
  '\r\nRING\r\n',
  '\r\nDATE = 1015\r\nTIME = 1310\r\nNMBR = 5551234\r\nNAME = SMITH JOHN\r\n',
  '\r\nDATE=0117\r\n\r\nTIME=1452\r\n\r\nNMBR=P\r\n',
  '\r\nDROF=40\r\n\r\nDRON=20\r\n\r\nRING\r\n',
);

function pieces(lines: string[], result: string): string[] {
  return ['ATD1\r', ...lines.map((line) => `\r\n${line}\r\n`), `\r\n${result}\r\n`];
}

describe('properties', () => {
  it('any split of the bytes gives the same events', () => {
    fc.assert(
      fc.property(
        answer,
        fc.array(fc.nat(400), { maxLength: 40 }),
        fc.string({ maxLength: 20 }),
        (sent, cuts, tail) => {
          const bytes = `${pieces(...sent).join('')}${tail}`;
          expect(run('ATD1', bytes, { cuts })).toEqual(run('ATD1', bytes));
        },
      ),
    );
  });

  it('RING or caller ID between any two lines changes no result (rule 1)', () => {
    fc.assert(
      fc.property(answer, fc.array(fc.tuple(fc.nat(7), block), { maxLength: 4 }), ([lines, result], inserted) => {
        const clean = pieces(lines, result);
        const mixed = [...clean];
        // From the back, so that the places stay right; nothing after the result, which may be data.
        for (const [place, text] of inserted.sort((a, b) => b[0] - a[0])) {
          mixed.splice(Math.min(place, clean.length - 1), 0, text);
        }
        expect(resultOf(run('ATD1', mixed.join('')))).toEqual(resultOf(run('ATD1', clean.join(''))));
      }),
    );
  });

  it('endless garbage does not fill the memory', () => {
    const dialogue = new Dialogue();
    dialogue.begin(parseAtCommand('ATI3'), false);
    const noise = new Uint8Array(1 << 16).fill(0x55);
    for (let i = 0; i < 200; i++) dialogue.receive(noise);
    const end = dialogue.expire();
    expect('lines' in end && end.lines.join('').length).toBeLessThan(1.1 * (1 << 20));
  });
});
