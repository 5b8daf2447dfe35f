/** A long-lived `modemctl answer` or `modemctl watch`: started, killed, started again, and what it told. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { descriptorsOf, heapKB } from './processes.js';
import { incivility, Program } from './program.js';
import { within } from './wait.js';

const START_LIMIT_MS = 60_000;
const END_LIMIT_MS = 45_000;
/** Of a modem that nothing brings back: the keeper's own ladder, and then the one that was asked for. */
const ASK_LIMIT_MS = 90_000;
const CONNECTS_KEPT_MS = 300_000;
const COLLECT = fileURLToPath(new URL('collect.cjs', import.meta.url));
const NODE_OPTIONS = ['--expose-gc', '--require', COLLECT, '--trace-warnings'];

export class Keeper {
  name;
  /** When it told of connections, and whether a call has been found for each. */
  connects = [];
  /** Heap in use of the present process, after a collection: pairs of time in ms and kB. */
  memory = [];
  /** How many the present process had when it first waited. */
  descriptorsAtFirst = 0;
  #world;
  #journal;
  #args;
  #program = null;
  #isEnding = false;
  #waits = 0;
  /** Set when it ends by itself; whoever did that to it says so. */
  #mayEnd = false;

  constructor(world, journal, name, args) {
    this.#world = world;
    this.#journal = journal;
    this.name = name;
    this.#args = args;
  }

  get pid() {
    return this.#program?.pid;
  }

  /** How many its process has now. */
  get descriptors() {
    return descriptorsOf(this.pid).length;
  }

  /** Starts it, and waits until it keeps the modem. */
  async start() {
    this.#isEnding = false;
    this.memory = [];
    const before = this.#waits;
    this.#program = new Program(this.#world, [...this.#args, '--json', '-d', this.name], {
      node: NODE_OPTIONS,
      onLine: (line) => this.#told(line),
    });
    const mine = this.#program;
    mine.ended.then((ran) => this.#ended(mine, ran));
    const isUp = await within(START_LIMIT_MS, () => this.#waits > before || this.#program !== mine);
    if (isUp && this.#program) this.descriptorsAtFirst = this.descriptors;
    if (!isUp) this.#journal.violation(`${this.name}: it never waited for calls. It said: ${mine.stderr.slice(-500)}`);
  }

  /** Ends it by a signal, and checks how it ends. */
  async end(signal) {
    const program = this.#program;
    if (!program) return;
    this.#isEnding = true;
    program.kill(signal);
    let ran = null;
    program.ended.then((how) => {
      ran = how;
    });
    if (!(await within(END_LIMIT_MS, () => ran !== null))) {
      this.#journal.violation(`${this.name}: it did not end within ${END_LIMIT_MS} ms of ${signal}`);
      program.kill('SIGKILL');
      await program.ended;
    } else if (ran.signal !== signal) {
      this.#journal.violation(
        `${this.name}: ${signal} ended it with ${ran.signal ?? ran.code}: ${ran.stderr.slice(-500)}`,
      );
    }
    this.#program = null;
  }

  /** While true it may end by itself, with exit code 9: the modem cannot be brought back. */
  mayGiveUp(may) {
    this.#mayEnd = may;
  }

  /** Starts it again if it has given up. */
  async revive() {
    if (this.#program === null && !this.#isEnding) await this.start();
  }

  /** Asks it over its control socket. Null: nobody there, or no answer. */
  ask(request) {
    const path = join(this.#world.folder, 'modemctl', `${this.name}.sock`);
    return new Promise((resolve) => {
      const socket = connect(path, () => socket.write(`${JSON.stringify(request)}\n`));
      let text = '';
      socket.setTimeout(ASK_LIMIT_MS, () => socket.destroy());
      socket.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
        if (text.includes('\n')) socket.destroy();
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(text.includes('\n') ? JSON.parse(text) : null));
    });
  }

  /** Whether within the limit it is idle and its modem answers AT. */
  async isReady(limitMs) {
    return within(limitMs, async () => {
      const status = await this.ask({ do: 'status' });
      if (status?.state !== 'idle') return false;
      return (await this.ask({ do: 'at', commands: ['AT'] }))?.ok === true;
    });
  }

  sampleMemory() {
    const heap = this.#program && heapKB(this.#world.folder, this.#program.pid);
    if (heap) this.memory.push([this.#journal.now, heap]);
  }

  #told(line) {
    let told;
    try {
      told = JSON.parse(line);
    } catch {
      this.#journal.violation(`${this.name}: this line on stdout is no JSON: ${line.slice(0, 200)}`);
      return;
    }
    this.#journal.note(`${this.name} tells ${told.event}${told.recoveredBy ? ` by ${told.recoveredBy}` : ''}`);
    this.#journal.count(`${this.#args[0]}: ${told.event}`);
    if (told.event === 'waiting') this.#waits++;
    const at = this.#journal.now;
    if (told.event === 'connect') {
      this.connects = this.connects.filter((one) => !one.claimed || one.at > at - CONNECTS_KEPT_MS);
      this.connects.push({ at, claimed: false });
    }
  }

  #ended(program, ran) {
    const rude = incivility(ran);
    if (rude) this.#journal.violation(`${this.name}: it printed ${rude}: ${ran.stderr.slice(-2000)}`);
    if (this.#isEnding || program !== this.#program) return;
    this.#program = null;
    this.#journal.note(`${this.name}: it ended with ${ran.signal ?? ran.code}`);
    if (this.#mayEnd && ran.code === 9) this.#journal.count(`${this.#args[0]}: gave up, as it should`);
    else
      this.#journal.violation(
        `${this.name}: it ended by itself with ${ran.signal ?? ran.code}: ${ran.stderr.slice(-800)}`,
      );
  }
}
