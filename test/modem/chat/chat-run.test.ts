import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatAction } from '../../../src/modem/chat/chat-action.ts';
import { ChatRun } from '../../../src/modem/chat/chat-run.ts';
import { chatExitCode, describeChatFailure } from '../../../src/modem/chat/failure.ts';
import { parseChatScript } from '../../../src/modem/chat/script.ts';
import { drive } from './driver.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const started = (script: string): ChatRun => {
  const run = new ChatRun(parseChatScript(script));
  run.start(0);
  return run;
};
const sentBy = (actions: readonly ChatAction[]) =>
  actions.map((action) => (action.kind === 'send' ? Buffer.from(action.bytes).toString('latin1') : '')).join('');
const failureOf = (actions: readonly ChatAction[]) => {
  const end = actions.at(-1);
  if (end?.kind !== 'failed') throw new Error(`not failed but ${end?.kind}`);
  return end.failure;
};

describe('a login', () => {
  it('is answered, and what comes after the last match is left to others (rule 6)', () => {
    const run = started('ogin: pi ssword: \\qraspberry $ \\c');
    expect(sentBy(run.receive(bytes('host lo'), 1))).toBe('');
    expect(sentBy(run.receive(bytes('gin: '), 2))).toBe('pi\r');
    const secret = run.receive(bytes('pi\r\nPassword:'), 3).find((action) => action.kind === 'send');
    expect(secret).toMatchObject({ secret: true, bytes: bytes('raspberry\r') });
    expect(run.wantsInput).toBe(true);
    expect(run.receive(bytes('\r\npi@host:~$ ~\x7f}#'), 4).at(-1)).toEqual({ kind: 'done' });
    expect(run.isOver).toBe(true);
    expect(run.wantsInput).toBe(false);
    expect(run.takeRest()).toEqual(bytes(' ~\x7f}#'));
    expect(run.takeRest()).toHaveLength(0);
  });

  it('sees what came while it was sending', () => {
    const run = started("'' a\\db c d");
    run.receive(bytes('c!'), 1);
    expect(run.wantsInput).toBe(false);
    expect(sentBy(run.wake(1000))).toBe('b\rd\r');
    expect(run.takeRest()).toEqual(bytes('!'));
  });

  it('does not see twice what came before', () => {
    const run = started('TIMEOUT 1 a x a y');
    run.receive(bytes('a'), 0);
    expect(run.isOver).toBe(false);
    run.receive(bytes('a'), 0);
    expect(run.isOver).toBe(true);
  });
});

describe('time', () => {
  it('runs from the moment of waiting, and a reply gives the next attempt its own', () => {
    const run = started('TIMEOUT 10 a-x-b y');
    expect(run.wakeAt).toBe(10_000);
    expect(run.wake(9_999)).toEqual([]);
    expect(sentBy(run.wake(10_000))).toBe('x\r');
    expect(run.wakeAt).toBe(20_000);
    expect(failureOf(run.wake(20_000))).toMatchObject({ kind: 'timeout', expected: 'b', limitMs: 10_000 });
  });

  it('is not prolonged by what comes', () => {
    const run = started('TIMEOUT 10 a b');
    run.receive(bytes('noise'), 9_000);
    expect(run.wakeAt).toBe(10_000);
  });

  it('passes in delays', () => {
    const run = new ChatRun(parseChatScript("'' \\d\\pa"));
    expect(sentBy(run.start(0))).toBe('');
    expect(run.wakeAt).toBe(1000);
    run.wake(1000);
    expect(run.wakeAt).toBe(1100);
    expect(run.wake(1100).at(-1)).toEqual({ kind: 'done' });
  });
});

