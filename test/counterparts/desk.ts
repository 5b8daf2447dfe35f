/** A desk to sit down at: a modem of `modemctl virtual`, and terminals with other people's programs that use it. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { Lab } from '../support/cli.ts';
import { askControl, startVirtual, type ToldModem } from '../support/virtual-process.ts';
import { until } from '../virtual/support/wait.ts';
import { Terminal } from './terminal.ts';

/** Longer than S12, the silence that must stand around +++. */
const GUARD_TIME_MS = 1200;

export class Desk {
  readonly lab: Lab;
  readonly modem: ToldModem;
  readonly #terminals: Terminal[] = [];
  readonly #stop: () => Promise<unknown>;

  private constructor(lab: Lab, modem: ToldModem, stop: () => Promise<unknown>) {
    this.lab = lab;
    this.modem = modem;
    this.#stop = stop;
  }

  static async open(): Promise<Desk> {
    const lab = new Lab();
    const { modems, running } = await startVirtual(lab);
    return new Desk(lab, modems[0]!, () => {
      running.kill('SIGINT');
      return running.ended;
    });
  }

  get tty(): string {
    assert.ok(this.modem.tty);
    return this.modem.tty;
  }

  async sitDownAt(...command: readonly string[]): Promise<Terminal> {
    const terminal = await Terminal.open(this.lab.folder, this.lab.env, command);
    this.#terminals.push(terminal);
    return terminal;
  }

  /** What any user of a terminal program does by hand: asks the modem, dials the echo, and talks. */
  async dialAndTalk(terminal: Terminal): Promise<void> {
    await terminal.type('ATI3');
    await terminal.shows(/U\.S\. Robotics 56K FAX USB V1\.2\.23\s+OK/);
    await terminal.type('ATDT5550100');
    await terminal.shows(/ATDT5550100\s+CONNECT 33600\/ARQ/);
    // None of these programs echoes by itself: what appears went through the call and back.
    await terminal.type('over the line and back\\c');
    await terminal.shows(/CONNECT 33600.*\s+over the line and back/);
    assert.equal((await this.state()).offHook, true);
  }

  /** The silence around +++. */
  async keepSilent(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, GUARD_TIME_MS));
  }

  /** Everybody else sees who has the modem. */
  async proveHeldBy(program: string): Promise<void> {
    const refused = await this.lab.run(['at']);
    assert.equal(refused.code, 5, refused.stderr);
    assert.match(refused.stderr, new RegExp(`in use by ${program} \\(pid \\d+\\)`));
  }

  async proveOnHook(): Promise<void> {
    await until('the line is on-hook', async () => (await this.state()).offHook === false);
  }

  /** The modem is ready for the next one, who is us. */
  async proveFree(): Promise<void> {
    await this.proveOnHook();
    const answer = await this.lab.run(['at', 'ATI3']);
    assert.equal(answer.code, 0, answer.stderr);
    assert.equal(answer.stdout, 'U.S. Robotics 56K FAX USB V1.2.23\n');
    const locks = readdirSync('/run/lock').filter((name) => name === `LCK..${this.tty.slice(5).replace('/', '_')}`);
    assert.deepEqual(locks, []);
  }

  state(): Promise<Record<string, unknown>> {
    return askControl(this.modem.control, { do: 'state' });
  }

  async close(): Promise<void> {
    for (const terminal of this.#terminals) await terminal.close();
    await this.#stop();
    await this.lab.close();
  }
}
