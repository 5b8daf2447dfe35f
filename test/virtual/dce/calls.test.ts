import { describe, expect, test } from 'vitest';
import { SUBSCRIBERS } from '../../../src/virtual/exchange/subscribers.ts';
import { Bench } from '../support/bench.ts';

const USR_CONNECT = '\r\nCONNECT 33600/ARQ/V34/LAPM/V42BIS\r\n';

/** A modem in a call with the echo. */
function inCall(model = 'usr5637', setup = 'AT'): Bench {
  const bench = new Bench(model);
  bench.at(setup);
  bench.at(`ATDT${SUBSCRIBERS.echo}`, 10_000);
  expect(bench.dce.online).toBe(true);
  return bench;
}

/** Two modems on one exchange. */
function pair(models: readonly [string, string] = ['usr5637', 'tfm561u']): [Bench, Bench] {
  const calling = new Bench(models[0], '5550101');
  return [calling, new Bench(models[1], '5550102', calling)];
}

describe('dialling', () => {
  test.each([
    ['usr5637', '', SUBSCRIBERS.echo, USR_CONNECT],
    ['usr5637', '&A0', SUBSCRIBERS.echo, '\r\nCONNECT 33600\r\n'],
    ['usr5637', '&A1', SUBSCRIBERS.echo, '\r\nCONNECT 33600/ARQ\r\n'],
    ['usr5637', '&A2', SUBSCRIBERS.echo, '\r\nCONNECT 33600/ARQ/V34\r\n'],
    ['usr5637', '&M0', SUBSCRIBERS.echo, '\r\nCONNECT 33600/V34/NONE\r\n'],
    ['usr5637', '&K0', SUBSCRIBERS.echo, '\r\nCONNECT 33600/ARQ/V34/LAPM\r\n'],
    ['usr5637', '&N14', SUBSCRIBERS.echo, '\r\nCONNECT 28800/ARQ/V34/LAPM/V42BIS\r\n'],
    ['usr5637', 'X0', SUBSCRIBERS.echo, '\r\nCONNECT\r\n'],
    ['usr5637', '+MS=V32,1,0,9600;', SUBSCRIBERS.echo, '\r\nCONNECT 9600/ARQ/V32/LAPM/V42BIS\r\n'],
    ['usr5637', '+MS=V22B;&M0', SUBSCRIBERS.echo, '\r\nCONNECT 2400/NONE\r\n'],
    ['usr5637', 'V0', SUBSCRIBERS.echo, '60\r'],
    ['usr5637', 'V0X0', SUBSCRIBERS.echo, '1\r'],
    ['tfm561u', '', SUBSCRIBERS.echo, '\r\nCONNECT 115200\r\n'],
    ['tfm561u', 'W2', SUBSCRIBERS.echo, '\r\nCONNECT 33600\r\n'],
    [
      'tfm561u',
      'W1',
      SUBSCRIBERS.echo,
      '\r\nCARRIER 33600\r\n\r\nPROTOCOL: LAPM\r\n\r\nCOMPRESSION: V.42BIS\r\n\r\nCONNECT 115200\r\n',
    ],
    ['tfm561u', 'W2V0+MS=V34,1,300,14400;', SUBSCRIBERS.echo, '15\r'],
    [
      'tfm561u',
      '+MR=1;+ER=1;+DR=1;',
      SUBSCRIBERS.echo,
      '\r\n+MCR: V34\r\n\r\n+MRR: 33600,33600\r\n\r\n+ER: LAPM\r\n\r\n+DR: V42B\r\n\r\nCONNECT 115200\r\n',
    ],
    ['usr5637', '', SUBSCRIBERS.busy, '\r\nBUSY\r\n'],
    ['usr5637', 'V0', SUBSCRIBERS.busy, '7\r'],
    ['usr5637', 'X2S7=9', SUBSCRIBERS.busy, '\r\nNO CARRIER\r\n'],
    ['usr5637', '', SUBSCRIBERS.voice, '\r\nNO CARRIER\r\n'],
    // A USR says NO ANSWER only of @ (V.250 table 1), a Conexant of ringback until S7 is up.
    ['usr5637', '', SUBSCRIBERS.noAnswer, '\r\nNO CARRIER\r\n'],
    ['tfm561u', '', SUBSCRIBERS.noAnswer, '\r\nNO ANSWER\r\n'],
    ['usr5637', '', `${SUBSCRIBERS.noAnswer}@`, '\r\nNO ANSWER\r\n'],
    ['usr5637', '', `${SUBSCRIBERS.echo}@`, USR_CONNECT],
    ['usr5637', '', '5550177', '\r\nNO CARRIER\r\n'],
    ['usr5637', '', `9W${SUBSCRIBERS.echo}`, USR_CONNECT],
    ['usr5637', '', `9,${SUBSCRIBERS.echo}`, USR_CONNECT],
    ['usr5637', '', 'P555-01 00', USR_CONNECT],
  ] as const)('%s with %j dials %s: %j', (model, setup, number, result) => {
    const bench = new Bench(model);
    bench.at('ATE0');
    bench.at(`AT${setup}`);
    expect(bench.at(`ATD${number}`, 90_000)).toBe(result);
    expect(bench.dce.state.offHook).toBe(result.includes('CONNECT') || /^(60|1|15)\r/.test(result));
  });

  test.each([
    ['X4', 'NO DIALTONE'],
    ['X2', 'NO DIALTONE'],
    ['X3', 'NO CARRIER'],
    ['X1', 'NO CARRIER'],
  ])('without a dial tone %s ends in %s', (level, result) => {
    const bench = new Bench();
    bench.exchange.setCut('5550101', true);
    bench.at(`AT${level}S7=20`);
    expect(bench.at('ATDT5550100', 60_000)).toContain(`\r\n${result}\r\n`);
    expect(bench.dce.state.offHook).toBe(false);
  });

  test('blind dialling waits S6 seconds, at least two', () => {
    const bench = new Bench();
    bench.at('ATX3S6=0');
    bench.at('ATDT5550195');
    bench.clock.advance(1900);
    expect(bench.said()).not.toContain('BUSY');
    bench.clock.advance(3000);
    expect(bench.said()).toContain('BUSY');
  });

  test('any character aborts, but none within 125 ms of the terminator (V.250 5.6.1)', () => {
    const bench = new Bench();
    bench.at('ATDT5550196');
    bench.clock.advance(100);
    bench.type('\n');
    bench.clock.advance(5000);
    expect(bench.said()).toBe('');
    bench.type('x');
    expect(bench.said()).toBe('\r\nNO CARRIER\r\n');
    expect(bench.dce.state.offHook).toBe(false);
    expect(bench.at('AT')).toContain('OK');
  });

  test('a semicolon returns to command state, off-hook; H hangs up', () => {
    const bench = new Bench();
    expect(bench.at('ATDT5550196;S0?', 10_000)).toContain('\r\n000\r\n\r\nOK\r\n');
    expect(bench.dce.state.offHook).toBe(true);
    expect(bench.at('ATH')).toContain('OK');
    expect(bench.dce.state.offHook).toBe(false);
  });

  test('a modem off-hook is busy for others', () => {
    const [calling, called] = pair();
    called.at('ATH1');
    expect(calling.at('ATDT5550102', 10_000)).toContain('BUSY');
  });

  test('DELAYED and BLACKLISTED are ERROR on a Conexant below X4', () => {
    const bench = new Bench('tfm561u');
    bench.misbehave('blacklisted');
    expect(bench.at('ATDT1')).toContain('\r\nBLACKLISTED\r\n');
    bench.at('ATX3');
    expect(bench.at('ATDT1')).toContain('\r\nERROR\r\n');
  });
});

