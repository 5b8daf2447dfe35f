import { describe, expect, test } from 'vitest';
import { isModemctlError } from '../../../src/core/errors.ts';
import { MISBEHAVIOURS, makeMisbehaviour } from '../../../src/virtual/misbehaviour/catalogue.ts';
import { Bench } from '../support/bench.ts';

const ANSWER = 'AT\r\r\nOK\r\n';

/** Whether it answers AT as a modem with echo does. */
const answers = (bench: Bench) => bench.at('AT') === ANSWER;

const STEPS: Record<string, (bench: Bench) => void> = {
  at: (bench) => void bench.at('AT'),
  escape: (bench) => {
    bench.clock.advance(1100);
    bench.type('+++');
    bench.clock.advance(1100);
    bench.at('ATH');
  },
  dle: (bench) => void bench.type('\x10\x03'),
  dtr: (bench) => {
    bench.dce.dtr(false);
    bench.clock.advance(1000);
    bench.dce.dtr(true);
  },
  rebind: (bench) => {
    bench.dce.deconfigured();
    bench.dce.configured();
    bench.dce.dtr(true);
  },
  usb: (bench) => {
    bench.dce.usbReset();
    bench.dce.dtr(true);
  },
  replug: (bench) => {
    bench.dce.replug();
    bench.dce.dtr(true);
  },
  power: (bench) => {
    bench.dce.powerOff();
    bench.dce.powerOn();
    bench.dce.dtr(true);
  },
};

const RESTARTS = ['usb', 'replug', 'power'];

describe('a hang is cured by what really cures it', () => {
  test.each([
    ['silent', RESTARTS],
    ['stalled', RESTARTS],
    ['garbage', RESTARTS],
    ['stuck-voice', ['dle', ...RESTARTS]],
    ['stuck-data', ['escape', 'dtr', 'rebind', ...RESTARTS]],
    ['stuck-call', ['escape', 'dtr', 'rebind', ...RESTARTS]],
    ['dead-after-reset', ['power']],
    ['dead-until-power', ['power']],
  ])('%s', (spec, cures) => {
    for (const [step, take] of Object.entries(STEPS)) {
      const bench = new Bench();
      bench.misbehave(spec);
      bench.clock.advance(100);
      // The one that leaves the bus does so on a command.
      if (spec === 'dead-until-power') bench.at('AT');
      take(bench);
      bench.said();
      expect([step, answers(bench)]).toEqual([step, cures.includes(step)]);
    }
  });

  test('the log tells what the device saw, and when it was cured', () => {
    const bench = new Bench();
    bench.misbehave('silent');
    bench.dce.dtr(false);
    bench.dce.deconfigured();
    bench.dce.configured();
    bench.dce.usbReset();
    const events = bench.dce.state.log.map(({ event }) => event);
    expect(events).toEqual(['dtr-on', 'dtr-off', 'deconfigured', 'configured', 'usb-reset', 'cured']);
  });
});

