import { describe, expect, it } from 'vitest';
import { COUNTRY_CODES } from '../../src/modem/families/countries.ts';
import { familyByAti0, isOlder } from '../../src/modem/families/index.ts';
import { initialise } from '../../src/modem/initialise.ts';
import { inspect } from '../../src/modem/inspect.ts';
import type { Session } from '../../src/modem/session.ts';
import { SessionBench } from './session-bench.ts';

async function opened(model: string): Promise<SessionBench> {
  const bench = new SessionBench(model);
  await bench.session.open();
  return bench;
}

describe('chip families', () => {
  it.each([
    [[' 5601'], 'usr'],
    [['56000'], 'conexant'],
    [['spandsp'], 'generic'],
    [['OK 5601 or so'], 'generic'],
    [[], 'generic'],
  ])('ATI0 %j: %s', (lines, family) => {
    expect(familyByAti0(lines).id).toBe(family);
  });

  it('compares versions by their numbers', () => {
    expect(isOlder('1.2.9', '1.2.21')).toBe(true);
    expect(isOlder('1.2.23', '1.2.21')).toBe(false);
    expect(isOlder('1.2', '1.2.1')).toBe(true);
    expect(isOlder('1.2.21', '1.2.21')).toBe(false);
  });

  it('has two hex digits for every country', () => {
    for (const code of Object.values(COUNTRY_CODES)) expect(code).toMatch(/^[0-9A-F]{2}$/);
  });
});

describe('initialise', () => {
  it.each(['usr5637', 'tfm561u'])(
    'leaves a %s fit to dial, and writes no memory of the modem (rule 4)',
    async (model) => {
      const bench = await opened(model);
      const report = await bench.run(initialise(bench.session, { purpose: 'dial' }));
      expect(report.fit).toBe(true);
      expect(report.items.filter(({ result }) => result !== 'OK')).toEqual([]);
      expect(bench.bench.dce.state.settings).toMatchObject({ '&C': 1, '&D': 2, X: 4 });
      expect(bench.written.map(({ bytes }) => bytes).join('')).not.toMatch(/&W/);
    },
  );

  it('sends the items one by one and names what was refused (rule 4)', async () => {
    const bench = await opened('tfm561u');
    bench.bench.misbehave('init-error=&K3');
    const report = await bench.run(initialise(bench.session, { purpose: 'dial' }));
    expect(report.fit).toBe(true);
    expect(report.items.find(({ command }) => command === 'AT&K3')).toMatchObject({ result: 'ERROR', required: false });
  });

  it('is unfit without what the purpose needs, and then saves nothing', async () => {
    const bench = await opened('tfm561u');
    bench.bench.misbehave('init-error=+VCID=1');
    const report = await bench.run(initialise(bench.session, { purpose: 'callerId', save: true }));
    expect(report.fit).toBe(false);
    expect(bench.written.map(({ bytes }) => bytes)).not.toContain('AT&W\r');
  });

  it.each([
    ['usr5637', 'AT+GCI=04'],
    ['tfm561u', 'AT+GCI=42'],
  ])('says Germany to a %s as %s', async (model, command) => {
    const bench = await opened(model);
    const report = await bench.run(initialise(bench.session, { purpose: 'dial', country: 'de' }));
    expect(report.items.map((item) => item.command)).toContain(command);
  });

  it('refuses a country that has no code before a word of init is sent', async () => {
    const bench = await opened('tfm561u');
    await expect(bench.run(initialise(bench.session, { purpose: 'dial', country: 'XX' }))).rejects.toMatchObject({
      code: 'USAGE',
    });
    expect(bench.written.map(({ bytes }) => bytes)).not.toContain('AT&F\r');
  });
});

describe('initialise of a model with a need of its own', () => {
  it.each([
    ['callerId', ['AT-SCID=1', 'AT+VCID=1', 'AT-STE=3']],
    ['answer', ['AT-SCID=1', 'AT+VCID=1', 'AT-STE=3']],
    ['dial', []],
  ] as const)('(RD02-D400) for %s', async (purpose, wanted) => {
    const session = {
      info: { row: { quirks: ['long-caller-id-init'] } },
      defaults: {},
      command: async ({ line }: { line: string }) => ({
        lines: line === 'ATI0' ? ['56000'] : [],
        result: { text: 'OK' },
      }),
    } as unknown as Session;
    const { items } = await initialise(session, { purpose });
    expect(items.slice(-3).map(({ command }) => command)).toEqual(wanted.length > 0 ? wanted : expect.anything());
    expect(items.some(({ command }) => command === 'AT-STE=3')).toBe(wanted.length > 0);
  });
});

describe('inspect', () => {
  it.each([
    ['usr5637', 'usr', '1.2.23', '0,1,8'],
    ['tfm561u', 'conexant', '0.2002', '0,1,1.0,8'],
  ])('%s', async (model, family, version, modes) => {
    const bench = await opened(model);
    const found = await bench.run(inspect(bench.session));
    expect(found.family.id).toBe(family);
    expect(found.firmware?.version).toBe(version);
    expect(found.faults).toEqual([]);
    expect(found.capabilities.find(({ command }) => command === 'AT+FCLASS=?')?.lines.join()).toContain(modes);
    expect(found.registers[2]).toBe(43);
  });

  it('only asks: nothing is set but the dialogue', async () => {
    const bench = await opened('usr5637');
    await bench.run(inspect(bench.session));
    const sent = bench.written.map(({ bytes }) => bytes.trim()).filter((line) => line !== 'ATE1V1Q0');
    for (const line of sent) expect(line).toMatch(/^AT(I\d|&V|S\d+\?|\+[A-Z]+(=\?|\?)?)$/);
  });
});
