import { describe, expect, test } from 'vitest';
import { Bench } from '../support/bench.ts';

const OK = '\r\nOK\r\n';
const ERROR = '\r\nERROR\r\n';

describe('what the models answer, as recorded', () => {
  test.each([
    ['usr5637', 'ATI0', ' 5601'],
    ['usr5637', 'ATI', ' 5601'],
    ['usr5637', 'ATI3', 'U.S. Robotics 56K FAX USB V1.2.23'],
    ['usr5637', 'AT+GMI', 'U.S. Robotics'],
    ['usr5637', 'AT+GMR', 'V1.2.23'],
    ['usr5637', 'AT+GCAP', '+GCAP: +FCLASS,+MS,+ES,+DS'],
    ['usr5637', 'ATS7?', '060'],
    ['tfm561u', 'ATI0', '56000'],
    ['tfm561u', 'ATI3', 'CX93001-EIS_V0.2002-V92'],
    ['tfm561u', 'ATI5', 'B5'],
    ['tfm561u', 'AT+GMI', 'CONEXANT'],
    ['tfm561u', 'AT+GMM', 'V90'],
    ['tfm561u', 'AT+GMR', 'CX93001-EIS_V0.2002-V92'],
    ['tfm561u', 'AT+GCAP', '+GCAP: +FCLASS,+MS,+ES,+DS'],
    ['tfm561u', 'AT+FCLASS=?', '0,1,1.0,8'],
    ['tfm561u', 'AT+FTM=?', '3,24,48,72,73,74,96,97,98,121,122,145,146'],
    ['tfm561u', 'AT+ES?', '+ES: 3,0,2'],
    ['tfm561u', 'ATS0?', '000'],
    ['tfm561u', 'ATS46?', '138'],
  ])('%s %s', (model, command, text) => {
    // Raw logs of a Conexant: the echo's CR, then CR LF text CR LF, then CR LF OK CR LF.
    expect(new Bench(model).at(command)).toBe(`${command}\r\r\n${text}\r\n${OK}`);
  });

  test.each([
    ['usr5637', 'ATI8'],
    ['usr5637', 'ATI10'],
    ['usr5637', 'AT&V'],
    ['usr5637', 'AT+MS=B212'],
    ['usr5637', 'ATE=1'],
    ['usr5637', 'ATW1'],
    ['usr5637', 'AT&K4'],
    ['tfm561u', 'AT+ILRR=1'],
    ['tfm561u', 'AT\\N1'],
    ['tfm561u', 'AT+MS=BELL212A'],
    ['tfm561u', 'AT#CID=1'],
    ['tfm561u', 'AT+IPR=12345'],
    ['tfm561u', 'ATS6=1'],
    ['tfm561u', 'ATS99=1'],
    ['tfm561u', 'ATE2'],
    ['tfm561u', 'AT!'],
  ])('%s refuses %s', (model, command) => {
    expect(new Bench(model).at(command)).toBe(`${command}\r${ERROR}`);
  });

  test.each([
    ['usr5637', 'ATE1V1Q0X4&C1&D2S0=0'],
    ['usr5637', 'AT&F1&A3&B1&D2S0=0'],
    ['usr5637', 'AT+MS=BELL212A'],
    ['usr5637', 'AT#CID=1'],
    ['usr5637', 'AT+GCI=04'],
    ['tfm561u', 'AT&K3&Q5\\N3%C3'],
    ['tfm561u', 'AT+MS=V34,1,9600,33600;+ER=1'],
    ['tfm561u', 'AT-STE=3;+VCID=1'],
    ['tfm561u', 'AT+GCI=42'],
    ['tfm561u', 'AT+PCW=2;L0M0'],
  ])('%s takes %s', (model, command) => {
    expect(new Bench(model).at(command)).toBe(`${command}\r${OK}`);
  });

  test('AT&V of the Conexant is the screen of the dumps', () => {
    const screen = new Bench('tfm561u').at('AT&V');
    expect(screen).toContain(
      'ACTIVE PROFILE:\r\nB1 E1 L2 M1 N0 Q0 T V1 W0 X4 Y0 &C1 &D2 &G0 &J0 &K3 &Q5 &R1 &S0 &T5 &X0 &Y0\r\nS00:0 S01:0 S02:43 S03:13 S04:10 S05:8 S06:2 S07:50 S08:1 S09:6 S10:14 S11:85 S12:50 S18:0 S25:5 S26:1 S36:7 S38:20 S46:138 S48:7 S95:0\r\n',
    );
  });

  test('ATI7 of the USR5637 has the labels of its firmware', () => {
    const screen = new Bench('usr5637').at('ATI7');
    for (const label of ['Configuration Profile...', 'Product ID:', 'Flash Date', 'Flash Rev', 'Line Options']) {
      expect(screen).toContain(label);
    }
  });
});

