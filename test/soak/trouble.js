/** Who makes trouble for the modems that are kept: faults, signals to the keeper, requests on its socket, loans whose borrower is killed, and calls from outside. */
import { chooseFault, inflict, isHang, nameOf, needsPower } from './faults.js';
import { Program } from './program.js';
import { pause } from './wait.js';

/** A dial that has borrowed it, and whose modem falls silent, takes 215 s. */
const READY_LIMIT_MS = 260_000;

export class Trouble {
  #parts;
  #modem;

  /** @param parts world, journal, random, keeper; mayKill: whether the keeper may be killed; isRung: whether the world calls it; killed: the set of pids that were */
  constructor(parts) {
    this.#parts = parts;
    this.#modem = parts.world.modem(parts.keeper.name);
  }

  async run(isOver) {
    const { journal, random, keeper, mayKill, isRung } = this.#parts;
    while (!isOver()) {
      await pause(random.whole(1000, 9000));
      if (isOver()) return;
      const what = random.next();
      if (mayKill && what < 0.25) await this.#killKeeper();
      else if (what < 0.4) await this.#borrow();
      else if (what < 0.55) await this.#request();
      else if (isRung && what < 0.75) await this.#ring();
      else await this.#fault();
      if (!(await keeper.isReady(READY_LIMIT_MS))) {
        const status = JSON.stringify(await keeper.ask({ do: 'status' }));
        journal.violation(
          `${keeper.name}: not ready again within ${READY_LIMIT_MS} ms: ${status}; ${JSON.stringify(this.#modem.dce.state.misbehaviours)}`,
        );
        await this.#mend();
      }
    }
  }

  async #fault() {
    const { world, journal, random, keeper } = this.#parts;
    const fault = chooseFault(random, 2000);
    if (nameOf(fault) === 'init-error') return;
    keeper.mayGiveUp(needsPower(fault));
    const span = await inflict(journal, this.#modem, fault);
    await pause(random.whole(300, 6000));
    if (fault.kind === 'cut') await this.#modem.perform({ do: 'mend' });
    else if (needsPower(fault)) await world.refresh(keeper.name);
    else if (!isHang(fault) && !['unplug', 'replug'].includes(fault.kind)) this.#modem.misbehave(null);
    // What is left of it is the keeper's to cure.
    await keeper.revive();
    await keeper.isReady(READY_LIMIT_MS);
    keeper.mayGiveUp(false);
    const left = this.#modem.dce.state.misbehaviours;
    if (left.length > 0 && !isHang(fault)) journal.violation(`${keeper.name}: ${left} is still there`);
    journal.over(span);
    if (isHang(fault)) this.#modem.misbehave(null);
  }

  async #killKeeper() {
    const { journal, random, keeper, killed } = this.#parts;
    const signal = random.pick(['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGKILL']);
    const span = journal.begins(keeper.name, signal);
    journal.count('faults');
    journal.count(`fault: ${signal} of a keeper`);
    if (signal === 'SIGKILL') killed.add(keeper.pid);
    await keeper.end(signal);
    await pause(random.whole(0, 500));
    await keeper.start();
    journal.over(span);
  }

  /** A program takes a loan, and is killed at a moment of chance. */
  async #borrow() {
    const { world, journal, random, keeper, killed } = this.#parts;
    const span = journal.begins(keeper.name, 'a loan');
    journal.count('loans');
    const program = new Program(world, ['exec', '-d', keeper.name, '--', 'sleep', '1']);
    await pause(random.whole(100, 1500));
    if (random.chance(0.6)) {
      killed.add(program.pid);
      program.kill('SIGKILL');
    }
    await program.ended;
    await keeper.isReady(READY_LIMIT_MS);
    journal.over(span);
  }

  async #request() {
    const { journal, random, keeper } = this.#parts;
    const request = random.pick([
      { do: 'at', commands: ['ATI3', 'AT+GMM'] },
      { do: 'info' },
      { do: 'reset' },
      { do: 'hangup' },
      { do: 'nonsense' },
    ]);
    const span = journal.begins(keeper.name, `the request ${request.do}`);
    journal.count('requests on control sockets');
    const reply = await keeper.ask(request);
    const befallen = journal.befell(keeper.name, span.from, journal.now).length > 1;
    const mayBe = ['IN_CALL', 'IN_USE', ...(befallen ? ['GONE', 'NOT_RESPONDING'] : [])];
    if (!reply) journal.violation(`${keeper.name}: no reply to ${request.do}`);
    else if (
      request.do === 'nonsense' ? reply.error?.code !== 'USAGE' : !reply.ok && !mayBe.includes(reply.error?.code)
    ) {
      journal.violation(`${keeper.name}: the reply to ${request.do} is ${JSON.stringify(reply)}`);
    }
    await keeper.isReady(READY_LIMIT_MS);
    journal.over(span);
  }

  async #ring() {
    const { journal, random, keeper } = this.#parts;
    const span = journal.begins(keeper.name, 'a call from outside');
    try {
      await this.#modem.perform({ do: 'ring', from: '5551234', name: 'SMITH', rings: random.whole(1, 3) });
      journal.count('calls from outside');
      await pause(3000);
      await this.#modem.perform({ do: 'stop-ringing' });
    } catch {
      journal.count('calls from outside: engaged');
    }
    await keeper.isReady(READY_LIMIT_MS);
    journal.over(span);
  }

  async #mend() {
    const { world, keeper } = this.#parts;
    await world.refresh(keeper.name);
    await keeper.revive();
    await keeper.isReady(READY_LIMIT_MS);
  }
}
