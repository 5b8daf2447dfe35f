/** Callers by the library: all of them in one long-lived child, each with a modem of its own. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chooseFault, inflict, needsPower } from './faults.js';
import { SUBSCRIBERS } from './ledger.js';
import { pause, within } from './wait.js';

const CHILD = fileURLToPath(new URL('library-child.js', import.meta.url));
/** As for the command line. */
const JOB_LIMIT_MS = 260_000;
const ON_HOOK_LIMIT_MS = 5000;
const BACK_LIMIT_MS = 2000;
/** The reasons of a call that failed, as the command line calls them. */
const CODES = {
  busy: 'BUSY',
  noAnswer: 'NO_ANSWER',
  noCarrier: 'NO_CARRIER',
  noDialtone: 'NO_DIALTONE',
  delayed: 'REFUSED',
  blacklisted: 'REFUSED',
  error: 'MODEM_ERROR',
  noResult: 'NOT_RESPONDING',
  aborted: 'interrupted',
};

/** The child, and what is asked of it. */
export class LibraryChild {
  #child;
  #waiting = new Map();
  #tickets = 0;
  #journal;
  #stderr = '';

  constructor(world, journal) {
    this.#journal = journal;
    this.#child = fork(CHILD, {
      env: world.env,
      cwd: world.folder,
      execArgv: ['--expose-gc', '--max-semi-space-size=1'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr = (this.#stderr + text).slice(-5000);
    });
    this.#child.on('message', ({ ticket, ...result }) => {
      this.#waiting.get(ticket)?.(result);
      this.#waiting.delete(ticket);
    });
    this.ended = new Promise((done) => this.#child.on('exit', (code, signal) => done({ code, signal })));
  }

  get pid() {
    return this.#child.pid;
  }

  /** Null: it did not come to an end in time. */
  async ask(job) {
    const ticket = ++this.#tickets;
    let result = null;
    this.#waiting.set(ticket, (what) => {
      result = what;
    });
    this.#child.send({ ...job, ticket }, () => {});
    const inTime = await within(JOB_LIMIT_MS, () => result !== null || this.#child.exitCode !== null);
    if (!inTime || result === null) {
      this.#journal.violation(
        `library: no end of ${JSON.stringify(job)} (exit code ${this.#child.exitCode}): ${this.#stderr}`,
      );
      return null;
    }
    return result;
  }

  /** Closes the channel, after which a program with nothing left to do ends by itself. */
  async end() {
    this.#child.disconnect();
    let how = null;
    this.ended.then((one) => {
      how = one;
    });
    if (!(await within(10_000, () => how !== null))) {
      this.#journal.violation('library: the program does not end by itself: something is left that keeps it up');
      this.#child.kill('SIGKILL');
    } else if (how.code !== 0) this.#journal.violation(`library: the program ended with ${how.signal ?? how.code}`);
    if (this.#stderr !== '') this.#journal.violation(`library: on stderr: ${this.#stderr}`);
  }
}

export class LibraryCaller {
  #parts;
  #modem;

  /** @param parts world, journal, ledger, random, name; numbers: whom to call; nextId; child */
  constructor(parts) {
    this.#parts = parts;
    this.#modem = parts.world.modem(parts.name);
  }

  async run(isOver) {
    const { random, child, journal, name } = this.#parts;
    while (!isOver()) {
      if (random.chance(0.9)) await this.#dial();
      else {
        const answer = await child.ask({ do: 'ask', modem: name });
        journal.count('command: by the library');
        if (answer && answer.outcome !== 'ok') journal.violation(`${name}: asked by the library: ${answer.outcome}`);
      }
      await pause(random.whole(0, 200));
    }
  }

  async #dial() {
    const { world, journal, ledger, random, name, numbers, nextId, child } = this.#parts;
    const id = nextId();
    const number = random.chance(0.7) ? random.pick(numbers) : random.pick(SUBSCRIBERS);
    const fault = random.chance(0.2) ? chooseFault(random, 1500) : null;
    const abortAfterMs = random.chance(0.1) ? random.whole(0, 2500) : null;
    const isKept = numbers.includes(number);
    let span = fault?.afterMs === 0 ? await inflict(journal, this.#modem, fault) : null;
    const call = ledger.open(id, name, number);
    const dialled = child.ask({
      do: 'dial',
      id,
      modem: name,
      number,
      reply: isKept ? `heard ${id}` : id,
      waitMs: isKept ? 200_000 : 20_000,
    });
    const faulty = fault && !span ? inflict(journal, this.#modem, fault) : null;
    if (abortAfterMs !== null) await this.#abort(id, abortAfterMs);
    const result = await dialled;
    span ??= await faulty;
    if (!result) return;
    const { outcome, connected = false, replied = false } = result;
    await ledger.close(call, {
      outcome: CODES[outcome] ?? outcome,
      connected,
      replied,
      why: abortAfterMs === null ? null : 'aborted',
    });
    if (!fault) {
      if (!(await within(ON_HOOK_LIMIT_MS, () => !this.#modem.dce.state.offHook)))
        journal.violation(`${id}: ${name} is off-hook after it`);
      return;
    }
    if (fault.kind === 'cut') await this.#modem.perform({ do: 'mend' });
    // One that has left the bus for a moment is not there to be opened.
    await within(BACK_LIMIT_MS, () => this.#modem.tty !== null);
    if (random.chance(0.5) && !needsPower(fault)) {
      const answer = await child.ask({ do: 'recover', modem: name });
      if (answer && answer.outcome !== 'ok')
        journal.violation(`${name}: not brought back after ${fault.kind}: ${answer.outcome}`);
    }
    await world.refresh(name);
    journal.over(span);
  }

  async #abort(id, afterMs) {
    const { journal, child } = this.#parts;
    await pause(afterMs);
    journal.count('interruption: abort');
    journal.note(`${id}: aborted`);
    await child.ask({ do: 'abort', id });
  }
}
