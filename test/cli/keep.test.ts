import { spawn } from 'node:child_process';
import { chmodSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { type Libc, loadLibc } from '../../src/native/libc.ts';
import { LineClient } from '../../src/native/line-client.ts';
import { documentOf, hasVirtualModems, Lab, type Running } from '../support/cli.ts';
import { eventsOf, type Told, tells, until } from '../support/events.ts';
import { usageOfAnIdleSecond } from '../support/usage.ts';

const lab = new Lab();
const libc = hasVirtualModems ? await loadLibc() : null;
afterAll(() => lab.close());

async function watching(name: string, ...args: string[]): Promise<Running> {
  const running = lab.start(['watch', '--json', name, ...args]);
  await tells(running, 'waiting');
  return running;
}

async function end(running: Running) {
  running.kill('SIGINT');
  const ran = await lab.end(running);
  expect(ran.signal).toBe('SIGINT');
  return ran;
}

const socketOf = (name: string) => join(lab.folder, 'modemctl', `${name}.sock`);

async function ask(name: string, request: object) {
  const client = await LineClient.connect(socketOf(name), systemClock);
  const reply = await client!.ask(request, 20_000);
  client!.close();
  return reply;
}

/** Not named by Node: no child of ours inherits it. */
const O_CLOEXEC = 0o2000000;

/** Opens PTYs, which get the lowest number that is free, until this one is in use. Returns their masters. */
function occupy(libc: Libc, tty: string): number[] {
  const numberOf = (path: string) => Number(path.replace(/\D+/g, ''));
  const masters: number[] = [];
  let last = -1;
  while (last < numberOf(tty)) {
    const { value } = libc.posixOpenpt(constants.O_RDWR | constants.O_NOCTTY | O_CLOEXEC);
    masters.push(value);
    last = numberOf(libc.ptsname(value)!);
  }
  return masters;
}

describe.skipIf(!hasVirtualModems)('watch', () => {
  it.concurrent('lends a modem that it brings back under the tty that it has then', { timeout: 60_000 }, async () => {
    const modem = await lab.plugInOne();
    const running = await watching(modem.name, '--check-every', '1s');
    const { tty } = modem;
    const taken: number[] = [];
    modem.misbehave('silent');
    // Its old number is taken, by this or somebody else, before it comes back from its reset.
    modem.dce!.afflict({ spec: 'renumbered', curedBy: [], powerUp: () => taken.push(...occupy(libc!, tty!)) });
    await tells(running, 'hung');
    const ran = await lab.run(['at', '--json', '-d', modem.name, 'ATI3']);
    for (const master of taken) libc!.close(master);
    expect(modem.tty, 'it has another tty').not.toBe(tty);
    expect(documentOf(ran)).toMatchObject({ ok: true, commands: [{ result: 'OK' }] });
    await end(running);
  });

  it.concurrent('tells rings and callers, one object a line, and unplugging; arms caller ID again', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(modem.name);
    await modem.perform({ do: 'ring', from: '5551234', name: 'SMITH', rings: 2 });
    await tells(running, 'ringEnded');
    const { tty } = modem;
    await modem.perform({ do: 'unplug' });
    await tells(running, 'unplugged');
    await modem.perform({ do: 'plug' });
    await tells(running, 'waiting', 2);
    await modem.perform({ do: 'ring', from: 'private', rings: 1 });
    await tells(running, 'callerId', 2);
    const ran = await end(running);
    expect(ran.stderr).toBe(`Watching U.S. Robotics USR5637 at ${modem.name} (${tty}); Ctrl-C ends it.\n`);
    const events = eventsOf(ran);
    expect(events.map(({ event }) => event)).toEqual(
      'waiting ring callerId ring ringEnded unplugged plugged waiting ring callerId'.split(' '),
    );
    const { modems } = documentOf(await lab.run(['detect', '--json', modem.name]));
    expect(events[2]).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      event: 'callerId',
      modem: { ...modems[0], tty },
      caller: expect.objectContaining({ number: '5551234', name: 'SMITH', presentation: 'allowed' }),
    });
    expect(events[3]).toMatchObject({ count: 2, distinctive: null });
    expect(events[4]).toMatchObject({ rings: 2, caller: { number: '5551234' } });
    expect(events[7]).toMatchObject({ callerId: true, after: 'plugged', modem: { tty: modem.tty } });
    expect(events[9]).toMatchObject({ caller: { number: null, presentation: 'private' } });
    expect(existsSync(socketOf(modem.name)), 'the socket is taken away').toBe(false);
  });

  it.concurrent('has lines for people', async () => {
    const modem = await lab.plugInOne('tfm561u');
    const running = lab.start(['watch', modem.name], { env: { TZ: 'UTC' } });
    await running.says('caller ID on');
    await modem.perform({ do: 'ring', from: '5551234', name: 'A\x1b[2JB', rings: 1 });
    await running.says('callerId');
    const { stdout } = await end(running);
    expect(stdout.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /gm, '')).toBe(
      [
        ` waiting     TRENDnet TFM-561U (Conexant CX93010) at ${modem.name} (${modem.tty}), caller ID on`,
        ' ring        1',
        ' callerId    5551234 A[2JB',
        '',
      ].join('\n'),
    );
  });

  it.concurrent('brings a modem back that hangs', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(modem.name, '--check-every', '1s');
    modem.misbehave('silent');
    await tells(running, 'waiting', 2);
    const events = eventsOf(await end(running)).map(({ event, recoveredBy, after }) => [event, recoveredBy ?? after]);
    expect(events.slice(1)).toEqual([
      ['hung', undefined],
      ['recovered', 'usb'],
      ['waiting', 'recovered'],
    ]);
  });

  it.concurrent('wakes once a second at most while nothing happens', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(modem.name);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const { voluntarySwitches, ticks } = await usageOfAnIdleSecond(running.pid);
    await end(running);
    expect(voluntarySwitches).toBeLessThanOrEqual(1);
    expect(ticks).toBeLessThanOrEqual(1);
  });

  it.concurrent('ends when nobody reads it any more', async () => {
    const modem = await lab.plugInOne();
    const ran = await lab.paste(`{ modemctl watch --json ${modem.name}; echo "ended by $?" >&2; } | head -1`);
    expect(ran.stderr).toMatch(/ended by 141\n$/);
    expect(JSON.parse(ran.stdout)).toMatchObject({ event: 'waiting' });
  });

  it.concurrent('has the modem alone; a stranger who has it is exit 5', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(modem.name);
    const second = await lab.run(['watch', modem.name]);
    expect(second.code).toBe(5);
    expect(second.stderr).toMatch(/ is in use by modemctl \(pid \d+\)\. \[IN_USE\]/);
    await end(running);
    const stranger = spawn('sh', ['-c', `exec 3<>${modem.tty}; echo; exec sleep 60`], { env: lab.env });
    await new Promise((resolve) => stranger.stdout.once('data', resolve));
    for (const command of ['watch', 'info', 'hangup', 'reset']) {
      expect((await lab.run([command, modem.name])).stderr).toMatch(/ is in use by sleep \(pid \d+\)\. \[IN_USE\]/);
    }
    stranger.kill();
    await new Promise((resolve) => stranger.once('exit', resolve));
  });

  it.concurrent.each([
    [['--check-every', '0']],
    [['--exec', '']],
    [['--exec', '/nowhere/hook']],
    [['--exec', '/etc/passwd']],
  ])('refuses %j before it touches the modem', async (args) => {
    const ran = await lab.run(['watch', 'whatever', ...args]);
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^error: .* \[USAGE\]\n/) });
  });
});

