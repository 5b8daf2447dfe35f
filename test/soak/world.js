/** The world: virtual modems on PTYs, joined by one exchange, in this process; their time runs ten times as fast as ours, as in test/support/fast-clock.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../dist/core/clock.js';
import { startVirtualModems } from '../../dist/virtual/box.js';

const FACTOR = 10;
/** How often a PTY is looked at; ten times as often would only keep this machine busy. */
const LOOK_MS = 50;
/** A CONNECT may be told to a program so long after the exchange has it. */
const LINKS_KEPT_MS = 300_000;

const fastClock = {
  now: () => systemClock.now() * FACTOR,
  after: (delayMs, fire) => systemClock.after(delayMs <= LOOK_MS ? delayMs : delayMs / FACTOR, fire),
};

export class World {
  folder = mkdtempSync(join(tmpdir(), 'modemctl-soak-'));
  /** In which programs find these modems and no other, and nothing that changes Node itself. */
  env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|MODEMCTL_)/.test(name))),
    HOME: this.folder,
    XDG_RUNTIME_DIR: this.folder,
    LANG: 'C.UTF-8',
  };
  #box = null;
  #links = [];
  #journal;

  constructor(journal) {
    this.#journal = journal;
  }

  /** @param modems name and model of each */
  async start(modems) {
    this.#box = await startVirtualModems({
      models: modems.map(({ model }) => model),
      names: modems.map(({ name }) => name),
      clock: fastClock,
      env: this.env,
    });
    this.#box.exchange.onLink = (calling, called) => {
      this.#journal.count('connected by the exchange');
      const at = this.#journal.now;
      this.#links = this.#links.filter((link) => link.at > at - LINKS_KEPT_MS);
      this.#links.push({ calling, called, at, claimed: false });
    };
  }

  get modems() {
    return this.#box.modems;
  }

  modem(name) {
    return this.#box.modems.find((one) => one.name === name);
  }

  /** The connections of a number in that time, as the exchange made them. */
  links(side, number, from, to) {
    return this.#links.filter((link) => link[side] === number && link.at >= from && link.at <= to);
  }

  /** Connections that belong to no call we know of, of those older than `beforeMs`. */
  unclaimed(beforeMs) {
    return this.#links.filter(({ claimed, at }) => !claimed && at < beforeMs);
  }

  /** Well-behaved, with its line and its power. */
  async refresh(name) {
    const modem = this.modem(name);
    modem.misbehave(null);
    await modem.perform({ do: 'mend' });
    await modem.perform({ do: 'power-cycle' });
  }

  async stop() {
    await this.#box.stop();
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
