import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { verifierFor } from '../../src/cli/settings-verify.ts';
import type { Distrust } from '../../src/settings/config-file.ts';
import { interpret } from '../../src/settings/interpret.ts';
import type { Contents } from '../../src/settings/settings.ts';

const verify = verifierFor(COMMANDS);
const read = (text: string, distrust: Distrust | null = null): Promise<Contents> =>
  interpret(text, { file: 'c.toml', distrust, verify });

/** `3:7 message | hint` */
async function faults(text: string, distrust: Distrust | null = null): Promise<string[]> {
  const all = (await read(text, distrust)).faults;
  return all.map(({ place, message, hint }) => `${place.line}:${place.column} ${message}${hint ? ` | ${hint}` : ''}`);
}

describe('a configuration', () => {
  it('has values that know where they stand', async () => {
    const { values, faults } = await read(
      'device = "fax"\n\n[dial]\n  tries = 3 # three\nwait=90\n[modem.fax]\nport = "1-1.2"\n',
    );
    expect(faults).toEqual([]);
    expect(values.get('')?.get('device')).toEqual({ value: 'fax', place: { file: 'c.toml', line: 1, column: 10 } });
    expect(values.get('dial')?.get('tries')).toEqual({ value: 3, place: { file: 'c.toml', line: 4, column: 11 } });
    expect(values.get('dial')?.get('wait')?.value).toBe('90');
    expect(values.get('modem.fax')?.get('port')?.place.line).toBe(7);
  });

  it('is the same with CRLF, inline tables and dotted keys', async () => {
    const { values, faults } = await read('dial.tries = 3\r\nmodem = { fax = { port = "1-1" } }\r\n[dial.x]\r\n');
    expect(faults.map(({ message }) => message)).toEqual(['there is no section [dial.x]']);
    expect(values.get('dial')?.get('tries')).toMatchObject({ value: 3, place: { line: 1, column: 14 } });
    expect(values.get('modem.fax')?.get('port')?.place).toMatchObject({ line: 2, column: 26 });
  });

  it.each([
    ['[dial]\ntriess = 3', ['2:1 there is no key "triess" in [dial] | Did you mean tries?']],
    ['[dial]\nmax-speed = 9600', ['2:1 there is no key "max-speed" in [dial] | Did you mean max_speed?']],
    ['[dial]\n timeout = 3', ['2:2 there is no key "timeout" in [dial] | It belongs in [at].']],
    ['[dail]\ntries = 3', ['1:2 there is no section [dail] | Did you mean [dial]?']],
    ['tries = 3', ['1:1 there is no key "tries" | It belongs in [dial] or in [number.NAME].']],
    ['[dial]\ntries = "3"', ['2:9 tries must be a whole number from 1 to 100, without quotation marks']],
    ['[dial]\ntries = 0', ['2:9 tries must be a whole number from 1 to 100, without quotation marks']],
    ['[dial]\nblind = "yes"', ['2:9 blind must be true or false, without quotation marks']],
    ['[dial]\nwait = "5m"', ['2:8 wait must be at most 255 s']],
    ['[dial]\nspeaker = "loud"', ['2:11 speaker must be one of: "off", "carrier", "on"']],
    ['[dial]\nretry_on = ["busy",\n  "buzy"]', ['3:3 retry_on: "buzy" is no outcome to dial again after']],
    ['[dial]\nmodulation = "V.99"', ['2:14 modulation: "V.99" is no modulation']],
    ['[answer]\nallow = []', ['2:9 allow is an empty list; leave the key out instead']],
    ['[answer]\nallow = [5550137]', ['2:10 allow must be a text: put it in quotation marks']],
    ['dial = 3', ['1:1 "dial" is a section: [dial]']],
    ['modem.port = "1-1"', ['1:1 "port" needs a name above it: [modem.NAME]']],
    ['[modem.fax]\nport = "ttyACM0"', ['2:8 port: "ttyACM0" is no USB port path; they look like 1-1.3']],
    [
      '[modem.fax]\nport = "1-1"\nid = "0baf:0303"',
      ['3:1 modem.fax has port and id: only one of them can say which it is'],
    ],
    [
      '[modem."a b"]\nport = "1-1"',
      ['1:2 "a b" is no name: letters, digits, - and _, at most 40, and not as a USB port is called'],
    ],
    ['[modem.fax]\nserial = "1"\ninit = ["ATX3", "ATDT1"]', ['3:17 init: ATDT1: it makes a call']],
    ['[modem.fax]\nserial = "1"\ninit = "AT&F"', ['3:8 init: AT&F: it undoes what modemctl sets up']],
    ['device = "-"', ['1:10 device: "-" is no selector']],
    ['country = "XX"', [expect.stringMatching(/^1:11 country: /)]],
    ['device = "fax\n', ['1:14 this is no TOML: a text is not closed; its quotation mark is missing']],
    ['device = "fax', ['1:10 this is no TOML: a text is not closed; its quotation mark is missing']],
    ['device = fax', [expect.stringMatching(/^1:10 this is no TOML: /)]],
    ['a = 1\na = 2', [expect.stringMatching(/^2:1 this is no TOML: /)]],
  ])('%j: each mistake is told at its place', async (text, expected) => {
    expect(await faults(text)).toEqual(expected);
  });

  it('never tells a number or a script in what it says is wrong with it', async () => {
    const told = [
      ...(await faults('[number.pi]\nnumber = "555013x7"')),
      ...(await faults('[number.pi]\nnumber = 5550137')),
      ...(await faults('[number.pi]\nnumber = "none"')),
      ...(await faults('[number.pi]\nnumber = "5"\nchat = ["word: \\"sesame"]')),
    ];
    expect(told).toHaveLength(4);
    expect(told.join('\n')).not.toMatch(/5550|013x7|sesame/);
  });

  it('gives root no command from a file that others may write', async () => {
    const text = '[recovery]\nup_to = "power"\npower_command = "relay"\n[watch]\nexec = "hook"\nexec_limit = 3\n';
    expect(
      (await faults(text, { why: 'others may write to it', remedy: 'sudo chmod go-w c.toml' })).join('\n'),
    ).toMatch(
      /^3:17 power_command would be run as root, and is not taken from here: others may write to it \| sudo chmod go-w c\.toml\n5:8 exec /,
    );
    expect(await faults(text)).toEqual([]);
  });

  it('spoils no other section by a mistake in one', async () => {
    const { values, faults } = await read('[dial]\ntries = 0\n[at]\ntimeout = 3\n');
    expect(faults.map(({ section }) => section)).toEqual(['dial']);
    expect(values.get('at')?.get('timeout')?.value).toBe('3');
  });
});