describe('being called', () => {
  test('RING for each ring, RI with the cadence, S1 counts and forgets after 8 s', () => {
    const bench = new Bench();
    bench.exchange.ringFromOutside('5550101', { number: null, name: null }, 2);
    bench.events.length = 0;
    bench.clock.advance(1999);
    expect(bench.dce.circuits.ri).toBe(true);
    bench.clock.advance(2);
    expect(bench.dce.circuits.ri).toBe(false);
    bench.clock.advance(3998);
    expect(bench.said()).toBe('\r\nRING\r\n');
    bench.clock.advance(2);
    expect(bench.said()).toBe('\r\nRING\r\n');
    expect(bench.dce.state.registers.S1).toBe(2);
    bench.clock.advance(8000);
    expect(bench.dce.state.registers.S1).toBe(0);
  });

  test.each([
    ['usr5637', 'AT#CID=1', 'DATE=0117\r\nTIME=1452\r\nNMBR=5551234\r\nNAME=SMITH JOHN\r\n'],
    ['usr5637', 'AT+VCID=1', 'DATE=0117\r\nTIME=1452\r\nNMBR=5551234\r\nNAME=SMITH JOHN\r\n'],
    ['tfm561u', 'AT+VCID=1', 'DATE = 0117\r\nTIME = 1452\r\nNMBR = 5551234\r\nNAME = SMITH JOHN\r\n'],
  ])('%s after %s prints caller ID between the first and the second ring', (model, setup, block) => {
    const bench = new Bench(model);
    bench.at(setup);
    bench.exchange.ringFromOutside('5550101', { number: '5551234', name: 'SMITH JOHN' }, 2);
    bench.clock.advance(20_000);
    expect(bench.said()).toBe(`\r\nRING\r\n\r\n${block}\r\nRING\r\n`);
  });

  test('a withheld number is P, an unknown one O', () => {
    const bench = new Bench('tfm561u');
    bench.at('AT+VCID=1');
    bench.exchange.ringFromOutside('5550101', { number: 'private', name: null }, 1);
    bench.clock.advance(5000);
    expect(bench.said()).toContain('NMBR = P\r\nNAME = O\r\n');
  });

  test('+VCID=2 is the message as received, with a right check sum', () => {
    const bench = new Bench('tfm561u');
    bench.at('AT+VCID=2');
    bench.exchange.ringFromOutside('5550101', { number: '5551234', name: 'AB' }, 1);
    bench.clock.advance(5000);
    const hex = /MESG = ([0-9A-F]+)/.exec(bench.said())?.[1] ?? '';
    expect(hex).toMatch(/^8017010830313137313435320207353535313233340702414/);
    expect(Buffer.from(hex, 'hex').reduce((sum, byte) => (sum + byte) & 0xff, 0)).toBe(0);
  });

  test('while a command line is entered RING and caller ID wait for its end (V.250 5.7)', () => {
    const bench = new Bench('tfm561u');
    bench.at('AT+VCID=1');
    bench.type('ATI');
    bench.exchange.ringFromOutside('5550101', { number: '5551234', name: 'X' }, 1);
    bench.clock.advance(5000);
    expect(bench.said()).toBe('ATI');
    expect(bench.at('0')).toMatch(/^0\r\r\n56000\r\n\r\nOK\r\n\r\nRING\r\n\r\nDATE = 0117\r\n/);
  });

  test('ATA answers; both sides CONNECT and have DCD', () => {
    const [calling, called] = pair();
    calling.at('ATDT5550102', 3000);
    expect(called.said()).toContain('RING');
    called.at('ATA');
    called.clock.advance(10_000);
    expect(called.said()).toBe('\r\nCONNECT 115200\r\n');
    expect(calling.said()).toBe(USR_CONNECT);
    expect([calling.dce.circuits.dcd, called.dce.circuits.dcd]).toEqual([true, true]);
  });

  test('S0 answers after so many rings, but not while DTR is off (&D2)', () => {
    const [calling, called] = pair();
    called.at('ATS0=2');
    calling.at('ATDT5550102', 20_000);
    expect(called.said()).toBe('\r\nRING\r\n\r\nRING\r\n\r\nCONNECT 115200\r\n');

    const [again, silent] = pair();
    silent.at('ATS0=1');
    silent.dce.dtr(false);
    again.at('ATDT5550102', 20_000);
    expect(silent.said()).not.toContain('CONNECT');
  });

  test('the rate is the lower of the two', () => {
    const [calling, called] = pair();
    called.at('ATW2+MS=V32B,1,300,14400;S0=1');
    expect(calling.at('ATDT5550102', 20_000)).toContain('CONNECT 14400/ARQ/V32/LAPM/V42BIS');
    expect(called.said()).toContain('CONNECT 14400');
  });

  test('a USR does not go off-hook during the ring burst, a Conexant does', () => {
    const usr = pair(['tfm561u', 'usr5637']);
    usr[0].at('ATDT5550102', 2500);
    usr[1].at('ATA');
    expect(usr[1].dce.state.offHook).toBe(false);
    usr[1].clock.advance(2000);
    expect(usr[1].dce.state.offHook).toBe(true);

    const conexant = pair(['usr5637', 'tfm561u']);
    conexant[0].at('ATDT5550102', 2500);
    conexant[1].at('ATA');
    expect(conexant[1].dce.state.offHook).toBe(true);
  });

  test('ATA with nobody there is NO CARRIER after S7', () => {
    const bench = new Bench();
    bench.at('ATS7=30');
    bench.at('ATA');
    bench.clock.advance(29_000);
    expect(bench.said()).toBe('');
    bench.clock.advance(1001);
    expect(bench.said()).toBe('\r\nNO CARRIER\r\n');
  });

  test('the caller gives up: ringing ends, and nothing is left of it', () => {
    const [calling, called] = pair();
    calling.at('ATDT5550102', 3000);
    calling.type('x');
    expect(calling.said()).toContain('NO CARRIER');
    called.clock.advance(60_000);
    expect(called.said()).toBe('\r\nRING\r\n');
    expect(called.dce.circuits.ri).toBe(false);
    expect(calling.clock.pending).toBe(0);
  });
});