describe('each misbehaviour', () => {
  test('silent=N answers N commands and then nothing, not even echo or RING', () => {
    const bench = new Bench();
    bench.misbehave('silent=2');
    expect(bench.at('AT')).toBe(ANSWER);
    expect(bench.at('AT')).toBe(ANSWER);
    expect(bench.at('AT')).toBe('');
    bench.exchange.ringFromOutside('5550101', { number: '1', name: null }, 2);
    bench.clock.advance(20_000);
    expect(bench.said()).toBe('');
  });

  test('silent in a call keeps the line', () => {
    const bench = new Bench();
    bench.misbehave('silent=1');
    expect(bench.at('ATDT5550100', 10_000)).toContain('CONNECT');
    bench.dce.dtr(false);
    bench.clock.advance(60_000);
    expect(bench.dce.circuits.dcd).toBe(true);
    bench.dce.usbReset();
    expect(bench.dce.circuits.dcd).toBe(false);
  });

  test('stalled=N takes not a byte more, until a reset tells the face to go on', () => {
    const bench = new Bench();
    bench.misbehave('stalled=1');
    expect(bench.type('AT\rATI3\r')).toBe(3);
    expect(bench.dce.stalled).toBe(true);
    bench.dce.dtr(false);
    expect(bench.events).not.toContain('writable');
    bench.dce.usbReset();
    expect(bench.dce.stalled).toBe(false);
    expect(bench.events).toContain('writable');
  });

  test.each([
    ['quiet', 'ATI3', 'ATI3\r\r\nU.S. Robotics 56K FAX USB V1.2.23\r\n'],
    ['numeric', 'AT', 'AT\r0\r'],
    ['echo-off', 'AT', '\r\nOK\r\n'],
  ])('%s is a stored profile: power and Z bring it back, &F does not', (spec, command, said) => {
    const bench = new Bench();
    bench.misbehave(spec);
    expect(bench.at(command)).toBe(said);
    bench.at('ATE1V1Q0');
    expect(answers(bench)).toBe(true);
    bench.at('ATZ');
    expect(bench.at(command)).toBe(said);
    bench.dce.powerOn();
    expect(bench.at(command)).toBe(said);
    bench.at('AT&F');
    expect(answers(bench)).toBe(true);
  });

  test('echo-split: the same bytes, in pieces', () => {
    const bench = new Bench();
    bench.misbehave('echo-split');
    bench.type('ATI0\r');
    const first = bench.said();
    bench.clock.advance(60);
    const second = bench.said();
    expect(first.length).toBeGreaterThan(0);
    expect(first + second).toBe('ATI0\r');
    bench.clock.advance(200);
    expect(bench.said()).toBe('\r\n 5601\r\n\r\nOK\r\n');
  });

  test('late: the answer of one command comes while the next waits', () => {
    const bench = new Bench();
    bench.misbehave('late=3000');
    bench.type('ATI0\r');
    bench.clock.advance(2000);
    expect(bench.said()).toBe('ATI0\r');
    expect(bench.type('ATI3\r')).toBe(0);
    bench.clock.advance(1000);
    expect(bench.said()).toBe('\r\n 5601\r\n\r\nOK\r\n');
    expect(bench.events).toContain('writable');
  });

  test('ring-in-answer: RING and caller ID between text and result', () => {
    const bench = new Bench('tfm561u');
    bench.misbehave('ring-in-answer');
    expect(bench.at('ATI0')).toMatch(/^ATI0\r\r\n56000\r\n\r\nRING\r\n\r\nDATE = \d{4}\r\n(?:.+\r\n){3}\r\nOK\r\n$/);
  });

  test('init-error=CMD refuses that command alone', () => {
    const bench = new Bench();
    bench.misbehave('init-error=s7=90');
    expect(bench.at('ATS7=90')).toContain('ERROR');
    expect(bench.at('ATE1S7=90')).toContain('ERROR');
    expect(bench.at('ATS7=60')).toContain('OK');
    bench.misbehave('init-error');
    expect(bench.at('AT&D2')).toContain('ERROR');
  });

  test('vanish=SECONDS goes on the next command and comes back as after power-up', () => {
    const bench = new Bench();
    bench.at('ATE0S0=3');
    bench.misbehave('vanish=1.5');
    expect(bench.at('AT')).toBe('');
    expect(bench.dce.present).toBe(false);
    bench.clock.advance(1500);
    expect(bench.events.filter((event) => /gone|here/.test(event))).toEqual(['gone', 'here']);
    expect(bench.dce.state.registers.S0).toBe(0);
    expect(answers(bench)).toBe(true);
  });

  test('renumber is back almost at once and says so', () => {
    const bench = new Bench();
    bench.misbehave('renumber');
    bench.at('AT');
    bench.clock.advance(100);
    expect(bench.events.filter((event) => /gone|here/.test(event))).toEqual(['gone!', 'here!']);
  });

  test('dead-until-power frees the line and stays away from a replug', () => {
    const bench = new Bench();
    bench.misbehave('dead-until-power');
    bench.at('AT');
    bench.dce.replug();
    bench.clock.advance(3_600_000);
    expect(bench.dce.present).toBe(false);
    bench.dce.powerOn();
    expect(answers(bench)).toBe(true);
  });

  test('connect-drop: CONNECT, and at once NO CARRIER', () => {
    const bench = new Bench();
    bench.misbehave('connect-drop');
    expect(bench.at('ATDT5550100', 10_000)).toMatch(/CONNECT 33600.*\r\n\r\nNO CARRIER\r\n$/);
    expect(bench.dce.state.offHook).toBe(false);
  });

  test('garbage=N is about N bytes a second, bounded while nobody reads, the same every time', () => {
    const noise = () => {
      const bench = new Bench();
      bench.misbehave('garbage=1000');
      bench.clock.advance(1000);
      const bytes = bench.bytes();
      bench.clock.advance(60_000);
      expect(bench.bytes().length).toBeLessThan(5000);
      return Buffer.from(bytes);
    };
    const first = noise();
    expect(first.length).toBe(1000);
    expect(first.equals(noise())).toBe(true);
  });

  test('behave() ends them all, and leaves no timer', () => {
    const bench = new Bench();
    for (const spec of ['silent', 'stalled', 'garbage', 'late=5', 'echo-split']) bench.misbehave(spec);
    bench.clock.advance(1000);
    bench.dce.behave();
    bench.said();
    expect(answers(bench)).toBe(true);
    expect(bench.dce.state.misbehaviours).toEqual([]);
    expect(bench.clock.pending).toBe(0);
  });
});

describe('their names', () => {
  test.each([
    '',
    'sulk',
    'silent=x',
    'silent=',
    'silent=-1',
    'quiet=1',
    'late=12345678',
    'constructor',
    'init-error= ',
  ])('%j is a usage error', (spec) => {
    let caught: unknown;
    try {
      makeMisbehaviour(spec);
    } catch (error) {
      caught = error;
    }
    expect(isModemctlError(caught, 'USAGE')).toBe(true);
  });

  test('every one can be made by its name alone', () => {
    for (const name of Object.keys(MISBEHAVIOURS)) expect(makeMisbehaviour(name).spec).toBe(name);
  });
});
