import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAtCommand } from '../../src/at/command-line.ts';
import { MODULATIONS, modulationNamed, parseModulation } from '../../src/at/modulation.ts';
import { isModemctlError } from '../../src/core/errors.ts';
import { type CallOptions, callSettings, checkCallOptions } from '../../src/modem/call-settings.ts';
import { conexant } from '../../src/modem/families/conexant.ts';
import { generic } from '../../src/modem/families/generic.ts';
import { FAMILIES } from '../../src/modem/families/index.ts';
import { usr } from '../../src/modem/families/usr.ts';
import { initialise } from '../../src/modem/initialise.ts';
import { SessionBench } from './session-bench.ts';

describe('the same wish on each chip', () => {
  it.each([
    [{ blind: true }, 'X3', 'X3', 'X3'],
    [{ maxSpeed: 9600 }, '+MS=V34,1,0,9600,0,9600', '+MS=V34,1,300,9600,300,9600', '+MS=V34,1,0,9600,0,9600'],
    [{ maxSpeed: 50_000 }, '+MS=V92,1,0,33600,0,50000', '+MS=V92,1,300,48000,300,50000', '+MS=V92,1,0,48000,0,50000'],
    [{ maxSpeed: 300 }, '+MS=V21,1,0,300,0,300', '+MS=V21,1,300,300,300,300', '+MS=V21,1,0,300,0,300'],
    [{ modulation: 'V.32bis' }, '+MS=V32B,0', '+MS=V32B,0', '+MS=V32B,0'],
    [
      { modulation: 'V.90', maxSpeed: 44_000 },
      '+MS=V90,0,0,33600,0,44000',
      '+MS=V90,0,300,33600,300,44000',
      '+MS=V90,0,0,33600,0,44000',
    ],
    [
      { modulation: 'V.22', maxSpeed: 9600 },
      '+MS=V22,0,0,1200,0,1200',
      '+MS=V22,0,300,1200,300,1200',
      '+MS=V22,0,0,1200,0,1200',
    ],
    [{ errorControl: false }, '&M0', '&Q6', '+ES=1,0,1'],
    [{ errorControl: false, compression: false }, '&M0', '&Q6', '+ES=1,0,1'],
    [{ compression: false }, '&K0', '%C0', '+DS=0'],
    [{ speaker: 'off' }, 'M0', 'M0', 'M0'],
    [{ speaker: 'untilCarrier' }, 'M1', 'M1', 'M1'],
    [{ speaker: 'on', volume: 1 }, 'M2 L1', 'M2 L1', 'M2 L1'],
    [{ carrierWaitMs: 90_000 }, 'S7=90', 'S7=90', 'S7=90'],
    [{ carrierWaitMs: 1500 }, 'S7=2', 'S7=2', 'S7=2'],
    [{ callerId: true }, '+VCID=1', '+VCID=1', '+VCID=1'],
    [{ callerId: 'long' }, '+VCID=1', '-SCID=1 +VCID=1 -STE=3', '+VCID=1'],
    [{ noEscape: true }, 'S2=255', 'S2=255', 'S2=255'],
    [{}, '', '', ''],
  ] satisfies [CallOptions, string, string, string][])('%j', (options, onUsr, onConexant, elsewhere) => {
    const commands = [usr, conexant, generic].map((family) =>
      callSettings(family, options)
        .map(({ command }) => command)
        .join(' '),
    );
    expect(commands).toEqual([onUsr, onConexant, elsewhere]);
  });

  it("knows Bell's names on each chip, and none on an unknown one (rule 4)", () => {
    const commandFor = (family: typeof usr) =>
      callSettings(family, { modulation: parseModulation('B212') })[0]?.command;
    expect(commandFor(usr)).toBe('+MS=BELL212A,0');
    expect(commandFor(conexant)).toBe('+MS=B212,0');
    expect(() => commandFor(generic)).toThrow(/Bell 212A has no name/);
  });

  it('requires what was asked for, except what only pleases the ear', () => {
    const items = callSettings(usr, { blind: true, maxSpeed: 9600, speaker: 'off', volume: 0, carrierWaitMs: 60_000 });
    const required = items.filter(({ neededFor }) => neededFor.includes('dial')).map(({ command }) => command);
    expect(required).toEqual(['X3', '+MS=V34,1,0,9600,0,9600', 'S7=60']);
  });
});

describe('is refused before the modem hears of it', () => {
  it.each([
    [{ maxSpeed: 299 }, /300 to 56000/],
    [{ maxSpeed: 56_001 }, /300 to 56000/],
    [{ maxSpeed: Number.NaN }, /300 to 56000/],
    [{ maxSpeed: 2400, modulation: 'V.32' }, /V\.32 has no rate below 4800/],
    [{ volume: 4 }, /volume/],
    [{ carrierWaitMs: 0 }, /1 to 255 s/],
    [{ carrierWaitMs: 256_000 }, /1 to 255 s/],
  ] satisfies [CallOptions, RegExp][])('%j', (options, message) => {
    expect(() => checkCallOptions(options)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) }),
    );
  });
});

describe('modulations', () => {
  it.each([
    ['BELL212A', 'Bell 212A'],
    ['b212', 'Bell 212A'],
    ['V.22bis', 'V.22bis'],
    ['v22b', 'V.22bis'],
    ['V23C', 'V.23'],
    ['V.34+', 'V.34'],
    ['bell 103', 'Bell 103'],
  ])('%s is %s', (text, name) => {
    expect(parseModulation(text)).toBe(name);
  });

  it.each(['', 'V99', 'constructor', '__proto__'])('%j is none', (text) => {
    expect(modulationNamed(text)).toBeNull();
    expect(() => parseModulation(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});

const options = fc.record(
  {
    blind: fc.boolean(),
    maxSpeed: fc.integer({ min: 300, max: 56_000 }),
    modulation: fc.constantFrom(...MODULATIONS),
    errorControl: fc.constant(false as const),
    compression: fc.constant(false as const),
    speaker: fc.constantFrom('off' as const, 'untilCarrier' as const, 'on' as const),
    volume: fc.integer({ min: 0, max: 3 }),
    carrierWaitMs: fc.integer({ min: 1, max: 255_000 }),
    callerId: fc.boolean(),
    noEscape: fc.boolean(),
  },
  { requiredKeys: [] },
);

it('whatever is asked for makes commands that are short and of V.250’s form', () => {
  fc.assert(
    fc.property(options, fc.constantFrom(...FAMILIES), (asked, family) => {
      try {
        for (const { command } of callSettings(family, asked)) {
          expect(parseAtCommand(command)).toMatchObject({ line: `AT${command}`, call: false, changesDialogue: false });
          // V.250 5.2.1.
          expect(command.length).toBeLessThanOrEqual(40);
        }
      } catch (error) {
        if (!isModemctlError(error, 'USAGE')) throw error;
      }
    }),
  );
});

describe.each(['usr5637', 'tfm561u'])('a %s', (model) => {
  it.each([
    { blind: true, speaker: 'on', volume: 2, carrierWaitMs: 45_000, callerId: true, noEscape: true },
    { maxSpeed: 9600, compression: false },
    { maxSpeed: 50_000, errorControl: false },
    ...MODULATIONS.map((modulation) => ({ modulation })),
  ] satisfies CallOptions[])('takes all of %j', async (call) => {
    const bench = new SessionBench(model);
    await bench.session.open();
    const report = await bench.run(initialise(bench.session, { purpose: 'dial', call }));
    expect(report.items.filter(({ result }) => result !== 'OK')).toEqual([]);
    expect(report.fit).toBe(true);
  });
});
