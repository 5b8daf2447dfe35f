import { afterAll, describe, expect, it } from 'vitest';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';

describe.skipIf(!hasVirtualModems)('init', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  it.concurrent.each([
    ['usr5637', 'dial', { '&C': 1, '&D': 2, X: 4, '&A': 3, '&H': 1 }],
    ['usr5637', 'answer', { '&C': 1, '&D': 2 }],
    ['tfm561u', 'dial', { '&C': 1, '&D': 2, X: 4, '&K': 3, W: 2 }],
    ['tfm561u', 'caller-id', { '&C': 1, '&D': 2 }],
  ])('brings a %s to the state for %s, item by item', async (model, purpose, settings) => {
    const modem = await lab.plugInOne(model);
    expect(await lab.run(['-d', modem.name, 'at', 'ATX1&C0&D3S0=2'])).toMatchObject({ code: 0 });
    const ran = await lab.run(['init', modem.name, '--for', purpose]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(new RegExp(`is ready \\(${purpose}\\); this lasts until ATZ, a reset or an unplug\\n$`));
    expect(ran.stderr).toMatch(/^ok +ATS0=0 +does not answer by itself$/m);
    expect(modem.dce!.state).toMatchObject({ settings, registers: { S0: 0 } });
    if (purpose !== 'dial') expect(modem.dce!.state.extended['+VCID']).toBe('1');
  });

  it.concurrent.each([
    ['usr5637', 'AT+GCI=04', '04'],
    ['tfm561u', 'AT+GCI=42', '42'],
  ])('says Germany to a %s as %s', async (model, command, code) => {
    const modem = await lab.plugInOne(model);
    const document = documentOf(await lab.run(['init', modem.name, '--country', 'de', '--json']));
    expect(document.items).toContainEqual({ command, sets: 'country DE', required: true, result: 'OK' });
    expect(modem.dce!.state.extended['+GCI']).toBe(code);
  });

  it.concurrent.each(['usr5637', 'tfm561u'])('writes the memory of a %s with --save, and only then', async (model) => {
    const modem = await lab.plugInOne(model);
    const answersBy = async () => {
      await modem.perform({ do: 'power-cycle' });
      return documentOf(await lab.run(['-d', modem.name, 'at', '--json', 'ATS0?'])).commands[0].lines[0];
    };
    await lab.run(['-d', modem.name, 'at', 'ATS0=3', 'AT&W0']);
    for (const purpose of ['dial', 'answer', 'caller-id']) {
      expect(await lab.run(['init', modem.name, '--for', purpose])).toMatchObject({ code: 0 });
    }
    expect(await answersBy()).toBe('003');
    const ran = await lab.run(['init', modem.name, '--for', 'answer', '--save']);
    expect(ran.stdout).toMatch(/saved in the modem; but caller ID is not stored there/);
    expect(await answersBy()).toBe('000');
  });

  it.concurrent('that is refused what it only wished for: done, and said', async () => {
    const modem = await lab.plugInOne('tfm561u');
    modem.misbehave('init-error=&K3');
    const ran = await lab.run(['init', modem.name]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^refused +AT&K3 +hardware flow control \(not needed\)$/m);
  });

  it.concurrent('that is refused what it needs: exit 1, the item named, nothing saved', async () => {
    const modem = await lab.plugInOne('tfm561u');
    await lab.run(['-d', modem.name, 'at', 'ATS0=3', 'AT&W0']);
    modem.misbehave('init-error=+VCID=1');
    const ran = await lab.run(['init', modem.name, '--for', 'caller-id', '--save']);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^refused +AT\+VCID=1 +caller ID$/m);
    expect(ran.stderr).toMatch(
      /^error: .+ refused AT\+VCID=1 \(caller ID\)\. \[MODEM_ERROR\]\n.+ modemctl info -d own-\d+\n$/m,
    );
    modem.misbehave(null);
    await modem.perform({ do: 'power-cycle' });
    expect(documentOf(await lab.run(['-d', modem.name, 'at', '--json', 'ATS0?'])).commands[0].lines).toEqual(['003']);
  });

  it.concurrent('for a country that the modem does not know: exit 1, and how to see those it knows', async () => {
    const modem = await lab.plugInOne();
    const ran = await lab.run(['init', modem.name, '--country', 'IS']);
    expect(ran.code).toBe(1);
    const remedy = /modemctl -d \S+ at '\+GCI=\?'$/m.exec(ran.stderr)?.[0] ?? 'none';
    expect(await lab.paste(remedy)).toMatchObject({ code: 0, stdout: expect.stringContaining('B5') });
  });
});
