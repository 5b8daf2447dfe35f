/** The terminal on a virtual modem in memory and a user who types, with time that runs as fast as the machine can. */
import { describe, expect, it } from 'vitest';
import { parseDialString } from '../../../src/at/dial-string.ts';
import { dial } from '../../../src/modem/place-call.ts';
import { callHost } from '../../../src/services/terminal/call-host.ts';
import { ModemHost } from '../../../src/services/terminal/modem-host.ts';
import { ModemLink, type ModemNews } from '../../../src/services/terminal/modem-link.ts';
import { DEFAULT_PREFIX } from '../../../src/services/terminal/prefix-key.ts';
import { Terminal, type TerminalEnd, type TerminalOptions } from '../../../src/services/terminal/terminal.ts';
import { SessionBench } from '../../modem/session-bench.ts';
import { FakeUser } from './fake-user.ts';

const PREFIX = '\x14';
const CONNECT = /CONNECT \d+[^\r]*\r\n$/;

class Desk {
  readonly user = new FakeUser();
  readonly bench = new SessionBench();
  readonly news: ModemNews[] = [];
  readonly logs = new Map<string, string>();
  readonly asked = new AbortController();
  terminal: Terminal | null = null;
  ended: Promise<TerminalEnd> | null = null;

  options(changes: Partial<TerminalOptions>): TerminalOptions {
    return {
      clock: this.bench.bench.clock,
      prefix: DEFAULT_PREFIX,
      characterSet: 'utf8',
      localEcho: false,
      log: null,
      timeStamps: false,
      openLog: (path) => {
        this.logs.set(path, '');
        return {
          write: (text) => this.logs.set(path, this.logs.get(path) + text),
          end: () => {},
        };
      },
      mark: (text) => `-- ${text}`,
      ...changes,
    };
  }

  /** As `term`. */
  async sitAtModem(changes: Partial<TerminalOptions> = {}): Promise<void> {
    const { session } = this.bench;
    await session.open();
    const link = new ModemLink(session, (one) => this.news.push(one));
    const host = new ModemHost(session, link, {
      say: (line) => this.terminal?.tell(line),
      progress: () => {},
      whyNot: () => null,
      step: ({ step }) => this.terminal?.tell(`step ${step}`),
    });
    this.terminal = new Terminal(this.user, link, host, this.options(changes));
    this.ended = this.terminal.run(this.asked.signal);
  }

  /** As `dial`. */
  async sitInCall(number = '5550100', changes: Partial<TerminalOptions> = {}): Promise<void> {
    const { session } = this.bench;
    await session.open();
    const attempt = await this.bench.run(dial(session, parseDialString(number), 60_000));
    if (attempt.kind !== 'connected') throw new Error(attempt.kind);
    const { call } = attempt;
    this.terminal = new Terminal(this.user, call, callHost(session, call), this.options(changes));
    this.ended = this.terminal.run(this.asked.signal);
  }

  /** Lets time pass until the screen shows it. */
  async shows(pattern: RegExp): Promise<void> {
    const what = () => `${pattern} on ${JSON.stringify(this.user.screen)}`;
    await this.until(() => pattern.test(this.user.screen), what);
  }

  async until(holds: () => boolean, what: string | (() => string)): Promise<void> {
    for (let turn = 0; !holds(); turn++) {
      if (turn > 50_000) throw new Error(`never: ${typeof what === 'string' ? what : what()}`);
      await new Promise((resolve) => setImmediate(resolve));
      if (!holds()) this.bench.bench.clock.advance(5);
    }
  }

  end(): Promise<TerminalEnd> {
    return this.bench.run(this.ended!);
  }

  async quit(): Promise<void> {
    this.user.type(`${PREFIX}q`);
    expect(await this.end()).toBe('quit');
  }
}

