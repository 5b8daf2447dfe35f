import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { documentOf, hasVirtualModems, Lab, type Ran, type Running, type RunOptions } from '../support/cli.ts';
import { Keyboard } from '../support/keyboard.ts';
import { until } from '../virtual/support/wait.ts';

/** Two modems on one exchange: ours, and one that calls. */
interface Scene {
  readonly callee: VirtualModem;
  readonly caller: VirtualModem;
  answer(args: readonly string[], options?: RunOptions): Running;
  dial(args: readonly string[], options?: RunOptions): Promise<Ran>;
}

// biome-ignore lint/suspicious/noExplicitAny: every event has fields of its own.
const eventsOf = ({ stdout }: Pick<Ran, 'stdout'>): any[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** What takes a second or two may take long on a machine that is busy with other tests. */
const LIMIT_MS = 60_000;

const FREE = 'line free: on-hook, modem answered AT, caller ID on. Waiting.';
const ON_HOOK = /line is on-hook, the modem is ready\n$/;

describe.skipIf(!hasVirtualModems)('answer', { timeout: 120_000 }, () => {
  const lab = new Lab();
  let scenes = 0;
  afterAll(() => lab.close());

  /** Plays a test with modems of its own; whatever became of its calls, our modem's own state says that the line is free afterwards. */
  const play = async (test: (scene: Scene) => Promise<void>) => {
    const names = [`callee-${++scenes}`, `caller-${scenes}`] as const;
    await lab.plugIn({ models: ['usr5637', 'tfm561u'], names });
    const callee = lab.modem(names[0]);
    await test({
      callee,
      caller: lab.modem(names[1]),
      answer: (args, options) => lab.start(['-d', names[0], 'answer', ...args], options),
      dial: (args, options) => lab.run(['-d', names[1], 'dial', ...args], options),
    });
    await until('the line is free', () => {
      const { mode, offHook, dtr } = callee.dce!.state;
      return mode === 'command' && !offHook && !dtr;
    });
  };
  const stop = async (running: Running, signal: NodeJS.Signals = 'SIGINT') => {
    running.kill(signal);
    const ran = await lab.end(running);
    expect(ran).toMatchObject({ code: null, signal });
    expect(ran.stderr).toMatch(ON_HOOK);
    return ran;
  };
  const waits = async (running: Running, calls = 0) => {
    const isWaiting = () => running.stderr.split(FREE).length > calls + 1;
    await until(`it waits after ${calls} calls`, isWaiting, LIMIT_MS).catch((error) => {
      throw new Error(`${error.message}. It said:\n${running.stderr}`);
    });
  };

  it.concurrent('takes one call in a pipe: every byte both ways, and a report', () =>
    play(async ({ answer, dial }) => {
      const report = join(lab.folder, 'answer-once.json');
      const ours = randomBytes(50_000);
      const theirs = randomBytes(50_000);
      const running = answer(['--once', '--report', report, '--idle', '1s'], { stdio: ['pipe', 'pipe', 'pipe'] });
      running.child.stdin!.end(ours);
      const received: Buffer[] = [];
      running.child
        .stdout!.setEncoding('latin1')
        .on('data', (text: string) => received.push(Buffer.from(text, 'latin1')));
      await running.says(FREE, LIMIT_MS);
      const path = join(lab.folder, 'answer-once.bin');
      writeFileSync(path, theirs);
      const heard = join(lab.folder, 'answer-once.heard');
      await dial(['--exec', `cat ${path}; cat > ${heard}`, '5550101']);
      const answered = await running.ended;
      expect(answered.code).toBe(0);
      expect(answered.stderr).toMatch(ON_HOOK);
      const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
      expect(hash(Buffer.concat(received))).toBe(hash(theirs));
      expect(hash(readFileSync(heard))).toBe(hash(ours));
      expect(documentOf({ ...answered, stdout: readFileSync(report, 'utf8') })).toMatchObject({
        modem: expect.stringContaining('callee'),
        connected: true,
        connection: { rateBps: 33600 },
        caller: { number: '5550102', presentation: 'allowed' },
        bytesReceived: 50_000,
        bytesSent: 50_000,
        calls: 1,
        onHook: true,
      });
    }));

  it.concurrent('takes call after call without help (geerlingguy/pi-isp issue 3), and tells who calls', () =>
    play(async ({ answer, dial, callee }) => {
      const running = answer(['--exec', 'read line; echo "$MODEMCTL_CALLER_NUMBER said $line"; exec cat >/dev/null']);
      for (const calls of [0, 1, 2]) {
        await waits(running, calls);
        expect(callee.dce!.state).toMatchObject({ registers: { S0: 0, S2: 255 }, extended: { '+VCID': '1' } });
        const ran = await dial(['5550101', '--exec', 'echo hello; read answer; echo "$answer" >&2']);
        expect(ran).toMatchObject({ code: 0, stdout: '' });
        expect(ran.stderr).toContain('5550102 said hello\n');
      }
      await waits(running, 3);
      const ran = await stop(running, 'SIGTERM');
      expect(ran.stderr).toContain('ring 1\ncaller: 5550102 CALLER-');
      expect(callee.dce!.state.registers.S2).toBe(43);
    }));

  it.concurrent('tells programs what happens, one JSON object a line', () =>
    play(async ({ answer, dial, callee }) => {
      const running = answer(['--json', '--rings', '3', '--exec', 'echo hello; exit 7']);
      await running.says('"waiting"', LIMIT_MS);
      await callee.perform({ do: 'ring', from: '5551234', name: 'SMITH', rings: 1 });
      await running.says('"missed"', LIMIT_MS);
      expect(await dial(['5550101'])).toMatchObject({ code: 0, stdout: 'hello\n' });
      await until('it waits again', () => running.stdout.split('"waiting"').length > 2, LIMIT_MS);
      const { stdout } = await stop(running);
      const events = eventsOf({ stdout });
      expect(events.map(({ event }) => event)).toEqual([
        'waiting',
        'ring',
        'callerId',
        'missed',
        'ring',
        'callerId',
        'ring',
        'ring',
        'connect',
        'disconnect',
        'waiting',
      ]);
      for (const { time, modem } of events) {
        expect(new Date(time).toISOString()).toBe(time);
        expect(modem.id).toBe(callee.name);
      }
      expect(events[3]).toMatchObject({ rings: 1, caller: { number: '5551234', name: 'SMITH' } });
      expect(events[8]).toMatchObject({ connection: { rateBps: 33600 }, caller: { number: '5550102' } });
      expect(events[9]).toMatchObject({ endedBy: 'us', bytesSent: 6, error: { code: 'SCRIPT_FAILED' } });
    }));

  it.concurrent('with --once a program that fails is 22', () =>
    play(async ({ answer, dial }) => {
      const running = answer(['--once', '--json', '--exec', 'exit 3']);
      await running.says(FREE, LIMIT_MS);
      await dial(['5550101']);
      const ran = await lab.end(running);
      expect(ran.code).toBe(22);
      expect(documentOf(ran)).toMatchObject({ connected: true, onHook: true, error: { code: 'SCRIPT_FAILED' } });
    }));

  it.concurrent('with --once a program that the caller leaves alone is 21', () =>
    play(async ({ answer, dial }) => {
      const running = answer(['--once', '--json', '--exec', 'exec sleep 60']);
      await running.says(FREE, LIMIT_MS);
      await dial(['5550101', '--idle', '100ms']);
      const ran = await lab.end(running);
      expect(documentOf(ran)).toMatchObject({ endedBy: 'farEnd', error: { code: 'CUT_OFF' } });
    }));

  it.concurrent('with --once a caller who is no modem is 20', () =>
    play(async ({ answer, callee }) => {
      const running = answer(['--once', '--json', '--wait', '10s', '--exec', 'true']);
      await running.says(FREE, LIMIT_MS);
      await callee.perform({ do: 'ring', from: '5551234', rings: 20 });
      const ran = await lab.end(running);
      expect(ran.code).toBe(20);
      expect(documentOf(ran)).toMatchObject({ connected: false, onHook: true, error: { code: 'NO_CARRIER' } });
    }));

  it.concurrent('does not answer whom the lists keep out', () =>
    play(async ({ answer, dial, callee }) => {
      const running = answer(['--allow', '555-0102, 0049*', '--exec', 'echo welcome']);
      await waits(running);
      expect(running.stderr).toContain('nobody gets in');
      await callee.perform({ do: 'ring', from: 'private', rings: 4 });
      await running.says('not answered: number withheld is not on the list --allow', LIMIT_MS);
      await until('it has stopped ringing', () => callee.dce!.state.registers.S1 === 0, LIMIT_MS);
      expect(callee.dce!.state.offHook).toBe(false);
      // Longer than the longest cadence: the next is another call.
      await new Promise((resolve) => setTimeout(resolve, 8000));
      expect(await dial(['5550101'])).toMatchObject({ code: 0, stdout: 'welcome\n' });
      await waits(running, 1);
      expect((await stop(running)).stderr).not.toContain('missed');
    }));

  it.concurrent('is not impressed by a hostile caller ID', () =>
    play(async ({ answer, callee }) => {
      const running = answer(['--json', '--exec', 'true', '--rings', '9']);
      await running.says('"waiting"', LIMIT_MS);
      const mark = join(lab.folder, 'hostile');
      const evil = `"';$(touch ${mark})\`touch ${mark}\`\u001b]0;x\u0007\u001b[2J\u009b2J\r\nRING\r\nNMBR=999\r\nOK\r\nCONNECT 33600\r\n`;
      await callee.perform({ do: 'ring', from: '5551234', name: evil + 'x'.repeat(4096 - evil.length), rings: 2 });
      await running.says('"missed"', LIMIT_MS);
      const ran = await stop(running);
      expect(existsSync(mark)).toBe(false);
      const events = eventsOf(ran);
      const { caller } = events.find(({ event }) => event === 'missed');
      // Two numbers that contradict each other are none.
      expect(caller).toMatchObject({ number: null, presentation: 'unavailable' });
      expect(caller.name.length).toBeLessThanOrEqual(50);
      expect(JSON.stringify(events)).not.toMatch(/\\u00|[\x7f-\x9f]/);
      expect(events.map(({ event }) => event)).not.toContain('connect');
    }));

  it.concurrent('keeps the caller out of the modem’s command state, and stands half a million bytes', () =>
    play(async ({ answer, caller, callee }) => {
      const running = answer(['--exec', 'exec cat']);
      await waits(running);
      const keyboard = await Keyboard.open(caller.tty!);
      try {
        await keyboard.type('ATS2=255\r');
        await keyboard.expect('OK');
        await keyboard.type('ATD5550101\r');
        await keyboard.expect('CONNECT', LIMIT_MS);
        // The echo of the program goes to our modem: a pause, +++, a pause, as it wants them. Its time runs ten times as fast.
        await new Promise((resolve) => setTimeout(resolve, 300));
        await keyboard.type('+++');
        await new Promise((resolve) => setTimeout(resolve, 300));
        await keyboard.type('ATH\r');
        await keyboard.expect('+++ATH\r');
        expect(callee.dce!.state).toMatchObject({ mode: 'data', offHook: true });
        await keyboard.type(Buffer.concat([randomBytes(500_000), Buffer.from('THE END')]));
        await keyboard.expect('THE END', LIMIT_MS);
        expect(callee.dce!.state).toMatchObject({ mode: 'data', offHook: true });
      } finally {
        await keyboard.close();
      }
      await waits(running, 1);
      expect((await stop(running)).stderr).toMatch(/500\d\d\d bytes received, 500\d\d\d sent/);
    }));

  it.concurrent.each([
    ['at its time limit', ['--max-time', '1s', '--exec', 'while sleep 0.1; do echo x; done']],
    ['nothing having come or gone', ['--idle', '1s', '--exec', 'exec sleep 60']],
    ['at its time limit', ['--max-time', '1s', '--tty', 'exec sleep 60 < "$MODEMCTL_TTY"']],
  ])('ends a call %s: %j', (told, args) =>
    play(async ({ answer, dial }) => {
      const running = answer([...args, '--once']);
      await running.says(FREE, LIMIT_MS);
      expect((await dial(['5550101'])).code).toBe(0);
      const ran = await lab.end(running);
      expect(ran.code).toBe(0);
      expect(ran.stderr).toContain(told);
      expect(ran.stderr).toMatch(ON_HOOK);
    }),
  );

  it.concurrent('brings a modem back that hangs while it waits', () =>
    play(async ({ answer, dial, callee }) => {
      const running = answer(['--json', '--check-every', '1s', '--exec', 'echo hello']);
      await running.says('"waiting"', LIMIT_MS);
      callee.misbehave('silent');
      await until('it waits again', () => running.stdout.split('"waiting"').length > 2, LIMIT_MS);
      expect(await dial(['5550101'])).toMatchObject({ code: 0, stdout: 'hello\n' });
      const events = eventsOf(await stop(running));
      expect(events.slice(0, 4).map(({ event }) => event)).toEqual(['waiting', 'hung', 'recovered', 'waiting']);
      expect(events[2]).toMatchObject({ recoveredBy: 'usb' });
    }));

  it.concurrent('waits for a modem that is pulled out', () =>
    play(async ({ answer, dial, callee }) => {
      const running = answer(['--json', '--exec', 'echo hello']);
      await running.says('"waiting"', LIMIT_MS);
      await callee.perform({ do: 'unplug' });
      await running.says('"unplugged"', LIMIT_MS);
      await callee.perform({ do: 'plug' });
      await until('it waits again', () => running.stdout.split('"waiting"').length > 2, LIMIT_MS);
      expect(await dial(['5550101'])).toMatchObject({ code: 0, stdout: 'hello\n' });
      const events = eventsOf(await stop(running));
      expect(events.slice(0, 4).map(({ event }) => event)).toEqual(['waiting', 'unplugged', 'plugged', 'waiting']);
    }));

  it.concurrent('without recovery it ends: 6 for a modem that hangs, 7 for one that went away', () =>
    play(async ({ answer, callee }) => {
      const hanging = answer(['--no-recover', '--check-every', '1s', '--exec', 'true']);
      await hanging.says(FREE, LIMIT_MS);
      callee.misbehave('silent');
      const ended = await lab.end(hanging);
      expect(ended).toMatchObject({ code: 6 });
      // Once in a line, and not as the reason for itself.
      expect(ended.stderr).not.toMatch(/off-hook.*off-hook/);
      await lab.refresh(callee.name);
      const leaving = answer(['--no-recover', '--exec', 'true']);
      await leaving.says(FREE, LIMIT_MS);
      await callee.perform({ do: 'unplug' });
      expect(await lab.end(leaving)).toMatchObject({ code: 7 });
      await callee.perform({ do: 'plug' });
    }));

  it.concurrent('a modem that is pulled out in a call costs that call only', () =>
    play(async ({ answer, dial, callee }) => {
      const running = answer(['--exec', 'echo hello; exec cat']);
      await waits(running);
      const calling = dial(['5550101', '--exec', 'exec sleep 60']);
      await running.says('Connected', LIMIT_MS);
      await callee.perform({ do: 'unplug' });
      expect(await calling).toMatchObject({ code: 21 });
      await running.says('waiting for it', LIMIT_MS);
      await callee.perform({ do: 'plug' });
      await waits(running, 1);
      expect(await dial(['5550101', '--idle', '5s'])).toMatchObject({ code: 0, stdout: 'hello\n' });
      await waits(running, 2);
      await stop(running);
    }));

  it.concurrent.each([
    ['waits', 'SIGTERM', FREE],
    ['is rung', 'SIGINT', 'ring 1'],
    ['answers', 'SIGTERM', 'ring 2'],
    ['is in a call', 'SIGHUP', 'Connected'],
  ] as const)('while it %s, %s leaves the line on-hook', (_stage, signal, told) =>
    play(async ({ answer, callee }) => {
      const running = answer(['--exec', 'exec cat'], {});
      await running.says(FREE, LIMIT_MS);
      if (told === 'Connected') {
        const other = lab.start([
          '-d',
          `caller-${callee.name.slice('callee-'.length)}`,
          'dial',
          '5550101',
          '--exec',
          'exec cat',
        ]);
        await running.says(told, LIMIT_MS);
        await stop(running, signal);
        await lab.end(other);
        return;
      }
      if (told !== FREE) await callee.perform({ do: 'ring', from: '5551234', rings: 9 });
      await running.says(told, LIMIT_MS);
      await stop(running, signal);
    }),
  );

  it.concurrent('killed outright in a call, and started again, it answers the next', () =>
    play(async ({ answer, dial }) => {
      const first = answer(['--exec', 'exec cat']);
      await first.says(FREE, LIMIT_MS);
      const calling = dial(['5550101', '--exec', 'exec cat']);
      await first.says('Connected', LIMIT_MS);
      first.kill('SIGKILL');
      await first.ended;
      expect(await calling).toMatchObject({ code: 21 });
      const second = answer(['--exec', 'echo hello']);
      await second.says(FREE, LIMIT_MS);
      expect(await dial(['5550101'])).toMatchObject({ code: 0, stdout: 'hello\n' });
      await waits(second, 1);
      await stop(second);
    }));

  it.concurrent.each([
    [['--json']],
    [['--rings', '0']],
    [['--now', '--rings', '2']],
    [['--now', '--exec', 'true', '--allow', '1']],
    [['--exec', 'true', '--allow', 'Mum']],
    [['--exec', 'true', '--rings', '1', '--deny', '1']],
    [['--exec', 'true', '--tty', 'true']],
    [['--auto', '--ppp']],
    [['--auto', '--login']],
    [['--check-every', '0']],
    [['--modulation', 'V99']],
  ])('refuses %j before the modem hears of it', async (args) => {
    const ran = await lab.run(['answer', '-d', '/dev/null', ...args]);
    expect(ran.code).toBe(2);
  });
});
