import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listModems } from '../../src/usb/list-modems.ts';
import { documentOf, hasVirtualModems, Lab, type Running } from '../support/cli.ts';
import { usageOfAnIdleSecond } from '../support/usage.ts';

/** A real modem on this machine would be told of as well, and rightly. */
const isAlone = (await listModems({ virtualFolder: '/nonexistent' })).length === 0;
const hasJq = spawnSync('jq', ['--version']).status === 0;

interface WatchEvent {
  readonly time: string;
  readonly event: string;
  readonly present?: boolean;
  readonly modem: { readonly id: string; readonly tty: string | null; readonly virtual: boolean };
}

/** The events so far, of virtual modems; each line is one object. */
function eventsOf({ stdout }: { readonly stdout: string }): WatchEvent[] {
  const lines = stdout.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as WatchEvent).filter(({ modem }) => modem.virtual);
}

const inShort = (ran: { readonly stdout: string }) =>
  eventsOf(ran).map(({ event, present, modem }) => `${present ? 'present' : event} ${modem.id} ${modem.tty}`);

describe.skipIf(!hasVirtualModems)('detect --watch', () => {
  const lab = new Lab();
  beforeAll(() => lab.plugIn({ models: ['usr5637', 'tfm561u'] }));
  beforeEach(async () => {
    await lab.refresh('usr5637');
    await lab.refresh('tfm561u');
  });
  afterAll(() => lab.close());

  const tells = async (running: Running, count: number) => {
    await expect.poll(() => eventsOf(running).length, { timeout: 10_000 }).toBe(count);
  };

  it('tells what is there, then what comes and goes, one object a line, until a signal ends it', async () => {
    const running = lab.start(['detect', '--watch', '--json']);
    await tells(running, 2);
    const before = lab.tty();
    await lab.modem().perform({ do: 'unplug' });
    await tells(running, 3);
    await lab.modem().perform({ do: 'plug' });
    await tells(running, 4);
    running.kill('SIGINT');
    const ran = await lab.end(running);
    expect(ran).toMatchObject({ signal: 'SIGINT', stderr: 'Watching for modems; Ctrl-C ends it.\n' });
    expect(inShort(ran)).toEqual([
      `present tfm561u ${lab.tty('tfm561u')}`,
      `present usr5637 ${before}`,
      `unplugged usr5637 ${before}`,
      `plugged usr5637 ${lab.tty()}`,
    ]);
    const [first, , gone, last] = eventsOf(ran);
    const { modems } = documentOf(await lab.run(['detect', '--json', 'usr5637']));
    expect(last).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      event: 'plugged',
      present: false,
      modem: modems[0],
    });
    expect([Object.keys(first!), Object.keys(gone!)]).toEqual([
      ['time', 'event', 'present', 'modem'],
      ['time', 'event', 'modem'],
    ]);
    expect(Math.abs(Date.now() - Date.parse(last!.time))).toBeLessThan(60_000);
  });

  it('has a line for people, with the time', async () => {
    const running = lab.start(['detect', '--watch', 'usr', '-q'], { env: { TZ: 'UTC' } });
    await running.says('present');
    const tty = lab.tty();
    await lab.modem().perform({ do: 'unplug' });
    await running.says('unplugged');
    await lab.modem().perform({ do: 'plug' });
    await running.says(' plugged');
    running.kill('SIGTERM');
    const { signal, stdout, stderr } = await lab.end(running);
    expect([signal, stderr]).toEqual(['SIGTERM', '']);
    expect(stdout.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /gm, 'TIME ')).toBe(
      [
        `TIME  present    usr5637  U.S. Robotics USR5637  0baf:0303  ${tty}  ready (virtual)`,
        `TIME  unplugged  usr5637  U.S. Robotics USR5637  0baf:0303  ${tty}`,
        `TIME  plugged    usr5637  U.S. Robotics USR5637  0baf:0303  ${lab.tty()}  ready (virtual)`,
        '',
      ].join('\n'),
    );
  });

  it('watches one that is named, whatever tty it gets; a habit of the environment does not keep the others off', async () => {
    const byName = lab.start(['-d', '0572:1329', 'detect', '--watch', '--json']);
    const byPath = lab.start(['detect', '--watch', '--json', lab.tty('tfm561u')]);
    const all = lab.start(['detect', '--watch', '--json'], { env: { MODEMCTL_DEVICE: 'tfm' } });
    await tells(byName, 1);
    await tells(byPath, 1);
    await tells(all, 2);
    await lab.modem('usr5637').perform({ do: 'unplug' });
    await lab.modem('tfm561u').perform({ do: 'unplug' });
    // Somebody has its number when it returns.
    await lab.plugInOne();
    await lab.modem('tfm561u').perform({ do: 'plug' });
    for (const running of [byName, byPath]) {
      await expect.poll(() => inShort(running).at(-1)).toBe(`plugged tfm561u ${lab.tty('tfm561u')}`);
      running.kill('SIGINT');
      expect(eventsOf(await lab.end(running)).map(({ event, modem }) => `${event} ${modem.id}`)).toEqual([
        'plugged tfm561u',
        'unplugged tfm561u',
        'plugged tfm561u',
      ]);
    }
    await expect.poll(() => inShort(all)).toContainEqual(expect.stringMatching(/^unplugged usr5637/));
    all.kill('SIGINT');
    await lab.end(all);
  });

  it('ends when nobody reads it any more, also while nothing happens', async () => {
    for (const reader of ['head -1', 'grep -m1 present', 'true']) {
      const ran = await lab.paste(`{ modemctl detect --watch --json usr5637; echo "ended by $?" >&2; } | ${reader}`);
      expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/^(Watching.*\n)?ended by 141\n$/) });
      expect(ran.stdout.split('\n').length).toBeLessThanOrEqual(2);
    }
  });

  it('tells of a modem when a script can use it: the recipe in the README', async () => {
    if (!hasJq) return;
    await lab.modem('usr5637').perform({ do: 'unplug' });
    const script = `timeout 6 modemctl detect --watch --json | jq --unbuffered -r 'select(.event == "plugged" and .modem.usable).modem.id' |
      while read -r id; do modemctl -d "$id" at ATI3 </dev/null; echo "$id: $?"; done`;
    const pasted = lab.paste(script);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await lab.modem('usr5637').perform({ do: 'plug' });
    const { stdout } = await pasted;
    expect(stdout).toMatch(/^U\.S\. Robotics .*\nusr5637: 0\n$/m);
  });

  it('ends with an error when what it tells cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const ran = await lab.run(['detect', '--watch', '-q'], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    expect(ran).toMatchObject({ code: 8, stderr: expect.stringMatching(/^error: stdout cannot be written: .*ENOSPC/) });
  });

  it('is not to be had together with --wait', async () => {
    const ran = await lab.run(['detect', '--watch', '--wait', '3s', '--json']);
    expect(ran.code).toBe(2);
    expect(documentOf(ran).error?.code).toBe('USAGE');
  });

  it.each([['--watch'], ['--wait', '20s']])(
    'with %s a path that can never be a modem is refused at once',
    async (...args) => {
      const ran = await lab.run(['detect', '-d', '/tmp', ...args]);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toMatch(/^error: \/tmp is a folder, not a serial device\. \[USAGE\]\n/);
      expect(ran.elapsedMs).toBeLessThan(10_000);
    },
  );
});