describe.skipIf(!hasVirtualModems)('hooks', () => {
  it.concurrent.each([
    ['quotes and substitutions', `';touch OWNED;'$(touch OWNED)\`touch OWNED\`";touch OWNED;"|touch OWNED&`, '5551234'],
    ['lines and escapes', 'a\x1b]0;x\x07\nNMBR = 911\n\ntouch OWNED', 'unavailable'],
    ['4 kB', '$(touch OWNED)'.repeat(300).slice(0, 4096), '5551234'],
  ])('get the caller in their environment and on stdin, never in a shell: %s', async (_what, name, who) => {
    const modem = await lab.plugInOne();
    const log = join(lab.folder, `${modem.name}.log`);
    const hook = join(lab.folder, `${modem.name} hook.sh`);
    const variables = ['EVENT', 'CALLER_NUMBER', 'CALLER_NAME', 'CALLER_PRESENTATION', 'RINGS'];
    const format = '%s\\0'.repeat(variables.length + 1);
    const values = variables.map((variable) => `"$MODEMCTL_${variable}"`).join(' ');
    writeFileSync(hook, `#!/bin/sh\nread -r line\nprintf '${format}' ${values} "$line" >> '${log}'\n`);
    chmodSync(hook, 0o755);
    const running = await watching(modem.name, '--exec', hook);
    await modem.perform({ do: 'ring', from: '5551234', name, rings: 1 });
    await tells(running, 'ringEnded');
    const runs = () => {
      const parts = readFileSync(log, 'utf8').split('\0').slice(0, -1);
      return Array.from({ length: parts.length / 6 }, (_, index) => parts.slice(6 * index, 6 * index + 6));
    };
    await until('all hooks have run', () => runs().length === 4);
    await end(running);
    expect(
      runs()
        .map(([event, , , , rings]) => `${event} ${rings}`)
        .sort(),
    ).toEqual(['callerId ', 'ring 1', 'ringEnded 1', 'waiting ']);
    const [, number, given, presentation, , line] = runs().find(([event]) => event === 'callerId')!;
    expect(number || presentation).toBe(who);
    expect(given).toMatch(/^[^\x00-\x1f\x7f]{0,50}$/);
    const { caller } = JSON.parse(line!) as Told;
    expect([caller.number ?? '', caller.name ?? '']).toEqual([number, given]);
    expect(existsSync(join(lab.folder, 'OWNED'))).toBe(false);
  });

  it.concurrent('are told of everything else too, as a line for the shell; what they print is talk', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(
      modem.name,
      '--exec',
      'echo "$MODEMCTL_EVENT $MODEMCTL_MODEM $MODEMCTL_TTY ($MODEMCTL_RINGS)"',
    );
    await running.says(`waiting ${modem.name} ${modem.tty} ()`);
    await modem.perform({ do: 'ring', rings: 1 });
    await running.says(`ring ${modem.name} ${modem.tty} (1)`);
    const { tty } = modem;
    await modem.perform({ do: 'unplug' });
    await running.says(`unplugged ${modem.name} ${tty} ()`);
    for (const line of (await end(running)).stdout.trim().split('\n')) JSON.parse(line);
  });

  it.concurrent('that fail, or hang, are told of and hold up nothing', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(
      modem.name,
      ...['--exec-limit', '1s', '--exec', 'test "$MODEMCTL_EVENT" = waiting && exit 3; sleep 61 & sleep 61'],
    );
    await running.says('note: the hook ended with 3');
    await modem.perform({ do: 'ring', from: '5551234', rings: 6 });
    await tells(running, 'callerId');
    await running.says('note: the hook took longer than 1.0 s and was killed');
    await end(running);
    await until('all is killed', () => !lab.leftOver().some((command) => command.startsWith('sleep 61')));
  });
});