describe('in a call', () => {
  test('the escape sequence wants silence before and after (S12), and O goes back', () => {
    const bench = inCall();
    bench.said();
    bench.type('a+++');
    bench.clock.advance(3000);
    expect(bench.said()).toBe('a+++');
    bench.type('+++');
    bench.clock.advance(999);
    expect(bench.said()).toBe('+++');
    bench.clock.advance(1);
    expect(bench.said()).toBe('\r\nOK\r\n');
    expect(bench.dce.circuits.dcd).toBe(true);
    expect(bench.at('ATO')).toBe(`ATO\r${USR_CONNECT}`);
    bench.type('back');
    expect(bench.said()).toBe('back');
  });

  test('a character after +++ within the guard time makes it data', () => {
    const bench = inCall();
    bench.clock.advance(2000);
    bench.type('+++');
    bench.clock.advance(500);
    bench.type('A');
    bench.clock.advance(2000);
    expect(bench.dce.online).toBe(true);
  });

  test('four are no escape', () => {
    const bench = inCall();
    bench.clock.advance(2000);
    bench.type('++++');
    bench.clock.advance(2000);
    expect(bench.dce.online).toBe(true);
  });

  test('S2 above 127 switches the escape off', () => {
    const bench = inCall('usr5637', 'ATS2=255');
    bench.clock.advance(2000);
    bench.type(Uint8Array.of(255, 255, 255));
    bench.clock.advance(2000);
    bench.type('+++');
    bench.clock.advance(2000);
    expect(bench.dce.online).toBe(true);
  });

  test.each([
    ['&D2', false, '\r\nNO CARRIER\r\n'],
    ['&D1', true, '\r\nOK\r\n'],
    ['&D0', true, ''],
  ])('DTR falls with %s', (setup, stays, said) => {
    const bench = inCall('usr5637', `AT${setup}`);
    bench.said();
    bench.dce.dtr(false);
    expect(bench.said()).toBe(said);
    expect(bench.dce.state.offHook).toBe(stays);
  });

  test('&D3 loads the stored profile', () => {
    const bench = inCall('usr5637', 'AT&D3S0=5');
    bench.dce.dtr(false);
    expect(bench.dce.state).toMatchObject({ offHook: false, settings: { '&D': 2 }, registers: { S0: 0 } });
  });

  test('hanging up on one side is NO CARRIER and the end of DCD on the other after S10', () => {
    const [calling, called] = pair();
    called.at('ATS0=1S10=20');
    calling.at('ATDT5550102', 20_000);
    called.said();
    calling.clock.advance(1100);
    calling.type('+++');
    calling.clock.advance(1100);
    calling.at('ATH');
    called.clock.advance(1999);
    expect(called.dce.circuits.dcd).toBe(true);
    called.clock.advance(1);
    expect(called.dce.circuits.dcd).toBe(false);
    expect(called.said()).toBe('+++\r\nNO CARRIER\r\n');
    expect(called.dce.state.offHook).toBe(false);
  });

  test('&C0: DCD is always on; &S1: DSR follows the call', () => {
    const bench = new Bench();
    bench.at('AT&C0&S1');
    expect(bench.dce.circuits).toEqual({ dsr: false, dcd: true, ri: false });
    bench.at('ATDT5550100', 10_000);
    expect(bench.dce.circuits).toEqual({ dsr: true, dcd: true, ri: false });
  });

  test('data that come while in online command state wait for O', () => {
    const [calling, called] = pair();
    called.at('ATS0=1');
    calling.at('ATDT5550102', 20_000);
    calling.clock.advance(1100);
    calling.type('+++');
    calling.clock.advance(1100);
    calling.said();
    called.said();
    expect(called.type('news')).toBe(0);
    calling.at('ATO');
    expect(called.events).toContain('writable');
    expect(called.type('news')).toBe(4);
    expect(calling.said()).toBe('news');
  });

  test('what the far end says in the same moment as CONNECT comes after it', () => {
    const [calling, called] = pair();
    called.at('ATS0=1');
    called.dce.attach({
      readable: () => {
        if (called.dce.online) called.type('login: ');
      },
      writable: () => called.type('login: '),
      circuits: () => {},
      presence: () => {},
    });
    expect(calling.at('ATDT5550102', 20_000)).toBe(`ATDT5550102\r${USR_CONNECT}login: `);
  });
});

