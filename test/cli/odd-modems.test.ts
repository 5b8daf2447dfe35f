import { afterAll, describe, expect, it } from 'vitest';
import { loadLibc } from '../../src/native/libc.ts';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';
import { type Odd, OddModem, otherwise } from '../support/odd-modem.ts';

describe.skipIf(!hasVirtualModems)('at on something odd', async () => {
  const lab = new Lab();
  const libc = await loadLibc();
  afterAll(() => lab.close());

  const ask = async (odd: Odd, ...args: string[]) => {
    const modem = new OddModem(libc!, odd);
    try {
      return await lab.run(['-d', modem.pty.path, 'at', 'ATI3', '--timeout', '1500ms', '--json', ...args]);
    } finally {
      modem.pty.close();
    }
  };

  it.concurrent.each<[string, Odd, readonly string[]]>([
    ['ends lines with line feeds only', (line) => `${line}\nInfo\nOK\n`, ['Info']],
    ['never echoes', (line) => (line === 'ATI3' ? '\r\nInfo\r\n\r\nOK\r\n' : '\r\nOK\r\n'), ['Info']],
    ['says OK twice', otherwise(() => 'Info\r\n\r\nOK\r\n\r\nOK\r\n'), ['Info']],
    ['strews zeros', otherwise(() => '\0\0Info\0\r\n\0\r\nO\0K\0\r\n'), ['Info']],
    [
      'has something that looks like a result in its text',
      otherwise(() => 'OKAY\r\nNOT OK\r\n\r\nOK\r\n'),
      ['OKAY', 'NOT OK'],
    ],
    [
      'has a line of 200 kB',
      otherwise(() => `${'y'.repeat(200_000)}\r\n\r\nOK\r\n`),
      Array(49).fill(expect.stringMatching(/^y+$/)),
    ],
    ['has many lines', otherwise(() => `${'a line\r\n'.repeat(20_000)}\r\nOK\r\n`), Array(20_000).fill('a line')],
  ])('that %s: all is told, exit 0', async (_how, odd, lines) => {
    const ran = await ask(odd);
    expect(ran.code).toBe(0);
    expect(documentOf(ran).commands).toMatchObject([{ lines, result: 'OK' }]);
  });

  it.concurrent.each<[string, Odd]>([
    ['says CONNECT to everything', (line) => `${line}\r\r\nCONNECT 9600\r\nhello`],
    ['echoes and no more', (line) => `${line}\r`],
    ['has results that nobody knows', otherwise(() => 'FNORD\r\n')],
    ['does not end its result', otherwise(() => 'OK')],
    ['waits for input', otherwise(() => '> ')],
    ['answers in another language', otherwise(() => 'ÄÖÜ\r\nSCHÖN\r\n')],
  ])('that %s: exit 6', async (_how, odd) => {
    const ran = await ask(odd);
    expect(ran.code).toBe(6);
    expect(documentOf(ran)).toMatchObject({ commands: [{ result: null }], error: { code: 'NOT_RESPONDING' } });
    expect(ran.elapsedMs).toBeLessThan(10_000);
  });

  it.concurrent.each(['ERROR', '+CME ERROR: 30', '+CMS ERROR: 500'])('that says %s: exit 1', async (result) => {
    const ran = await ask(otherwise(() => `${result}\r\n`));
    expect(ran.code).toBe(1);
    expect(documentOf(ran).commands).toMatchObject([{ result }]);
  });

  it.concurrent.each([
    ['dial', ['5550137', '--wait', '5s'], 'LINE IN USE', 10, 'the telephone line is in use. [NO_DIALTONE]'],
    ['dial', ['5550137', '--wait', '5s'], 'NO LINE', 10, 'no dial tone. [NO_DIALTONE]'],
    ['dial', ['5550137', '--wait', '5s'], 'VOICE', 20, '[NO_CARRIER]'],
    ['answer', ['--now', '--once'], 'BUSY', 20, 'the caller hung up, or was no modem. [NO_CARRIER]'],
    ['answer', ['--now', '--once'], 'NO DIALTONE', 1, 'the modem did not answer the call: NO DIALTONE. [MODEM_ERROR]'],
  ])('%s %j, and it says %s: exit %i', async (command, args, result, code, said) => {
    const calls = (line: string) => /^AT(D|E0A)/.test(line);
    const modem = new OddModem(
      libc!,
      otherwise((line) => (calls(line) ? `${result}\r\n` : 'OK\r\n')),
    );
    const ran = await lab.run(['-d', modem.pty.path, command, ...args]);
    modem.pty.close();
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(said);
    expect(ran.elapsedMs).toBeLessThan(15_000);
  });

  it.concurrent('that tries to steer the terminal: what it sends is written out', async () => {
    const modem = new OddModem(
      libc!,
      otherwise(() => '\x1b]0;pwned\x07\x1b[31mred\x9b2J\x7f\r\n\r\nOK\r\n'),
    );
    const ran = await lab.run(['-d', modem.pty.path, '-v', 'at', 'ATI3']);
    modem.pty.close();
    expect(ran.code).toBe(0);
    // The line reader takes control characters out of a line; those of the C1 set are written out, for they may be text.
    expect(ran.stdout).toBe(']0;pwned[31mred\\x9b2J\n');
  });

  it.concurrent('reset of it ends, whatever it says', async () => {
    const modem = new OddModem(libc!, (line) => `${line}\r\r\nCONNECT\r\n`);
    const ran = await lab.run(['reset', modem.pty.path, '--method', 'at', '--json']);
    modem.pty.close();
    expect(ran.code).toBe(9);
  });
});
