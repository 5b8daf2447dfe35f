import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Operation, parseTranscript } from '../../src/tty/transcript.ts';
import { hasVirtualModems, Lab } from '../support/cli.ts';
import { until } from '../virtual/support/wait.ts';

describe.skipIf(!hasVirtualModems).concurrent('--record', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  let files = 0;
  const file = () => join(lab.folder, `record-${++files}.script`);
  /** The operations, without times. */
  const read = (path: string) =>
    parseTranscript(readFileSync(path, 'latin1')).map((operation: Operation) =>
      operation.kind === 'event' ? `! ${operation.text}` : `${operation.kind} ${JSON.stringify(operation.bytes)}`,
    );

  it('writes the dialogue, and at its head which modem and which modemctl', async () => {
    const modem = await lab.plugInOne();
    const path = file();
    const ran = await lab.run(['-d', modem.name, 'at', '--record', path, 'ATI3', 'AT+FCLASS=9']);
    expect(ran.code).toBe(1);
    expect(readFileSync(path, 'utf8')).toMatch(
      new RegExp(
        `^# modem: U.S. Robotics USR5637 0baf:0303 at ${modem.name}\n# recorded by: modemctl \\d+\\.\\d+\\.\\d+\n`,
      ),
    );
    const text = read(path).join('\n');
    expect(text).toMatch(/^write "ATE1V1Q0\\r"\nread "ATE1V1Q0\\r/);
    expect(text).toContain('write "ATI3\\r"\nread "ATI3\\r\\r\\nU.S. Robotics 56K FAX USB V1.2.23\\r\\n');
    expect(text).toMatch(/write "AT\+FCLASS=9\\r"\nread .*ERROR\\r\\n"\n! closed$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('masks the number dialled, unless it is asked for', async () => {
    const modem = await lab.plugInOne();
    const [masked, plain] = [file(), file()];
    const dial = ['-d', modem.name, 'at', 'ATDT5550195', '--record'];
    expect(await lab.run([...dial, masked])).toMatchObject({ code: 11 });
    expect(readFileSync(masked, 'latin1')).not.toContain('5550195');
    expect(read(masked)).toContain('write "ATDT*******\\r"');
    expect(await lab.run([...dial, plain, '--show-numbers'])).toMatchObject({ code: 11 });
    expect(read(plain)).toContain('write "ATDT5550195\\r"');
  });

  it('tells where another program had the modem, and how the line was freed', async () => {
    const modem = await lab.plugInOne();
    const path = file();
    expect(await lab.run(['-d', modem.name, 'exec', '--record', path, '--', 'true'])).toMatchObject({ code: 0 });
    const told = read(path);
    const from = told.indexOf('! handed over');
    expect(told.slice(from, from + 4)).toEqual(['! handed over', '! closed', '! dtr off', '! dtr on']);
    expect(told.slice(from)).toContain('write "ATH\\r"');
  });

  it('keeps what came before the end, also of a modem that went silent and a run that was killed', async () => {
    const modem = await lab.plugInOne();
    modem.misbehave('silent=1');
    const path = file();
    const running = lab.start(['-d', modem.name, '-v', 'at', '--record', path, '--timeout', '30s', 'ATI3']);
    await running.says('> ATI3');
    // At once, long before the time is up.
    await until('the command is recorded', () => read(path).includes('write "ATI3\\r"'));
    running.kill('SIGKILL');
    await running.ended;
    expect(read(path).slice(0, 2)).toEqual(['write "ATE1V1Q0\\r"', 'read "ATE1V1Q0\\r\\r\\nOK\\r\\n"']);
  });

  it('begins anew each time', async () => {
    const modem = await lab.plugInOne();
    const path = file();
    writeFileSync(path, 'w 0 OLD^M\n');
    await lab.run(['-d', modem.name, 'at', '--record', path]);
    expect(readFileSync(path, 'latin1')).not.toContain('OLD');
  });

  it.each([
    ['in a folder that is not there', () => '/nonexistent/record', 'ENOENT'],
    ['that is a folder', () => lab.folder, 'EISDIR'],
    ['on a full disk', () => '/dev/full', 'ENOSPC'],
  ])('%s: said once, and costs nothing else', async (_what, path, code) => {
    const modem = await lab.plugInOne();
    const ran = await lab.run(['-d', modem.name, 'at', '--record', path(), 'ATI3']);
    expect(ran).toMatchObject({ code: 0, stdout: 'U.S. Robotics 56K FAX USB V1.2.23\n' });
    expect(ran.stderr.match(/note: the record cannot be written: /g)).toHaveLength(1);
    expect(ran.stderr).toContain(code);
  });

  it('beside a trace: each has its own', async () => {
    const modem = await lab.plugInOne();
    const path = file();
    const trace = join(lab.folder, 'trace.log');
    await lab.run(['-d', modem.name, 'at', '--record', path, '--trace', trace, 'ATI3']);
    expect(read(path)).toContain('write "ATI3\\r"');
    expect(readFileSync(trace, 'latin1')).toContain('> ATI3^M');
  });
});
