import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { EXIT_CODES } from '../../src/core/errors.ts';
import { documentOf, Lab } from '../support/cli.ts';

const lab = new Lab();
afterAll(() => lab.close());

const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
/** `name=exit` of the table in the code. */
const TABLE = Object.entries(EXIT_CODES).map(([name, { exit }]) => `${exit} ${name}`);

describe('help', () => {
  it.concurrent('lists every command, fits a terminal, and is the same however it is asked for', async () => {
    const ran = await lab.run(['--help']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    for (const { name, summary } of COMMANDS)
      expect(ran.stdout).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 20)}`, 'm'));
    expect(ran.stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
    for (const args of [['-h'], ['help'], ['--json', '--help'], ['help', '--quiet']]) {
      expect(await lab.run(args)).toMatchObject({ code: 0, stdout: ran.stdout });
    }
  });

  it.concurrent.each(COMMANDS.map(({ name }) => name))('of %s begins with examples', async (name) => {
    const ran = await lab.run([name, '--help']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(new RegExp(`^modemctl ${name}: .+(\n.+)?\n\nExamples:\n`));
    expect(ran.stdout).toContain(`\nUsage: modemctl ${name} `);
    expect(ran.stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(await lab.run(['help', name])).toMatchObject({ code: 0, stdout: ran.stdout });
  });
});

describe('the version', () => {
  it.concurrent.each([['--version'], ['-V'], ['-V', '--json'], ['--quiet', '--version'], ['detect', '--version']])(
    'is told by %s %s',
    async (...args) => {
      expect(await lab.run(args)).toMatchObject({ code: 0, stdout: `modemctl ${version}\n`, stderr: '' });
    },
  );
});

describe('a wrong command line is exit 2, one sentence and a way on:', () => {
  it.concurrent.each([
    [['nonsense'], 'there is no command "nonsense"', 'See: modemctl --help'],
    [['list'], 'there is no command "list"', 'Did you mean: modemctl detect'],
    [['status'], 'there is no command "status"', 'Did you mean: modemctl '],
    [['call'], 'there is no command "call"', 'Did you mean: modemctl '],
    [['rest'], 'there is no command "rest"', 'Did you mean: modemctl reset'],
    [['detcet'], 'there is no command "detcet"', 'Did you mean: modemctl detect'],
    [['DETECT'], 'there is no command "DETECT"', 'Did you mean: modemctl detect'],
    [['AT'], 'there is no command "AT"', 'Did you mean: modemctl at\n'],
    [['At', 'ATI3'], 'there is no command "At"', 'Did you mean: modemctl at\n'],
    [['ATI3'], 'there is no command "ATI3"', 'Did you mean: modemctl at ATI3'],
    [['AT&V'], 'there is no command "AT&V"', "Did you mean: modemctl at 'AT&V'"],
    [['ats0=0'], 'there is no command "ats0=0"', 'Did you mean: modemctl at ats0=0'],
    [['+GMI'], 'there is no command "+GMI"', 'Did you mean: modemctl at +GMI'],
    [['at ATI3'], 'there is no command "at ATI3"', 'Did you mean: modemctl at ATI3'],
    [['/dev/ttyACM0'], 'there is no command "/dev/ttyACM0"', 'Did you mean: modemctl -d /dev/ttyACM0 at ATI3'],
    [['1-1.2'], 'there is no command "1-1.2"', 'Did you mean: modemctl -d 1-1.2 at ATI3'],
    [['attach'], 'there is no command "attach"', 'See: modemctl --help'],
    [[''], 'there is no command ""', 'See: modemctl --help'],
    [['help', 'nonsense'], 'there is no command "nonsense"', 'See: modemctl --help'],
    [['detect', '--jsno'], 'unknown option "--jsno"', 'Did you mean --json?'],
    [['detect', '--jsn'], 'unknown option "--jsn"', 'Did you mean --json?'],
    [['at', '--timeot', '5s', 'AT'], 'unknown option "--timeot"', 'Did you mean --timeout?'],
    [['detect', '-json'], '"-json" needs two dashes', 'Did you mean: --json'],
    [['-help'], '"-help" needs two dashes', 'Did you mean: --help'],
    [['at', '-timeout', '5s', 'AT'], '"-timeout" needs two dashes', 'Did you mean: --timeout'],
    [['-device=usr', 'at'], '"-device" needs two dashes', 'Did you mean: --device'],
    [['detect', '\u2013json'], '"\u2013json" begins with a dash', 'Type it anew: --json'],
    [['\u2014device', 'usr', 'at'], 'begins with a dash', 'Type it anew: --device'],
    [['at', '\u2013d', 'usr'], 'begins with a dash', 'Type it anew: -d'],
    [['at', '-d'], 'argument missing', 'See: modemctl at --help'],
    [['reset', '1-1', 'extra'], 'too many arguments', 'See: modemctl reset --help'],
    [['setup', 'now'], 'too many arguments', 'See: modemctl setup --help'],
    [['setup', '--remove', '--add-user'], '--remove takes nobody out', ' setup --remove'],
    [['setup', '--dry-run', '--add-user', 'a b'], '"a b" is not a user', 'setup --add-user NAME'],
    [['init', '--for', 'dail'], 'dial, answer, caller-id', 'See: modemctl init --help'],
    [['init', '--country', 'Germany'], 'there is no code for the country "Germany"', 'Two letters (ISO 3166)'],
    [['completion', 'fsh'], 'there is no completion for "fsh"', 'bash, zsh, fish'],
    [['at', '--nonsense'], 'unknown option "--nonsense"', 'See: modemctl at --help'],
    [['-d'], 'argument missing', 'See: modemctl --help'],
    [['at', '--timeout'], 'argument missing', 'See: modemctl at --help'],
    [
      ['answer', '--rings', '5h', '--volume', '2'],
      '--rings: "5h" is not a whole number',
      'See: modemctl answer --help',
    ],
    [['answer', '--no-auth', '--exec', 'true'], '--no-auth goes with --ppp', 'See: modemctl answer --help'],
    [['at', '--timeout', 'abc'], '--timeout: "abc" is not a duration', '500ms'],
    [['at', '--timeout', '-1'], '"-1" is not a duration', '500ms'],
    [['at', '--timeout', '99999999999'], 'is not a duration', '500ms'],
    [['detect', '--wait', '3 weeks'], '"3 weeks" is not a duration', '500ms'],
    [['reset', '--method', 'hammer'], 'at, escape, dtr, usb', 'See: modemctl reset --help'],
    [['reset', 'one', 'two'], 'too many arguments', 'See: modemctl reset --help'],
    [['demo', 'one'], 'too many arguments', 'See: modemctl demo --help'],
    [['virtual', 'one'], 'too many arguments', 'See: modemctl virtual --help'],
    [['at', '-', 'ATI3'], '"-" stands alone', ''],
    [['virtual', '--attach'], '--attach goes with --usbip', 'sudo'],
    [['virtual', '--usbip', 'abc'], '"abc" is not a TCP port', ''],
  ])('%s', async (args, message, hint) => {
    const ran = await lab.run(args);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^error: [^\n]+\. \[USAGE\]\n/);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).toContain(hint);
    const { error } = documentOf(await lab.run(['--json', ...args]));
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) });
  });

  it.concurrent('what was typed is told in a line that can be read', async () => {
    const { stderr } = await lab.run(['detect', '--wait', `\u202e${'x'.repeat(100_000)}`]);
    expect(stderr.length).toBeLessThan(1200);
    expect(stderr).toMatch(/^error: --wait: "\\u202ex.*x" is not a duration\. \[USAGE\]\n/);
  });

  it.concurrent('"--" ends options', async () => {
    const ran = await lab.run(['at', '--', '--json']);
    expect(ran).toMatchObject({ stdout: '' });
    expect(ran.stderr).toMatch(/^error: /);
  });
});

describe('exit codes agree with the table', () => {
  it.concurrent('in the help', async () => {
    const { stdout } = await lab.run(['--help']);
    const [, told = ''] = /Exit codes: ([\s\S]+)\.\n$/.exec(stdout) ?? [];
    const pairs = told
      .replace(/\s+/g, ' ')
      .split('; ')
      .flatMap((entry) => {
        const [, code, names = ''] = /^(\d+|128\+n) (.+)$/.exec(entry) ?? [];
        return names.split(' or ').map((name) => `${code} ${name}`);
      });
    expect(pairs).toEqual(['0 done', ...TABLE, '128+n ended by signal n']);
  });

  it.concurrent('where the help of a command names some', () => {
    const known = new Set([0, ...Object.values(EXIT_CODES).map(({ exit }) => exit as number)]);
    for (const { name, notes = [] } of COMMANDS) {
      const told = notes.filter((note) => note.startsWith('Exit codes: ')).join(' ');
      const codes = [...told.matchAll(/(?:^Exit codes: |; |, )(\d+) /g)].map(([, code]) => Number(code));
      expect([name, codes.filter((code) => !known.has(code))]).toEqual([name, []]);
    }
  });

  it.skipIf(!existsSync('README.md'))('in the README', () => {
    const rows = readFileSync('README.md', 'utf8').matchAll(/^\| (\d+) +\| ([A-Z_]+) +\|/gm);
    expect([...rows].map(([, code, name]) => `${code} ${name}`)).toEqual(TABLE);
  });
});

describe('colours', () => {
  const ESCAPE = /\x1b\[/;
  // Not lab.run(): that takes control characters amiss.
  const paint = async (args: string[], env: NodeJS.ProcessEnv = {}) => {
    const { stdout, stderr } = await lab.start(args, { env }).ended;
    return ESCAPE.test(stdout + stderr);
  };

  it.concurrent('are for terminals, and for those who insist', async () => {
    expect(await paint(['nonsense'])).toBe(false);
    expect(await paint(['nonsense'], { FORCE_COLOR: '1' })).toBe(true);
    expect(await paint(['detect', '--color'], {})).toBe(true);
  });

  it.concurrent.each([
    ['NO_COLOR', { NO_COLOR: '1' }, []],
    ['TERM=dumb', { TERM: 'dumb' }, []],
    ['--no-color', {}, ['--no-color']],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, []],
  ])('are not for a terminal with %s', async (_what, env, args) => {
    // script(1) gives it a terminal.
    const run = (variables: NodeJS.ProcessEnv, more: string[]) =>
      lab.paste(
        `${Object.entries({ TERM: 'xterm', ...variables })
          .map(([name, value]) => `${name}=${value}`)
          .join(' ')} script -qec 'modemctl detect ${more.join(' ')}' /dev/null`,
      );
    const plain = await run({}, []);
    // Without script there is no terminal to be had.
    if (plain.code === 127) return;
    expect(ESCAPE.test(plain.stdout)).toBe(true);
    expect(ESCAPE.test((await run(env, args)).stdout)).toBe(false);
  });
});