describe.skipIf(!hasVirtualModems)('a modem that watch keeps', () => {
  it.concurrent('is lent to the commands between calls, with the same outcome as without', async () => {
    const modem = await lab.plugInOne();
    const commands = [
      ['at', '--json', 'ATI3', 'AT+XYZ'],
      ['info', '--json'],
      ['init', '--json'],
      ['reset', '--json'],
    ];
    const run = async (args: string[]) => {
      const ran = await lab.run([...args, '-d', modem.name]);
      // The settings are those of who keeps it.
      const { screens: _screens, registers: _registers, ...document } = stripTimes(documentOf(ran));
      return { code: ran.code, document, stderr: ran.stderr.replace(/\(\d+ ms\)/g, '') };
    };
    const without = [];
    for (const args of commands) without.push(await run(args));
    const running = await watching(modem.name);
    for (const [index, args] of commands.entries()) expect(await run(args)).toEqual(without[index]);
    await tells(running, 'waiting', commands.length + 1);
    await modem.perform({ do: 'ring', from: '5551234', rings: 1 });
    await tells(running, 'callerId');
    const events = eventsOf(await end(running)).map(({ event, to, after }) => (to ? `to ${to}` : `${event} ${after}`));
    expect(events.slice(0, 3)).toEqual([
      'waiting start',
      expect.stringMatching(/^to modemctl at \(pid \d+\)$/),
      'waiting loan',
    ]);
  });

  it.concurrent('makes a call meanwhile, which another terminal hangs up', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(modem.name);
    const dial = lab.start(['dial', '-d', modem.name, '5550100'], { stdio: ['pipe', 'pipe', 'pipe'] });
    await dial.says('Connected');
    expect(modem.dce!.state.offHook).toBe(true);
    const at = await lab.run(['at', '-d', modem.name]);
    expect(at.code).toBe(5);
    expect(at.stderr).toMatch(/ is lent to modemctl dial \(pid \d+\)\. \[IN_USE\]/);
    const hangUp = documentOf(await lab.run(['hangup', '--json', modem.name]));
    expect(hangUp).toMatchObject({ ok: true, modem: modem.name, onHook: true, hadCarrier: true, tty: modem.tty });
    expect(modem.dce!.state.offHook).toBe(false);
    expect(await lab.end(dial)).toMatchObject({ code: 0, stderr: expect.stringContaining('line is on-hook') });
    await tells(running, 'waiting', 2);
    await end(running);
  });

  it.concurrent('is taken back from a borrower that is killed', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(modem.name);
    const dial = lab.start(['dial', '-d', modem.name, '5550100'], { stdio: ['pipe', 'pipe', 'pipe'] });
    await dial.says('Connected');
    dial.kill('SIGKILL');
    await dial.ended;
    await tells(running, 'waiting', 2);
    expect(modem.dce!.state.offHook).toBe(false);
    await end(running);
  });

  it.concurrent('answers no request while it rings, but hangs up', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(modem.name);
    await modem.perform({ do: 'ring', rings: 20 });
    await tells(running, 'ring');
    const ran = await lab.run(['at', '-d', modem.name]);
    expect(ran.code).toBe(5);
    expect(ran.stderr).toMatch(/ rings: a call is coming in\. \[IN_CALL\]\nTry again when the ringing has stopped\.\n/);
    expect((await lab.run(['hangup', modem.name])).code).toBe(0);
    await modem.perform({ do: 'stop-ringing' });
    await end(running);
  });

  it.concurrent('that is unplugged is exit 3 or 7, at once', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(modem.name);
    await modem.perform({ do: 'unplug' });
    await tells(running, 'unplugged');
    expect(await ask(modem.name, { do: 'status' })).toMatchObject({ ok: true, state: 'away', why: 'unplugged' });
    expect(await ask(modem.name, { do: 'at', commands: ['AT'] })).toMatchObject({ error: { code: 'GONE' } });
    expect((await lab.run(['at', '-d', modem.name])).code).toBe(3);
    await end(running);
  });
});

