import { describe, expect, it } from 'vitest';
import { Talk } from './bench.ts';

describe('synchronise', () => {
  it.each(['usr5637', 'tfm561u'])('brings a %s into step', async (model) => {
    const talk = new Talk(model);
    expect(await talk.synchronise()).toBe(true);
    expect(talk.conversation.inStep).toBe(true);
  });

  it.each(['echo-off', 'quiet', 'numeric', 'echo-split'])('brings one into step that has %s (rule 2)', async (how) => {
    const talk = new Talk('tfm561u', how);
    expect(await talk.synchronise()).toBe(true);
    expect(await talk.command('ATI3')).toMatchObject({ lines: ['CX93001-EIS_V0.2002-V92'], result: { text: 'OK' } });
    expect(talk.bench.dce.state.settings).toMatchObject({ E: 1, Q: 0, V: 1 });
  });

  it('says so when there is no answer', async () => {
    const talk = new Talk('usr5637', 'silent');
    expect(await talk.synchronise()).toBe(false);
    expect(talk.conversation.inStep).toBe(false);
  });

  it('says so when there is nothing but garbage', async () => {
    const talk = new Talk('usr5637', 'garbage');
    expect(await talk.synchronise()).toBe(false);
  });
});

describe('exchange', () => {
  it('gives information text and result', async () => {
    const talk = new Talk();
    await talk.synchronise();
    const answer = await talk.command('ATI3');
    expect(answer).toMatchObject({ lines: ['U.S. Robotics 56K FAX USB V1.2.23'], result: { kind: 'ok', text: 'OK' } });
  });

  it('waits 100 ms after a result before the next command line (V.250 5.5)', async () => {
    const talk = new Talk();
    await talk.synchronise();
    const before = talk.bench.clock.now();
    await talk.command('AT');
    expect(talk.bench.clock.now() - before).toBeGreaterThanOrEqual(100);
  });

  it('has a limit, and finds the common thread again when the late answer came (rule 2)', async () => {
    const talk = new Talk('usr5637');
    await talk.synchronise();
    talk.bench.misbehave('late=3000');
    expect((await talk.command('ATI3', 1000)).result).toBeNull();
    expect(talk.conversation.inStep).toBe(false);
    const next = await talk.command('ATI0', 8000);
    expect(next).toMatchObject({ lines: [' 5601'], result: { text: 'OK' } });
  });

  it('is not disturbed by RING and caller ID in the middle of an answer (rule 1)', async () => {
    const talk = new Talk('usr5637');
    await talk.synchronise();
    talk.bench.misbehave('ring-in-answer');
    const answer = await talk.command('ATI3');
    expect(answer).toMatchObject({ lines: ['U.S. Robotics 56K FAX USB V1.2.23'], result: { text: 'OK' } });
    expect(talk.heard.map(({ kind }) => kind)).toContain('ring');
    expect(talk.heard.map(({ kind }) => kind)).toContain('callerId');
  });

  it('tells of a modem that takes no bytes', async () => {
    const talk = new Talk('usr5637');
    await talk.synchronise();
    talk.bench.misbehave('stalled');
    expect(await talk.command('AT', 1000)).toMatchObject({ result: null });
    expect(await talk.run(talk.conversation.write(new Uint8Array(64 * 1024), 500))).toBe(false);
    expect((await talk.command('AT', 1000)).stalled).toBe(true);
  });

  it('ends with GONE when the modem is unplugged', async () => {
    const talk = new Talk('usr5637');
    await talk.synchronise();
    talk.bench.misbehave('silent');
    const answer = talk.command('AT');
    talk.bench.clock.after(500, () => talk.port.unplug());
    await expect(answer).rejects.toMatchObject({ code: 'GONE' });
  });
});

describe('calls', () => {
  it.each([
    ['ATD5550100', /^CONNECT/],
    ['ATD5550197', /^NO CARRIER/],
  ])('%s', async (command, result) => {
    const talk = new Talk();
    await talk.synchronise();
    const answer = await talk.command(command, 90_000);
    expect(answer.result?.text).toMatch(result);
  });

  it('leaves what comes after CONNECT in the port, but for what was read with it (rule 6)', async () => {
    const talk = new Talk();
    await talk.synchronise();
    await talk.command('ATD5550100', 90_000);
    expect(talk.conversation.online).toBe(true);
    expect(talk.conversation.takeEarlyData()).toHaveLength(0);
    await talk.port.write(Buffer.from('hello'));
    let echoed = '';
    while (echoed.length < 5) echoed += Buffer.from(await talk.run(talk.port.read(1))).toString();
    expect(echoed).toBe('hello');
  });

  it('is aborted by one character, and waited for (V.250 5.6.1)', async () => {
    const talk = new Talk();
    await talk.synchronise();
    const controller = new AbortController();
    talk.bench.clock.after(6000, () => controller.abort());
    const answer = await talk.command('ATD5550196', 90_000, controller.signal);
    expect(answer.result).toBeNull();
    expect(talk.bench.dce.state).toMatchObject({ mode: 'command', offHook: false });
    expect(await talk.command('ATI0')).toMatchObject({ lines: [' 5601'] });
  });
});

describe('listen', () => {
  it('tells what the modem says unasked, as soon as it comes, and writes nothing', async () => {
    const talk = new Talk();
    await talk.synchronise();
    talk.bench.exchange.ringFromOutside('5550101', { number: '5551234', name: 'SMITH' }, 2);
    const before = talk.bench.clock.now();
    expect(await talk.run(talk.conversation.listen(60_000))).toBe(true);
    expect(talk.bench.clock.now() - before).toBeLessThan(1000);
    expect(talk.heard.map(({ text }) => text)).toEqual(['RING']);
    expect(talk.bench.dce.state.commandCount).toBe(1);
  });

  it('ends with its limit, and at once when it is called off', async () => {
    const talk = new Talk();
    await talk.synchronise();
    const before = talk.bench.clock.now();
    expect(await talk.run(talk.conversation.listen(5000))).toBe(false);
    expect(talk.bench.clock.now() - before).toBeGreaterThanOrEqual(5000);
    expect(await talk.run(talk.conversation.listen(60_000, AbortSignal.abort()))).toBe(false);
    expect(talk.bench.clock.now() - before).toBeLessThan(6000);
  });
});