describe.skipIf(!hasVirtualModems || !isAlone)('detect --watch beside modemctl virtual', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  it('sees its modems come and go, also when it is killed; and prints no document at its end', async () => {
    const running = lab.start(['detect', '--watch', '--json']);
    await running.says('Watching');
    const box = lab.start(['virtual', '--model', 'usr5637,hiro']);
    await expect.poll(() => eventsOf(running).length, { timeout: 20_000 }).toBe(2);
    box.kill('SIGTERM');
    await lab.end(box);
    await expect.poll(() => eventsOf(running).length, { timeout: 10_000 }).toBe(4);
    const killed = lab.start(['virtual']);
    await expect.poll(() => eventsOf(running).length, { timeout: 20_000 }).toBe(5);
    killed.kill('SIGKILL');
    await killed.ended;
    await expect.poll(() => eventsOf(running).length, { timeout: 10_000 }).toBe(6);
    running.kill('SIGHUP');
    const ran = await lab.end(running);
    expect(ran.signal).toBe('SIGHUP');
    const told = eventsOf(ran).map(({ event, modem }) => `${event} ${modem.id}`);
    // The winmodem is told of when it is sure that it gets no tty.
    expect(told.slice(0, 2)).toEqual(['plugged usr5637', 'plugged hiro']);
    expect(told.slice(2, 4).sort()).toEqual(['unplugged hiro', 'unplugged usr5637']);
    expect(told.slice(4)).toEqual(['plugged usr5637', 'unplugged usr5637']);
  });

  it('costs next to nothing while nothing happens', async () => {
    const running = lab.start(['detect', '--watch']);
    await running.says('Watching');
    // What it is attentive for after its start.
    await new Promise((resolve) => setTimeout(resolve, 3500));
    const { voluntarySwitches, ticks } = await usageOfAnIdleSecond(running.pid);
    running.kill('SIGINT');
    await lab.end(running);
    expect(voluntarySwitches).toBeLessThanOrEqual(1);
    expect(ticks).toBeLessThanOrEqual(1);
  });
});