describe('execution of a line (V.250 5.5)', () => {
  test('commands before one that fails are executed, those after are not', () => {
    const bench = new Bench();
    expect(bench.at('ATS0=1S7=90&Y9S8=9')).toContain('ERROR');
    expect(bench.at('ATS0?S7?S8?')).toContain('\r\n001\r\n\r\n090\r\n\r\n002\r\n');
  });

  test('information texts come in their order, the result once at the end', () => {
    expect(new Bench('tfm561u').at('ATI0S2?I5')).toBe('ATI0S2?I5\r\r\n56000\r\n\r\n043\r\n\r\nB5\r\n\r\nOK\r\n');
  });

  test('an overlong line is ERROR, and the next is good', () => {
    const bench = new Bench();
    bench.type(`AT${'E1'.repeat(100)}\r`);
    expect(bench.said()).toContain(ERROR);
    expect(bench.at('AT')).toBe(`AT\r${OK}`);
  });

  test('A/ repeats the last line; before any line it is OK', () => {
    const bench = new Bench('tfm561u');
    bench.type('A/');
    expect(bench.said()).toBe(`A/${OK}`);
    bench.at('ATI0');
    bench.type('A/');
    expect(bench.said()).toBe(`A/\r\n56000\r\n${OK}`);
  });

  test('omitted values of an extended command stay as they were', () => {
    const bench = new Bench('tfm561u');
    bench.at('AT+MS=V34,,9600');
    expect(bench.at('AT+MS?')).toContain('+MS: V34,1,9600,48000,300,56000');
  });
});

describe('how answers are worded (V.250 5.7, 6.2)', () => {
  test('E0: no echo', () => {
    const bench = new Bench();
    bench.at('ATE0');
    expect(bench.at('AT')).toBe(OK);
  });

  test('V0: numbers with CR alone, and information text without its header', () => {
    const bench = new Bench('tfm561u');
    expect(bench.at('ATV0')).toBe('ATV0\r0\r');
    expect(bench.at('ATE0')).toBe('ATE0\r0\r');
    expect(bench.at('ATI0')).toBe('56000\r\n0\r');
    expect(bench.at('ATI99')).toBe('4\r');
  });

  test('Q1 silences results, but neither echo nor information text', () => {
    const bench = new Bench('tfm561u');
    bench.at('ATQ1');
    expect(bench.at('ATI0')).toBe('ATI0\r\r\n56000\r\n');
  });

  test('S3 and S4 are the CR and LF of answers', () => {
    const bench = new Bench();
    bench.at('ATE0S4=32');
    expect(bench.at('AT')).toBe('\r OK\r ');
  });
});

describe('profiles', () => {
  test('&W keeps settings and S-parameters over power; caller ID is lost with Z', () => {
    const bench = new Bench('tfm561u');
    bench.at('ATE0S0=2+VCID=1');
    bench.at('AT&W');
    bench.dce.powerOn();
    expect(bench.at('ATS0?')).toBe('\r\n002\r\n\r\nOK\r\n');
    bench.at('AT+VCID=1');
    bench.at('ATZ');
    expect(bench.at('AT+VCID?')).toContain('+VCID: 0');
  });

  test('&F brings the factory state, Z the stored one', () => {
    const bench = new Bench('tfm561u');
    bench.at('ATE0&W');
    bench.at('AT&F');
    expect(bench.at('AT')).toBe(`AT\r${OK}`);
    bench.at('ATZ');
    expect(bench.at('AT')).toBe(OK);
  });

  test('USR: &F1 is hardware flow control, Y and Z3 to Z5 choose', () => {
    const bench = new Bench();
    bench.at('AT&F1');
    expect(bench.dce.state.settings).toMatchObject({ '&H': 1, '&R': 2, '&I': 0, '&K': 1 });
    bench.at('ATZ3');
    expect(bench.dce.state.settings['&H']).toBe(0);
    bench.at('ATY3&W');
    bench.dce.powerOn();
    expect(bench.dce.state.settings['&H']).toBe(1);
  });

  test('the country stays whatever is reset', () => {
    const bench = new Bench('tfm561u');
    bench.at('AT+GCI=42');
    bench.at('AT&F');
    expect(bench.at('AT+GCI?')).toContain('+GCI: 42');
  });

  test('numbers are stored and dialled', () => {
    const bench = new Bench();
    expect(bench.at('AT&Z1=5550100')).toContain('OK');
    expect(bench.at('ATDS=1', 10_000)).toContain('CONNECT');
  });
});
