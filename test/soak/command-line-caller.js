/** A caller by the command line: it dials, asks, resets and hangs up with one modem, and is interrupted, killed and hung up on at random. */
import { chooseFault, inflict, needsPower } from './faults.js';
import { SUBSCRIBERS } from './ledger.js';
import { lockFilesOf } from './processes.js';
import { incivility, Program } from './program.js';
import { pause, within } from './wait.js';

/** A modem that falls silent in the middle of a dial is given up after the wait for a carrier (200 s) and 15 s more. */
const END_LIMIT_MS = 260_000;
const READY_LIMIT_MS = 90_000;
const ON_HOOK_LIMIT_MS = 5000;
const BACK_LIMIT_MS = 2000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL', 'SIGINT'];

export class CommandLineCaller {
  #parts;
  #modem;

  /** @param parts world, journal, ledger, random, name; numbers: whom to call; nextId; killed: the set of pids that were; keeper: who keeps the modem, or null */
  constructor(parts) {
    this.#parts = parts;
    this.#modem = parts.world.modem(parts.name);
  }

  /** One thing after the other until it is told to stop. */
  async run(isOver) {
    const { random } = this.#parts;
    while (!isOver()) {
      const what = random.next();
      if (what < 0.75) await this.#dial();
      else if (what < 0.87) await this.#ask(['at', '--json', 'ATI3'], [0]);
      else if (what < 0.94) await this.#ask(['reset', '--json'], [0]);
      else await this.#ask(['hangup', '--json'], [0]);
      await pause(random.whole(0, 300));
    }
  }

  async #dial() {
    const { world, journal, ledger, random, name, numbers, nextId } = this.#parts;
    const id = nextId();
    const number = random.chance(0.7) ? random.pick(numbers) : random.pick(SUBSCRIBERS);
    const fault = random.chance(0.25) ? chooseFault(random, 2500) : null;
    const interruption = random.chance(0.15)
      ? { by: random.pick([...SIGNALS, 'hangup']), afterMs: random.whole(0, 3000) }
      : null;
    const wait = numbers.includes(number) ? '200s' : '20s';
    const reply = numbers.includes(number) ? `heard ${id}` : id;
    const script = `echo ${id}; test "$(timeout 15 head -n 1)" = "${reply}"`;
    // What befalls the modem at once comes before the call.
    let span = fault?.afterMs === 0 ? await inflict(journal, this.#modem, fault) : null;
    const call = ledger.open(id, name, number);
    const program = new Program(world, ['dial', '--json', '-d', name, '--wait', wait, '--exec', script, number]);
    const faulty = fault && !span ? inflict(journal, this.#modem, fault) : null;
    const interrupted = interruption ? this.#interrupt(program, interruption) : null;
    const ran = await this.#end(program);
    await interrupted;
    span ??= await faulty;
    const document = documentOf(ran);
    if (!document && ran.signal === null)
      journal.violation(`${id}: exit code ${ran.code} without a document: ${ran.stderr.slice(-500)}`);
    const outcome = ran.signal
      ? ran.signal === 'SIGKILL'
        ? 'killed'
        : 'interrupted'
      : document?.ok
        ? 'ok'
        : document?.error?.code;
    if (ran.signal && ran.signal !== interruption?.by) journal.violation(`${id}: it ended by ${ran.signal}`);
    await ledger.close(call, {
      outcome: String(outcome),
      connected: document ? document.connected === true : null,
      replied: outcome === 'ok' && document?.connected === true,
      why: interruption && `interrupted by ${interruption.by}`,
    });
    await this.#tidy(program, ran, fault, span, call);
  }

  async #interrupt(program, { by, afterMs }) {
    const { world, journal, name, killed } = this.#parts;
    await pause(afterMs);
    journal.count(`interruption: ${by}`);
    journal.note(`${name}: ${by}`);
    if (by === 'hangup') {
      await new Program(world, ['hangup', '-d', name]).ended;
      return;
    }
    if (by === 'SIGKILL') killed.add(program.pid);
    program.kill(by);
  }

  /** The telephone line is free, no lock is left; a modem that had a fault is brought back or made well. */
  async #tidy(program, ran, fault, span, call) {
    const { world, journal, random, name, keeper } = this.#parts;
    if (ran.signal !== 'SIGKILL') {
      const locks = lockFilesOf(new Set([program.pid]));
      if (locks.length > 0) journal.violation(`${call.id}: it left ${locks.join(', ')}`);
    }
    if (!fault) {
      const { dce } = this.#modem;
      const isFree = await within(ON_HOOK_LIMIT_MS, () => !dce.state.offHook);
      if (!isFree) journal.violation(`${call.id}: ${name} is off-hook after it`);
      if (keeper && !(await keeper.isReady(READY_LIMIT_MS)))
        journal.violation(`${name}: its keeper is not ready after ${call.id}`);
      return;
    }
    if (fault.kind === 'cut') await this.#modem.perform({ do: 'mend' });
    // One that has left the bus for a moment is not there to be reset.
    await within(BACK_LIMIT_MS, () => this.#modem.tty !== null);
    if (!keeper && random.chance(0.6) && !needsPower(fault) && fault.kind !== 'connect-drop') {
      await this.#ask(['reset', '--json'], [0], fault);
    }
    await world.refresh(name);
    if (keeper) {
      await keeper.revive();
      if (!(await keeper.isReady(READY_LIMIT_MS)))
        journal.violation(`${name}: its keeper is not ready after ${fault.kind}`);
    }
    journal.over(span);
    await this.#ask(['at', '--json', 'AT'], [0]);
  }

  /** A command other than dial, whose exit code is to be one of these. */
  async #ask(args, codes, fault = null) {
    const { world, journal, name, keeper } = this.#parts;
    const from = journal.now;
    const program = new Program(world, [...args, '-d', name]);
    const ran = await this.#end(program);
    journal.count(`command: ${args[0]}`);
    // A telephone that rings is left to ring; what has been unplugged meanwhile is away, what hangs does not answer.
    const isExcused = keeper && [5, 6, 7].includes(ran.code) && journal.befell(name, from, journal.now).length > 0;
    if (!codes.includes(ran.code) && !isExcused) {
      journal.violation(
        `${name}: ${args[0]}${fault ? ` after ${fault.kind}` : ''} ended with ${ran.signal ?? ran.code}: ${ran.stderr.slice(-700)}`,
      );
    }
  }

  async #end(program) {
    const { journal, name } = this.#parts;
    let ran = null;
    program.ended.then((how) => {
      ran = how;
    });
    if (!(await within(END_LIMIT_MS, () => ran !== null))) {
      journal.violation(
        `${name}: ${program.child.spawnargs.slice(2).join(' ')} took longer than ${END_LIMIT_MS} ms: ${program.stderr.slice(-500)}`,
      );
      program.kill('SIGKILL');
      ran = await program.ended;
    }
    const rude = incivility(ran);
    if (rude) journal.violation(`${name}: it printed ${rude}: ${ran.stderr.slice(-2000)}`);
    return ran;
  }
}

/** The document on stdout; null where there is none, as after a signal that came early. */
function documentOf({ stdout }) {
  try {
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}