describe.skipIf(!hasVirtualModems)('hangup', () => {
  it.concurrent('ends the call of a dial in another terminal', async () => {
    const modem = await lab.plugInOne();
    const dial = lab.start(['dial', '-d', modem.name, '5550100'], { stdio: ['pipe', 'pipe', 'pipe'] });
    await dial.says('Connected');
    const at = await lab.run(['at', '-d', modem.name]);
    expect(at.code).toBe(5);
    expect(at.stderr).toContain(` has a call. [IN_CALL]\nEnd it: modemctl hangup -d ${modem.name}\n`);
    const hangUp = documentOf(await lab.run(['hangup', '--json', modem.name]));
    expect(hangUp).toMatchObject({ ok: true, onHook: true, hadCarrier: true });
    expect(await lab.end(dial)).toMatchObject({ code: 0 });
    expect((await lab.run(['at', '-d', modem.name])).code).toBe(0);
  });

  it.concurrent('ends one that is not up yet: nobody must take that for a success', async () => {
    const modem = await lab.plugInOne();
    const dial = lab.start(['dial', '-v', '-d', modem.name, '5550196']);
    await dial.says('> ATDT');
    expect((await lab.run(['hangup', modem.name])).code).toBe(0);
    const ran = await lab.end(dial);
    expect(ran.code).toBe(5);
    expect(ran.stderr).toMatch(/error: another modemctl ended the call before it came up\. \[IN_USE\]/);
  });

  it.concurrent('ends a program that has the modem', async () => {
    const modem = await lab.plugInOne();
    const exec = lab.start([
      'exec',
      '-d',
      modem.name,
      '--',
      'sh',
      '-c',
      'exec 3<>"$MODEMCTL_TTY"; echo begun; sleep 63',
    ]);
    await exec.says('begun');
    expect((await lab.run(['at', '-d', modem.name])).stderr).toMatch(
      / is in use by modemctl exec \(pid \d+\)\. \[IN_USE\]/,
    );
    expect((await lab.run(['hangup', modem.name])).code).toBe(0);
    const ran = await lab.end(exec);
    expect(ran.code).toBe(8);
    expect(ran.stderr).toMatch(/ready\nerror: sh .*; the modem is ready again\. \[HELPER\]/);
  });
});

