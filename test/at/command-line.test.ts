import { describe, expect, it } from 'vitest';
import { parseAtCommand } from '../../src/at/command-line.ts';
import { isModemctlError } from '../../src/core/errors.ts';

function refusalOf(text: string): string {
  try {
    parseAtCommand(text);
  } catch (error) {
    if (isModemctlError(error, 'USAGE')) return error.message;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} was not refused`);
}

describe('parseAtCommand', () => {
  it.each([
    ['I3', 'ATI3'],
    ['ATI3', 'ATI3'],
    ['ati3', 'ati3'],
    ['  AT  ', 'AT'],
    ['', 'AT'],
    ['+FCLASS=?', 'AT+FCLASS=?'],
    ['AT$', 'AT$'],
    ['ATS$', 'ATS$'],
    ['AT+GCI$', 'AT+GCI$'],
    ['AT-SCID=1;+VCID=1;-STE=3', 'AT-SCID=1;+VCID=1;-STE=3'],
    ['AT!4886=00', 'AT!4886=00'],
    ['FOO', 'ATFOO'],
  ])('takes %j and sends %j', (given, sent) => {
    expect(parseAtCommand(given).line).toBe(sent);
  });

  it.each([
    ['ATDT5550137', true],
    ['ATD', true],
    ['ATM0L0DT5550137', true],
    ['ATA', true],
    ['ATO', true],
    ['ATX3&D2S7=60DT1', true],
    ['AT+MS=V34DT5', false], // the value runs to its semicolon (V.250 5.4)
    ['AT+MS=V34;DT5', true],
    ['ATI3', false],
    ['AT&D2', false],
    ['AT&A3', false],
    ['ATS0=1', false],
    ['AT+VCID=1', false],
    ['AT#CID=1', false],
    ['AT+GMI;+GMM', false],
    ['AT"A"', false],
  ])('%s is a call: %s', (given, call) => {
    expect(parseAtCommand(given).call).toBe(call);
  });

  it('knows what can end with CONNECT without being a call: the data phases of T.31 and V.253', () => {
    for (const line of ['AT+FTM=96', 'AT+FRH=3', 'AT+VTX', 'AT+VRX', 'AT+VTR']) {
      expect(parseAtCommand(line)).toMatchObject({ call: false, mayConnect: true });
    }
    expect(parseAtCommand('AT+FTS=7').mayConnect).toBe(false);
    expect(parseAtCommand('AT+VTS=1').mayConnect).toBe(false);
  });

  it.each(['ATZ', 'ATE0', 'ATQ1V0', 'AT&F', 'AT&F1S0=0', 'ATM0E1'])('%s changes the dialogue', (given) => {
    expect(parseAtCommand(given).changesDialogue).toBe(true);
  });

  it.each(['ATI3', 'AT&V', 'AT+VCID=1', 'AT%E0', 'ATS3=13', 'AT\\V1'])('%s does not', (given) => {
    expect(parseAtCommand(given).changesDialogue).toBe(false);
  });

  it('knows when a command line turns result codes off', () => {
    expect(parseAtCommand('ATE0Q1').silences).toBe(true);
    expect(parseAtCommand('ATQ0').silences).toBe(false);
    expect(parseAtCommand('ATDTQ1').silences).toBe(false);
  });

  it('never sends a flash loader command, an endless redial or a blind repeat (rule 4)', () => {
    for (const line of ['AT&&F', 'at&&f', 'AT& &FGO', 'AT~S?', 'A>', 'ATA>', 'A/', 'a/', 'ATI3&&F']) {
      expect(refusalOf(line)).toContain('never sends');
    }
    expect(parseAtCommand('AT+GMI="&&F"').line).toBe('AT+GMI="&&F"');
  });

  it('refuses what is not of the form of V.250 5.2, and says which character', () => {
    expect(refusalOf('ATI3\rATH')).toContain('\\r');
    expect(refusalOf('AT\u001b[2J')).toContain('\\u001b');
    expect(refusalOf('ATÄ')).toContain('Ä');
    expect(refusalOf('aTI3')).toContain('aTI3');
    expect(refusalOf('AT+X="a')).toContain('quotation mark');
    expect(refusalOf(`AT${'I'.repeat(300)}`)).toContain('300 characters');
  });
});
