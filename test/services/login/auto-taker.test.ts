import { describe, expect, it } from 'vitest';
import { autoTaker } from '../../../src/services/login/auto-taker.ts';
import { type Taker, taken } from '../../../src/services/taker.ts';
import { AnsweringBench } from '../answering/answering-bench.ts';

/** The first frame of pppd 2.4.9. */
const LCP = '~\xff}#\xc0!}!}!} }4}"}&} } } } }%}&\x8a\x01\x02\x03}\'}"}(}"\x10\xea~';

class Scene extends AnsweringBench {
  /** Who got the call, and what he found of it. */
  readonly given: string[] = [];
  readonly said: string[] = [];
  #seen = '';

  constructor() {
    super();
    const is = (what: string): Taker => {
      return async (_session, call, signal) => {
        const bytes = (await call.read(signal)) ?? new Uint8Array();
        this.given.push(`${what}: ${Buffer.from(bytes).toString('latin1')}`);
        return taken('us');
      };
    };
    this.taker = autoTaker({
      host: 'pi',
      ppp: is('PPP'),
      login: (name) => is(`login of ${name}`),
      log: (text) => this.said.push(text),
    });
  }

  readonly taker: Taker;

  /** What the caller's modem has said so far. */
  get seen(): string {
    this.#seen += this.caller.said();
    return this.#seen;
  }

  async connect(): Promise<void> {
    await this.start({ taker: this.taker, once: true });
    await this.call();
    await this.until('the prompt', () => this.seen.endsWith('pi login: '));
  }
}

describe('answer --auto', () => {
  it('gives PPP a caller who begins with it, and all but the beginning of its first frame', async () => {
    const scene = new Scene();
    await scene.connect();
    scene.caller.type(LCP);
    await scene.until('somebody has it', () => scene.given.length > 0);
    expect(scene.given).toEqual([`PPP: ${LCP.slice(6)}`]);
    expect(scene.seen).toMatch(/pi login: $/);
    await scene.ended();
  });

  it('gives a login whoever gives a name, after the prompt that people wait for', async () => {
    const scene = new Scene();
    await scene.connect();
    await scene.pass(10_000);
    expect(scene.given).toEqual([]);
    scene.caller.type('tester\r');
    await scene.pass(1000);
    scene.caller.type('secret');
    await scene.until('somebody has it', () => scene.given.length > 0);
    expect(scene.given).toEqual(['login of tester: secret']);
    expect(scene.seen).toMatch(/pi login: tester\r\n/);
    await scene.ended();
  });

  it('hangs up on whoever says nothing for a minute', async () => {
    const scene = new Scene();
    await scene.connect();
    expect(await scene.ended()).toMatchObject({ kind: 'taken', taken: { endedBy: 'us', failure: null } });
    expect([scene.given, scene.said]).toEqual([[], ['the caller gave no name and did not begin PPP']]);
  });

  it('ends with the caller', async () => {
    const scene = new Scene();
    await scene.connect();
    scene.caller.type('pi');
    await scene.pass(100);
    scene.caller.dce.dtr(false);
    expect(await scene.ended()).toMatchObject({ taken: { endedBy: 'farEnd' } });
    expect(scene.given).toEqual([]);
  });
});