describe.skipIf(!hasVirtualModems)('the control socket', () => {
  it.concurrent('answers AT commands with the fields of at --json', async () => {
    const modem = await lab.plugInOne();
    const direct = documentOf(await lab.run(['at', '--json', '-d', modem.name, 'ATI3', 'AT+XYZ', 'AT']));
    const running = await watching(modem.name);
    const reply = await ask(modem.name, { do: 'at', commands: ['ATI3', 'AT+XYZ', 'AT'] });
    expect(stripTimes(reply!)).toEqual(stripTimes(direct));
    const { pid } = running;
    expect(await ask(modem.name, { do: 'status' })).toEqual({
      ...{ ok: true, schemaVersion: 1, modem: modem.name, tty: modem.tty },
      ...{ state: expect.stringMatching(/^(idle|busy)$/), why: null, holder: { pid, command: 'watch' } },
      // The facts that health tells.
      ...{ lastAnswerAt: expect.any(String), lastCallAt: null, ringsWithoutCallerId: 0, recoveries24h: 0 },
    });
    expect(stripTimes((await ask(modem.name, { do: 'reset' }))!)).toMatchObject({ recovered: true, recoveredBy: 'at' });
    await end(running);
  });

  it.concurrent('takes everything, and does nothing that it should not', async () => {
    const modem = await lab.plugInOne();
    const running = await watching(modem.name);
    const before = modem.dce!.state.commandCount;
    for (const bytes of [
      Buffer.alloc(300_000, 0x7b),
      Buffer.from('{"do":"at","commands":["ATDT5550100"]}\n{"do":"at","commands":["AT\\rATDT5550100"]}\n'),
      Buffer.from(`${'['.repeat(30_000)}\n{"do":"__proto__"}\n{"__proto__":{"do":"hangup"}}\n`),
      Buffer.from([0, 255, 10, 13, 10, 4]),
    ]) {
      const socket = connect(socketOf(modem.name));
      socket.on('error', () => {}).resume();
      socket.end(bytes);
      await new Promise((resolve) => socket.once('close', resolve));
    }
    const many = await Promise.all(
      Array.from({ length: 30 }, () => LineClient.connect(socketOf(modem.name), systemClock)),
    );
    for (const client of many) client?.close();
    expect(modem.dce!.state.commandCount).toBe(before);
    await until('it is idle', async () => (await ask(modem.name, { do: 'status' }))?.state === 'idle');
    expect(modem.dce!.state.offHook).toBe(false);
    await end(running);
  });

  it.concurrent('works from Python as its page says', async () => {
    const examples = [...readFileSync('docs/control-socket.md', 'utf8').matchAll(/^```python\n(.*?)^```$/gms)];
    expect(examples).toHaveLength(2);
    const modem = await lab.plugInOne();
    const running = await watching(modem.name);
    const outputs: string[] = [];
    for (const [index, [, code]] of examples.entries()) {
      const file = join(lab.folder, `example-${index}.py`);
      writeFileSync(file, code!);
      const ran = await lab.paste(`python3 ${file} ${modem.name}`);
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      outputs.push(ran.stdout);
    }
    await tells(running, 'waiting', 2);
    await end(running);
    expect(outputs[0]).toBe('ATI3 U.S. Robotics 56K FAX USB V1.2.23\nAT+GMM U.S. Robotics 56K FAX USB\n');
    expect(outputs[1]).toMatch(/U\.S\. Robotics 56K FAX USB V1\.2\.23\n\nOK\n/);
  });
});

describe.skipIf(!hasVirtualModems)('a modem that answer keeps', () => {
  it.concurrent('is lent between calls, and its call is ended by hangup', async () => {
    const modem = await lab.plugInOne('tfm561u');
    const answering = lab.start(['answer', '--json', modem.name, '--exec', 'cat']);
    await tells(answering, 'waiting');
    expect(documentOf(await lab.run(['at', '--json', '-d', modem.name, 'ATS2?'])).commands[0].lines).toEqual(['043']);
    await tells(answering, 'waiting', 2);
    expect(await ask(modem.name, { do: 'status' })).toMatchObject({ state: 'idle', holder: { command: 'answer' } });
    await modem.perform({ do: 'ring', from: '5551234', rings: 10 });
    await tells(answering, 'ring', 2);
    expect(documentOf(await lab.run(['hangup', '--json', modem.name]))).toMatchObject({ ok: true, onHook: true });
    await tells(answering, 'waiting', 3);
    expect(modem.dce!.state.offHook).toBe(false);
    await end(answering);
  });
});

/** Without what differs from run to run. */
function stripTimes(document: object): Told {
  const text = JSON.stringify(document, (key, value: unknown) => (key === 'elapsedMs' ? undefined : value));
  return JSON.parse(text) as Told;
}