describe('a terminal on a modem', () => {
  it('writes nothing of its own, sends what is typed, shows what comes', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    await desk.until(() => desk.bench.bench.clock.now() > 2000, 'two seconds');
    expect(desk.bench.written).toEqual([]);
    desk.user.type('ATI3\r');
    await desk.shows(/ATI3\r\r\nU.S. Robotics.*\r\n\r\nOK\r\n/);
    expect(desk.bench.written.map(({ bytes }) => bytes)).toEqual(['ATI3\r']);
    await desk.quit();
  });

  it('is 8-bit clean both ways in a call, Ctrl-C and all', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    desk.user.type('ATD5550100\r');
    await desk.shows(CONNECT);
    const before = desk.user.bytes.length;
    const all = Buffer.from(Array.from({ length: 4096 }, (_, index) => index & 0xff));
    const typed = Buffer.from([...all].flatMap((byte) => (byte === 0x14 ? [0x14, 0x14] : [byte])));
    desk.user.type(typed);
    await desk.until(() => desk.user.bytes.length >= before + all.length, 'all of it');
    expect(desk.user.bytes.subarray(before).equals(all)).toBe(true);
    await desk.quit();
  });

  it('tells by DCD that a call came up and that it is over', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    desk.user.type('ATD5550199\r');
    await desk.shows(/NO CARRIER/);
    await desk.until(() => desk.news.length === 2, 'both');
    expect(desk.news).toEqual([
      { kind: 'carrier', on: true },
      { kind: 'carrier', on: false },
    ]);
    await desk.quit();
  });

  it('dials for the user, with what the far end says from its first byte, and hangs up', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    desk.user.type(`${PREFIX}d`);
    await desk.shows(/number to dial: $/);
    desk.user.type('555-0100\r');
    await desk.shows(/-- Connected: 33600 bit\/s.*\r\n/);
    desk.user.type('hello');
    await desk.shows(/hello$/);
    desk.user.type(`${PREFIX}i`);
    await desk.shows(/a call is up: 33600 bit\/s[\s\S]*DCD on/);
    desk.user.type(`${PREFIX}h`);
    await desk.shows(/-- line is on-hook, the modem is ready\r\n$/);
    expect(desk.bench.bench.dce.state).toMatchObject({ offHook: false, mode: 'command' });
    // And goes on.
    desk.user.type('ATI0\r');
    await desk.shows(/5601/);
    await desk.quit();
  });

  it('breaks dialling off by Ctrl-C, and refuses what is no number before the modem hears of it', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    desk.user.type(`${PREFIX}dhello\r`);
    await desk.shows(/cannot be dialled/);
    expect(desk.bench.written).toEqual([]);
    desk.user.type(`${PREFIX}d5550196\r`);
    await desk.until(() => desk.bench.bench.dce.state.offHook, 'dialling');
    desk.user.type('\x03');
    await desk.shows(/dialling broken off/);
    expect(desk.bench.bench.dce.state.offHook).toBe(false);
    await desk.quit();
  });

  it('quits while it dials', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    desk.user.type(`${PREFIX}d5550196\r`);
    await desk.until(() => desk.bench.bench.dce.state.offHook, 'dialling');
    await desk.quit();
    expect(desk.bench.bench.dce.state.offHook).toBe(false);
  });

  it('brings a hung modem back and goes on', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    desk.bench.bench.misbehave('stuck-data');
    desk.user.type(`ATI3\r${PREFIX}r`);
    await desk.shows(/answers \(step (escape|dtr)\)/);
    desk.user.type('ATI0\r');
    await desk.shows(/5601/);
    await desk.quit();
  });

  it('can be quit although the modem takes no bytes, in the middle of a paste', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    desk.bench.bench.misbehave('stalled');
    desk.user.type(new Uint8Array(100_000).fill(0x61));
    await desk.quit();
  });

  it('holds what comes while it asks something', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    desk.user.type(`ATI3\r${PREFIX}d`);
    await desk.shows(/number to dial: $/);
    await desk.until(() => desk.bench.bench.clock.now() > 3000, 'three seconds');
    expect(desk.user.screen).not.toContain('OK');
    desk.user.type('\x03');
    await desk.shows(/cancelled[\s\S]*OK/);
    await desk.quit();
  });

  it('takes nothing from the modem while its screen takes nothing', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    desk.user.type('ATD5550100\r');
    await desk.shows(CONNECT);
    const before = desk.user.bytes.length;
    let thaw = () => {};
    desk.user.frozen = new Promise((resolve) => {
      thaw = resolve;
    });
    const paste = Buffer.from(Array.from({ length: 100_000 }, (_, index) => ((index * 7) & 0x7f) | 0x20));
    desk.user.type(paste);
    await desk.until(() => desk.bench.bench.clock.now() > 60_000, 'a minute');
    thaw();
    desk.user.frozen = null;
    await desk.until(() => desk.user.bytes.length >= before + paste.length, 'all of it');
    expect(desk.user.bytes.subarray(before).equals(paste)).toBe(true);
    await desk.quit();
  });

  it('ends when its terminal is closed, and when asked to', async () => {
    const closed = new Desk();
    await closed.sitAtModem();
    closed.user.leave();
    expect(await closed.end()).toBe('terminalGone');
    const asked = new Desk();
    await asked.sitAtModem();
    asked.asked.abort();
    expect(await asked.end()).toBe('signal');
  });

  it('fails when a bare serial device goes: it has no place to come back to', async () => {
    const desk = new Desk();
    await desk.sitAtModem();
    desk.bench.port?.unplug();
    await expect(desk.end()).rejects.toMatchObject({ code: 'GONE' });
  });

  it('logs what comes, echoes what is typed, translates: each switched by its key', async () => {
    const desk = new Desk();
    await desk.sitAtModem({ characterSet: 'cp437' });
    desk.user.type('ATD5550100\r');
    await desk.shows(CONNECT);
    desk.user.type(`${PREFIX}l`);
    await desk.shows(/log to file: $/);
    desk.user.type('bbs.log\r');
    desk.user.type('\u2554\u00fc');
    await desk.shows(/\u2554\u00fc$/);
    expect(desk.bench.written.at(-1)?.bytes).toBe('\xc9\x81');
    expect(desk.logs.get('bbs.log')).toBe(Buffer.from('\u2554\u00fc').toString('latin1'));
    desk.user.type(`${PREFIX}l`);
    await desk.shows(/log ended: bbs.log/);
    desk.user.type(`${PREFIX}e${PREFIX}c${PREFIX}c`);
    await desk.shows(/local echo on[\s\S]*Latin-1[\s\S]*UTF-8/);
    desk.user.type('xy\r');
    await desk.shows(/xy\r\nxy\r$/);
    expect(desk.logs.get('bbs.log')).toBe(Buffer.from('\u2554\u00fc').toString('latin1'));
    await desk.quit();
  });

  it('shows help, and what key there is none of', async () => {
    const desk = new Desk();
    await desk.sitAtModem({ prefix: 1 });
    desk.user.type('\x01?\x01w');
    await desk.shows(/-- Ctrl-A \? {2}this help\r\n[\s\S]*Ctrl-A r {2}reset[\s\S]*no such key: Ctrl-A \?/);
    expect(desk.bench.written).toEqual([]);
    desk.user.type('\x01q');
    expect(await desk.end()).toBe('quit');
  });
});