describe('a modem that is not what it was', () => {
  test('without power does not answer, whatever S0 was', () => {
    const [calling, called] = pair();
    called.at('AT&D0S0=1');
    called.dce.powerOff();
    calling.at('ATDT5550102', 30_000);
    expect(called.dce.state.offHook).toBe(false);
    expect(called.said()).toBe('');
  });

  test('pulled out in a call, it leaves the other with NO CARRIER', () => {
    const [calling, called] = pair();
    called.at('ATS0=1');
    calling.at('ATDT5550102', 20_000);
    calling.dce.powerOff();
    called.said();
    called.clock.advance(1400);
    expect(called.said()).toBe('\r\nNO CARRIER\r\n');
  });

  test('after power-up DTR is off until somebody raises it, so S0 does not answer', () => {
    const [calling, called] = pair();
    called.at('ATS0=1&W');
    called.dce.powerOn();
    calling.at('ATDT5550102', 20_000);
    expect(called.dce.state).toMatchObject({ offHook: false, registers: { S0: 1 } });
  });

  test('a cut line is a lost carrier', () => {
    const bench = inCall();
    bench.said();
    bench.exchange.setCut('5550101', true);
    bench.clock.advance(2000);
    expect(bench.said()).toBe('\r\nNO CARRIER\r\n');
  });
});

describe('rings as a Conexant can tell them', () => {
  test.each([
    ['+VDR=1,0', 'DRON=20|DROF=40|DRON=20'],
    ['+VDR=1,5', 'DRON=20|RING|DROF=40|DRON=20|RING'],
    ['+FCLASS=8', '\x10R\x10R'],
  ])('AT%s', (setup, said) => {
    const bench = new Bench('tfm561u');
    bench.at(`AT${setup}`);
    bench.exchange.ringFromOutside('5550101', { number: null, name: null }, 2);
    bench.clock.advance(30_000);
    expect(bench.said().split('\r\n').filter(Boolean).join('|')).toBe(said);
  });
});

test('a DTE that talks and never reads is made to wait', () => {
  const bench = new Bench();
  const commands = Buffer.from('ATI7\r'.repeat(20_000));
  const taken = bench.type(commands);
  expect(taken).toBeLessThan(10_000);
  bench.bytes();
  expect(bench.events).toContain('writable');
  expect(bench.type(commands)).toBeGreaterThan(0);
});
