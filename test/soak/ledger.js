/** Every call is accounted for: one outcome, and agreement of the caller, the callee and the exchange. Where they differ there must be a reason with a name. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { EXIT_CODES } from '../../dist/core/errors.js';
import { within } from './wait.js';

/** What becomes of calls to the exchange's own subscribers, where nothing befalls the caller. */
const EXPECTED = {
  5550100: ['ok'],
  5550195: ['BUSY'],
  5550196: ['NO_ANSWER', 'NO_CARRIER'],
  5550197: ['NO_CARRIER'],
  5550199: ['ok', 'CUT_OFF', 'SCRIPT_FAILED'],
  5559999: ['NO_CARRIER'],
};
export const SUBSCRIBERS = Object.keys(EXPECTED);
/** A callee tells of a connection so long after the exchange made it. */
const TELLS_WITHIN_MS = 8000;
/** Who answers when its caller has just gone is off-hook for nobody, as long as its S7 says: a minute of the modems' time, which goes ten times as fast. */
const LINGERS_MS = 8000;
const KNOWN = new Set(['ok', 'interrupted', 'killed', ...Object.keys(EXIT_CODES)]);

export class Ledger {
  #world;
  #journal;
  /** By number. */
  #keepers;
  /** The calls under way and those of late, to know who else rang. */
  #calls = [];
  #logSize = new Map();
  #heard = new Map();

  constructor(world, journal, keepers) {
    this.#world = world;
    this.#journal = journal;
    this.#keepers = new Map(keepers.map((keeper) => [world.modem(keeper.name).number, keeper]));
  }

  /** A call begins. */
  open(id, caller, number) {
    const { now } = this.#journal;
    const call = { id, caller, number, from: now, to: Number.POSITIVE_INFINITY };
    this.#calls = this.#calls.filter(({ to }) => to > now - 120_000);
    this.#calls.push(call);
    this.#journal.count('calls');
    return call;
  }

  /**
   * It is over.
   * @param end outcome: `ok`, a code of the table, `interrupted` or `killed`; connected and replied: as the caller tells, null where it tells nothing; why: what we did to the program
   */
  async close(call, { outcome, connected, replied, why }) {
    const journal = this.#journal;
    call.to = journal.now;
    call.wasBusy = outcome === 'BUSY';
    journal.count(`outcome: ${outcome}`);
    journal.note(
      `${call.id} from ${call.caller} to ${call.number}: ${outcome}, connected ${connected}, replied ${replied}`,
    );
    const complain = (text) => journal.violation(`${call.id} from ${call.caller} to ${call.number}: ${text}`);
    if (!KNOWN.has(outcome)) complain(`its outcome is ${outcome}`);
    const links = this.#world.links('calling', this.#world.modem(call.caller).number, call.from - 50, call.to);
    const reasons = [
      ...(why ? [why] : []),
      ...journal.befell(call.caller, call.from, call.to).map((kind) => `caller: ${kind}`),
    ];
    if (links.length > 1) complain(`the exchange connected it ${links.length} times`);
    for (const link of links) link.claimed = true;
    const link = links[0];
    if (connected && !link) complain('it says it was connected, the exchange does not');
    if (link && link.called !== call.number) complain(`it was connected to ${link.called}`);
    if (outcome === 'BUSY' && this.#isShared(call)) reasons.push('callee: another caller had it');
    if (link && connected === false) {
      const keeper = this.#keepers.get(call.number);
      const atCallee = keeper ? journal.befell(keeper.name, call.from, call.to) : [];
      this.#excuse('connected, and the caller was not told', [...reasons, ...atCallee], complain);
    }
    if (this.#keepers.has(call.number)) await this.#compareCallee(call, { outcome, link, replied, reasons }, complain);
    else if (!EXPECTED[call.number].includes(outcome)) this.#excuse(`outcome ${outcome}`, reasons, complain);
    return reasons;
  }

  /** At the end: nothing that nobody called for. */
  async finish() {
    for (const { calling, called, at } of this.#world.unclaimed(this.#journal.now)) {
      this.#journal.violation(
        `the exchange connected ${calling} with ${called} at ${Math.round(at)} ms, and no call did`,
      );
    }
    for (const keeper of this.#keepers.values()) {
      const stray = keeper.connects.filter(({ claimed }) => !claimed).length;
      if (stray > 0) this.#journal.violation(`${keeper.name}: it told of ${stray} connections that no call made`);
    }
  }

  async #compareCallee(call, { outcome, link, replied, reasons }, complain) {
    const keeper = this.#keepers.get(call.number);
    const { name } = keeper;
    const befell = () => this.#journal.befell(name, call.from, call.to).map((kind) => `callee: ${kind}`);
    const all = () => [...reasons, ...befell()];
    if (outcome !== 'ok') this.#excuse(`outcome ${outcome}`, all(), complain);
    if (link) {
      const findsIt = () =>
        keeper.connects.find(({ claimed, at }) => !claimed && at >= link.at - 50 && at <= link.at + TELLS_WITHIN_MS);
      await within(reasons.length + befell().length > 0 ? 2000 : TELLS_WITHIN_MS, () => findsIt() !== undefined);
      const connect = findsIt();
      if (connect) connect.claimed = true;
      else this.#excuse('connected, and the callee did not tell', [...reasons, ...befell()], complain);
    }
    const heard = () => this.#readLog(keeper).get(call.id) ?? 0;
    if (replied && !(await within(3000, () => heard() === 1))) complain(`the callee heard it ${heard()} times`);
    if (heard() > 1) complain(`the callee heard it ${heard()} times`);
    if (heard() === 1 && !link) complain('the callee heard it, and the exchange did not connect it');
    if (heard() === 1) this.#journal.count('heard by the callee');
  }

  /** Whether another had the same number at that time, or shortly before. */
  #isShared(call) {
    return this.#calls.some(
      (other) =>
        other !== call &&
        other.number === call.number &&
        !other.wasBusy &&
        other.from <= call.to &&
        other.to >= call.from - LINGERS_MS,
    );
  }

  #excuse(what, reasons, complain) {
    if (reasons.length === 0) complain(`${what}, and nothing had happened`);
    else this.#journal.count(`excused: ${what}; ${reasons[0].replace(/=.*/, '')}`);
  }

  /** What the callee's program wrote down, so often each. */
  #readLog(keeper) {
    const path = logOf(this.#world, keeper.name);
    const heard = this.#heard.get(keeper.name) ?? new Map();
    this.#heard.set(keeper.name, heard);
    if (!existsSync(path)) return heard;
    const text = readFileSync(path, 'latin1');
    const end = text.lastIndexOf('\n') + 1;
    for (const line of text.slice(this.#logSize.get(keeper.name) ?? 0, end).split('\n')) {
      if (/^call-\d+$/.test(line)) heard.set(line, (heard.get(line) ?? 0) + 1);
      else if (line !== '') this.#journal.count('heard by the callee: noise');
    }
    this.#logSize.set(keeper.name, end);
    return heard;
  }
}

/** Where the callee's program writes down who called. */
export function logOf(world, name) {
  return `${world.folder}/heard-${name}.log`;
}

/** The callee's program: a line of the shell. */
export function calleeProgram(world, name) {
  appendFileSync(logOf(world, name), '');
  return `read -r id && echo "$id" >> '${logOf(world, name)}' && echo "heard $id"`;
}