describe('failures', () => {
  it.each([
    ["ABORT BUSY ABORT 'NO CARRIER' x y", 'NO CARRIER', 5, 'the chat script ended at "NO CARRIER"'],
    [
      'TIMEOUT 5 ogin: x',
      'Sorry,\r\n \x1b[1mfull',
      3,
      '"ogin:" did not come within 5 s; the last that came was "Sorry, ^[[1mfull"',
    ],
    ['TIMEOUT 5 ogin: x', '', 3, '"ogin:" did not come within 5 s; nothing came'],
    ["TIMEOUT 1 '' \\d\\dx", '', 1, 'sending took longer than the TIMEOUT of the chat script'],
    ["'' @nowhere", '', 1, 'the file nowhere cannot be read, from which the chat script sends'],
  ])('%j, told %j: %i', (script, said, code, words) => {
    expect(drive(parseChatScript(script), said).code).toBe(code);
    const run = new ChatRun(parseChatScript(script));
    let actions = [...run.start(0), ...run.receive(bytes(said), 0)];
    if (actions.at(-1)?.kind === 'readFile') actions = run.fileRead(null, 0);
    while (!run.isOver) actions = run.wake(run.wakeAt ?? 0);
    expect(describeChatFailure(failureOf(actions))).toBe(words);
  });

  it('a lost line ends it, unless HANGUP is OFF', () => {
    const failure = failureOf(started('ogin: x').hungUp(0));
    expect(chatExitCode(failure)).toBe(2);
    const run = started('HANGUP OFF ogin: x HANGUP ON y z');
    expect(run.hungUp(0)).toEqual([]);
    run.receive(bytes('login:'), 1);
    expect(failureOf(run.hungUp(2))).toEqual({ kind: 'hangup' });
    expect(run.hungUp(3)).toEqual([]);
  });
});

describe('secrets', () => {
  const everything = (actions: readonly ChatAction[]) =>
    JSON.stringify(actions.filter(({ kind }) => kind !== 'send')) +
    actions.map((a) => (a.kind === 'failed' ? describeChatFailure(a.failure) : '')).join();

  it('are in nothing that is shown, even if the far end shows them', () => {
    const run = new ChatRun(parseChatScript("TIMEOUT 1 '' \\qhunter2 ssword: hunter3 '' @f never x"));
    const shown = [
      ...run.start(0),
      ...run.receive(bytes('hunter2 password:'), 0),
      ...run.fileRead(bytes('hunter4\n'), 0),
    ];
    shown.push(...run.receive(bytes('hunter2? hunter3? hunter4?'), 0), ...run.wake(1000));
    expect(run.isOver).toBe(true);
    expect(everything(shown)).not.toMatch(/hunter/);
    expect(everything(shown)).toContain('*? *? *?');
    const secret = shown.flatMap((action) => (action.kind === 'send' ? [action.secret] : []));
    expect(secret).toEqual([true, true, true]);
    expect(sentBy(shown)).toBe('hunter2\rhunter3\rhunter4\r');
  });
});

it('what it does depends on the bytes, not on how they are cut', () => {
  const piece = fc.constantFrom('a', 'b', '-', "''", ' ', ' ', 'ABORT ', 'REPORT ', 'ECHO ON ', '\\d', '^A', '\n');
  const script = fc.array(piece, { maxLength: 20 }).map((pieces) => `TIMEOUT 2 ${pieces.join('')} `);
  const said = fc.string({ unit: fc.constantFrom(...'ab\r\x01 '), maxLength: 30 });
  fc.assert(
    fc.property(script, said, fc.array(fc.nat(30), { maxLength: 6 }), (text, heard, cuts) => {
      fc.pre(!/(ABORT|REPORT|ON) *\s*$/.test(text) && (text.match(/\S+|''/g) ?? []).length % 2 === 0);
      let parsed: ReturnType<typeof parseChatScript>;
      try {
        parsed = parseChatScript(text);
      } catch {
        return;
      }
      const whole = drive(parsed, heard);
      const run = new ChatRun(parsed);
      let sent = sentBy(run.start(0));
      const at = [0, ...cuts.sort((a, b) => a - b), heard.length];
      for (const [index, from] of at.entries()) {
        const actions = run.receive(bytes(heard.slice(Math.min(from, heard.length), at[index + 1] ?? heard.length)), 0);
        sent += sentBy(actions);
      }
      while (!run.isOver) sent += sentBy(run.wake(run.wakeAt ?? 0));
      expect({ sent, rest: Buffer.from(run.takeRest()).toString('latin1') }).toEqual({
        sent: whole.sent,
        rest: whole.rest,
      });
    }),
  );
});

it('half a million bytes of anything cost no more than a moment, and no memory', () => {
  const run = started('ABORT BUSY ogin: x');
  const noise = Buffer.alloc(65_536, 'login login\x00\xff');
  const startedAt = performance.now();
  for (let count = 0; count < 8; count++) run.receive(noise, 0);
  expect(performance.now() - startedAt).toBeLessThan(2000);
  expect(run.isOver).toBe(false);
  expect(run.takeRest()).toHaveLength(0);
});
