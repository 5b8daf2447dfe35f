import { afterAll, describe, expect, it } from 'vitest';
import { loadLibc } from '../../src/native/libc.ts';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';
import { type Odd, OddModem, otherwise } from '../support/odd-modem.ts';

describe.skipIf(!hasVirtualModems)('info', async () => {
  const lab = new Lab();
  const libc = await loadLibc();
  afterAll(() => lab.close());

  /** On something that answers as it is told; also what it was asked. */
  const ask = async (odd: Odd, ...args: string[]) => {
    const modem = new OddModem(libc!, otherwise(odd));
    try {
      return { ran: await lab.run(['info', modem.pty.path, ...args]), heard: modem.heard };
    } finally {
      modem.pty.close();
    }
  };
  /** A USR5637 with this firmware, as far as it matters. */
  const usr =
    (version: string): Odd =>
    (line) => {
      if (line === 'ATI0') return ' 5601\r\n\r\nOK\r\n';
      if (line === 'ATI3') return `U.S. Robotics 56K FAX USB V${version}\r\n\r\nOK\r\n`;
      return 'ERROR\r\n';
    };

  it.concurrent.each([
    ['usr5637', 'usr', '1.2.23', 'B5'],
    ['tfm561u', 'conexant', '0.2002', 'B5'],
  ])('tells what a %s is and can do', async (model, family, version, country) => {
    const { name } = await lab.plugInOne(model);
    const document = documentOf(await lab.run(['info', name, '--json']));
    expect(document).toMatchObject({
      modem: name,
      identity: { id: name, usable: true },
      family: { id: family },
      firmware: { version },
      faults: [],
      registers: { 0: 0, 2: 43, 3: 13 },
    });
    const { capabilities, screens } = document as unknown as Record<string, { command: string; lines: string[] }[]>;
    expect(capabilities!.find(({ command }) => command === 'AT+GCI?')?.lines.join()).toContain(country);
    expect(capabilities!.map(({ command }) => command)).toEqual(
      expect.arrayContaining(['AT+FCLASS=?', 'AT+GCAP', 'AT+MS=?']),
    );
    expect(screens!.flatMap(({ lines }) => lines).join('\n')).toMatch(/NVRAM|STORED PROFILE/);
    const screen = await lab.run(['info', name]);
    expect(screen).toMatchObject({ code: 0, stderr: '' });
    expect(screen.stdout).toMatch(/^firmware +.+$/m);
    expect(screen.stdout).toMatch(/^S-registers +S0=0 /m);
  });

  it.concurrent.each([
    [
      '1.2.9',
      ['no voice: AT+FCLASS=8 is refused (cured in 1.2.21)', 'caller ID and RING are lost at times (cured in 1.2.23)'],
    ],
    [
      '1.2.20',
      ['no voice: AT+FCLASS=8 is refused (cured in 1.2.21)', 'caller ID and RING are lost at times (cured in 1.2.23)'],
    ],
    ['1.2.21', ['caller ID and RING are lost at times (cured in 1.2.23)']],
    ['1.2.22', ['caller ID and RING are lost at times (cured in 1.2.23)']],
    ['1.2.23', []],
    ['1.10.1', []],
  ])('judges firmware %s of a USR5637', async (version, faults) => {
    const { ran } = await ask(usr(version), '--json');
    expect(documentOf(ran)).toMatchObject({ firmware: { version }, faults, identity: null });
    const { ran: shown } = await ask(usr(version));
    expect(shown.stdout.split('\n').filter((line) => line.startsWith('! '))).toEqual(
      faults.map((fault) => `! ${fault}`),
    );
    expect(shown.stdout.includes('no fault of it is known')).toBe(faults.length === 0);
  });

  it.concurrent('asks a chip that nobody knows what V.250 has, and nothing of a maker', async () => {
    const { ran, heard } = await ask((line) => (line === 'ATI0' ? 'FNORD 2000\r\n\r\nOK\r\n' : 'ERROR\r\n'), '--json');
    expect(documentOf(ran)).toMatchObject({ family: { id: 'generic' }, firmware: null, registers: {}, screens: [] });
    for (const line of heard) expect(line).toMatch(/^AT(|E1V1Q0|I0|\+[A-Z]+(=\?|\?)?|S\d+\?)$/);
  });

  it.concurrent('of one that hangs in the middle: exit 6 with the way out', async () => {
    const { name } = await lab.plugInOne();
    lab.modem(name).misbehave('silent=6');
    const ran = await lab.run(['info', name, '--json']);
    expect(ran.code).toBe(6);
    expect(ran.elapsedMs).toBeLessThan(15_000);
    const document = documentOf(ran);
    expect(document.capabilities.length).toBeGreaterThan(0);
    expect(document.error).toMatchObject({
      code: 'NOT_RESPONDING',
      hint: expect.stringContaining('modemctl reset -d'),
    });
  });
});
