/** The built program at a real terminal: a PTY, with virtual modems on other PTYs. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SUBSCRIBERS } from '../../src/virtual/exchange/subscribers.ts';
import type { VirtualModem } from '../../src/virtual/virtual-modem.ts';
import { hasVirtualModems, Lab, lockFilesOf, type Running } from '../support/cli.ts';
import { expectAsListed } from '../support/documents.ts';
import { Seat } from '../support/seat.ts';
import { until } from '../virtual/support/wait.ts';

const PREFIX = '\x14';
const hasLrzsz = spawnSync('sz', ['--version']).status === 0;

interface Scene {
  readonly modem: VirtualModem;
  readonly seat: Seat;
  start(...args: string[]): Running;
}

describe.skipIf(!hasVirtualModems)('at a terminal', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  /** Plays a test. The terminal is as it was afterwards, and the line is free. */
  const play = async (test: (scene: Scene) => Promise<void>) => {
    const [modem, seat] = [await lab.plugInOne(), await Seat.open()];
    await test({ modem, seat, start: (...args) => seat.start(lab, ['-d', modem.name, ...args]) });
    expect(seat.settings()).toBe(seat.before);
    await until('the line is free', () => {
      const { mode, offHook, dtr } = modem.dce!.state;
      return mode === 'command' && !offHook && !dtr;
    });
    seat.close();
  };
  const quit = async (seat: Seat, running: Running) => {
    seat.type(`${PREFIX}q`);
    expect(await lab.end(running)).toMatchObject({ code: 0, signal: null });
  };
  const talkToEcho = async (seat: Seat) => {
    seat.type(`${PREFIX}d${SUBSCRIBERS.echo}\r`);
    await seat.shows(/Connected: .*\r\n/);
    seat.wipe();
  };

  it.concurrent('term without one is exit 2, and says what to use instead', async () => {
    const ran = await lab.run(['term'], { input: 'AT\n' });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/needs a terminal.*\[USAGE\]\n.*modemctl at .*modemctl dial .*modemctl exec/);
  });

  it.concurrent('term talks to the modem and to a far end, Ctrl-C and every other byte included', () =>
    play(async ({ modem, seat, start }) => {
      const running = start('term');
      await seat.shows(/Ctrl-T \? for help, Ctrl-T q to quit\r\n/);
      seat.type('ATI3\r');
      await seat.shows(/ATI3\r\r\nU.S. Robotics 56K FAX USB V1.2.23\r\n\r\nOK\r\n/);
      seat.type('ATDT5550100\r');
      await seat.shows(/CONNECT 33600\S*\r\n/);
      seat.wipe();
      const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      seat.type(Buffer.from([...all].flatMap((byte) => (byte === 0x14 ? [0x14, 0x14] : [byte]))));
      await seat.until(() => seat.bytes.length >= 256, 'all bytes came back');
      expect(seat.bytes.equals(all)).toBe(true);
      expect(modem.dce!.state.offHook).toBe(true);
      await quit(seat, running);
      expect(seat.screen).toMatch(/line is on-hook, the modem is ready\r\n$/);
    }));

  it.concurrent('a paste of 100 kB is not lost, though the screen takes its time', () =>
    play(async ({ seat, start }) => {
      const running = start('term');
      await seat.shows(/to quit\r\n/);
      await talkToEcho(seat);
      const paste = Buffer.from(Array.from({ length: 100_000 }, (_, index) => 0x20 + ((index * 31) % 0x5f)));
      seat.take(0);
      seat.type(paste);
      // Long enough for everything on the way to be full.
      await new Promise((resolve) => setTimeout(resolve, 500));
      for (let taken = 0; taken < paste.length; taken += 5000) {
        seat.take(5000);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      seat.take(Number.POSITIVE_INFINITY);
      await seat.until(() => seat.bytes.length >= paste.length, 'all of it came back');
      expect(seat.bytes.equals(paste)).toBe(true);
      await quit(seat, running);
    }));

  it.concurrent('waits for a modem that is unplugged, and goes on with it under its new tty', () =>
    play(async ({ modem, seat, start }) => {
      const running = start('term');
      await seat.shows(/to quit\r\n/);
      await talkToEcho(seat);
      await modem.perform({ do: 'unplug' });
      await seat.shows(/went away; waiting for it \(Ctrl-T q quits\)\r\n/);
      seat.type(`lost${PREFIX}i`);
      await seat.shows(/is away\r\n/);
      await modem.perform({ do: 'plug' });
      await seat.shows(/is back\r\n/);
      seat.type('ATI0\r');
      await seat.shows(/ATI0\r\r\n 5601\r\n/);
      expect(seat.screen).not.toContain('lost');
      await quit(seat, running);
    }));

  it.concurrent('can be left while the modem is away', () =>
    play(async ({ modem, seat, start }) => {
      const running = start('term');
      await seat.shows(/to quit\r\n/);
      await modem.perform({ do: 'unplug' });
      await seat.shows(/went away/);
      await quit(seat, running);
      expect(seat.screen).toMatch(/is away, and no line is held\r\n$/);
      await modem.perform({ do: 'plug' });
    }));

  it.concurrent('brings back a modem that hangs', () =>
    play(async ({ modem, seat, start }) => {
      const running = start('term');
      await seat.shows(/to quit\r\n/);
      modem.misbehave('silent');
      seat.type(`${PREFIX}r`);
      await seat.shows(/usb +answered: .*\r\n[\s\S]*answers \(step usb\)\r\n/, 40_000);
      seat.type('ATI0\r');
      await seat.shows(/5601/);
      await quit(seat, running);
    }));

  it.concurrent('a prefix key of the user’s own, a character set, a log with time stamps', () =>
    play(async ({ modem, seat, start }) => {
      const log = join(lab.folder, `${modem.name}.log`);
      const running = start('term', '--prefix-key', 'ctrl-a', '--charset', 'cp437', '--log', log, '--timestamps');
      await seat.shows(/Ctrl-A q to quit\r\n/);
      seat.type('\x01d5550100\r');
      await seat.shows(/Connected: .*\r\n/);
      seat.type('\u2554\u2550\u2557\x14\r\n');
      await seat.shows(/\u2554\u2550\u2557\x14\r\n/);
      seat.type('\x01q');
      expect(await lab.end(running)).toMatchObject({ code: 0 });
      expect(readFileSync(log, 'utf8')).toMatch(/^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] \u2554\u2550\u2557\x14\r\n$/);
    }));

  it.concurrent('a log that cannot be written is said, and costs nothing else', () =>
    play(async ({ seat, start }) => {
      const running = start('term', '--log', '/nonexistent/log');
      await seat.shows(/note: the log cannot be written: ENOENT/);
      await quit(seat, running);
    }));

  it.concurrent.each(['SIGTERM', 'SIGHUP'] as const)('%s: the call is hung up, the terminal is as it was', (signal) =>
    play(async ({ seat, start }) => {
      const running = start('term');
      await seat.shows(/to quit\r\n/);
      await talkToEcho(seat);
      running.kill(signal);
      expect(await lab.end(running)).toMatchObject({ code: null, signal });
      expect(seat.screen).toMatch(/line is on-hook, the modem is ready\r\n$/);
    }),
  );

  it.concurrent('SIGKILL: the line is free all the same, and the terminal is put back', () =>
    play(async ({ seat, start }) => {
      const running = start('term');
      await seat.shows(/to quit\r\n/);
      await talkToEcho(seat);
      expect(seat.settings()).not.toBe(seat.before);
      running.kill('SIGKILL');
      expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
      await seat.until(() => seat.settings() === seat.before, 'the terminal is as it was');
      // The dead have no say in what is left in the lock folder; whoever comes next removes it.
      expect(lockFilesOf(running.pid).length).toBeLessThanOrEqual(1);
    }));

  it.concurrent('a window that is closed ends it, and the call', () =>
    play(async ({ modem }) => {
      const other = await Seat.open();
      const running = other.start(lab, ['-d', modem.name, 'term']);
      await other.shows(/to quit\r\n/);
      await talkToEcho(other);
      other.close();
      await lab.end(running);
    }));

  it.concurrent('refuses --json for what is on stdout, and --report has it', () =>
    play(async ({ modem, seat, start }) => {
      const report = join(lab.folder, `${modem.name}.json`);
      expect((await lab.run(['-d', modem.name, 'term', '--json'])).code).toBe(2);
      const running = start('term', '--report', report);
      await seat.shows(/to quit\r\n/);
      await quit(seat, running);
      const document = JSON.parse(readFileSync(report, 'utf8'));
      expect(document).toMatchObject({ ok: true, modem: modem.name, endedBy: 'quit', kept: false, onHook: true });
      expectAsListed('term', document);
    }));

  it.concurrent('dial talks: a far end that logs us off is exit 0', () =>
    play(async ({ seat, start }) => {
      const running = start('dial', SUBSCRIBERS.drop);
      await seat.shows(/Connected: 33600 bit\/s, V.34, LAPM, V.42bis\r\n-- Ctrl-T \? for help\r\n/);
      expect(await lab.end(running)).toMatchObject({ code: 0 });
      expect(seat.screen).toMatch(/the far end or the line ended the call after .*\r\n[\s\S]*line is on-hook/);
    }));

  it.concurrent('dial talks until we hang up: exit 0, with what it came to', () =>
    play(async ({ seat, start }) => {
      const running = start('dial', SUBSCRIBERS.echo);
      await seat.shows(/Ctrl-T \? for help\r\n/);
      seat.type('hello\x03');
      await seat.shows(/hello\x03$/);
      seat.type(`${PREFIX}h`);
      expect(await lab.end(running)).toMatchObject({ code: 0 });
      expect(seat.screen).toMatch(
        /hello\x03\r\ncall ended after .*: 6 bytes received, 6 sent\r\n[\s\S]*line is on-hook, the modem is ready\r\n$/,
      );
    }));

  it.concurrent('Ctrl-C while it dials breaks it off as a signal: the terminal is still the shell’s', () =>
    play(async ({ seat, start }) => {
      const running = start('dial', SUBSCRIBERS.noAnswer);
      await seat.shows(/dialling 5550196/);
      expect(seat.settings()).toBe(seat.before);
      running.kill('SIGINT');
      expect(await lab.end(running)).toMatchObject({ signal: 'SIGINT' });
    }));

  it.skipIf(!hasLrzsz).concurrent('files go to the far end and come from there by ZMODEM', async () => {
    const [near, far] = [
      { name: 'near', number: '5550111' },
      { name: 'far', number: '5550112' },
    ];
    await lab.plugIn({
      models: ['usr5637', 'tfm561u'],
      names: [near.name, far.name],
      numbers: [near.number, far.number],
    });
    const folder = join(lab.folder, 'far-end');
    mkdirSync(folder);
    const [there, back] = [randomBytes(50_000), randomBytes(50_000)];
    writeFileSync(join(lab.folder, 'there.bin'), there);
    writeFileSync(join(folder, 'back.bin'), back);
    const script = [
      'exec <>"$MODEMCTL_TTY" >&0 && stty raw -echo && printf "ATS0=1\\r"',
      'while read -r line; do case $line in CONNECT*) break; esac; done',
      `cd ${folder} && rz --quiet 2>log && sz --quiet back.bin 2>>log && sleep 1`,
    ].join('; ');
    const farEnd = lab.start(['exec', '-d', far.name, '--', 'sh', '-c', script]);
    await until('the far end waits for a call', () => lab.modem(far.name).dce!.state.registers.S0 === 1);
    const seat = await Seat.open();
    const running = seat.start(lab, ['term', '-d', near.name]);
    await seat.shows(/to quit\r\n/);
    seat.type(`${PREFIX}d${far.number}\r`);
    await seat.shows(/Connected: .*\r\n/);
    seat.type(`${PREFIX}sz\r`);
    await seat.shows(/file to send: $/);
    seat.type('there.bin\r');
    await seat.shows(/Bytes Sent: +50000[\s\S]*sz is done\r\n/);
    seat.type(`${PREFIX}gz\r`);
    await seat.shows(/rz is done\r\n/);
    seat.type(`${PREFIX}q`);
    expect(await lab.end(running)).toMatchObject({ code: 0 });
    expect((await lab.end(farEnd)).code).toBe(0);
    expect(readFileSync(join(folder, 'there.bin')).equals(there)).toBe(true);
    expect(readFileSync(join(lab.folder, 'back.bin')).equals(back)).toBe(true);
    expect(seat.settings()).toBe(seat.before);
    seat.close();
  });

  it.concurrent('a transfer for which there is no program is a sentence', () =>
    play(async ({ modem, seat }) => {
      const PATH = join(lab.folder, 'no-lrzsz');
      mkdirSync(PATH);
      symlinkSync('/bin/stty', join(PATH, 'stty'));
      const running = seat.start(lab, ['-d', modem.name, 'term'], { PATH });
      await seat.shows(/to quit\r\n/);
      seat.type(`${PREFIX}sz\rfile\r`);
      await seat.shows(/the program sz is not installed: sudo apt install lrzsz\r\n/);
      await quit(seat, running);
    }));
});