describe('a terminal in a call', () => {
  it('ends with the call: the far end has logged us off', async () => {
    const desk = new Desk();
    await desk.sitInCall('5550199');
    expect(await desk.end()).toBe('linkOver');
    expect(desk.user.screen).not.toContain('NO CARRIER');
  });

  it('ends by hanging up, and knows neither dialling nor reset', async () => {
    const desk = new Desk();
    await desk.sitInCall();
    desk.user.type('hello');
    await desk.shows(/hello$/);
    desk.user.type(`${PREFIX}?`);
    await desk.shows(/hang up/);
    expect(desk.user.screen).not.toMatch(/dial a number|reset the modem/);
    desk.user.type(`${PREFIX}d${PREFIX}r${PREFIX}i`);
    await desk.shows(/a call is up; Ctrl-T h hangs up[\s\S]*33600 bit\/s[\s\S]*5 bytes received, 5 sent/);
    desk.user.type(`${PREFIX}h`);
    expect(await desk.end()).toBe('hungUp');
  });

  it('puts the screen back in order that the far end has left in a mess', async () => {
    const desk = new Desk();
    await desk.sitInCall();
    desk.user.type('\x1b[?1049h\x1b[31mred');
    await desk.shows(/red/);
    await desk.quit();
    expect(desk.user.screen).toMatch(/\r\n\x1b\[\?1049l[\s\S]*\x1b\[m\x1b\[\?25h[^\n]*$/);
  });
});
