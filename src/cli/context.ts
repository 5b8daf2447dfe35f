/** What a command sees of the world: where to print, who may interrupt, how the user wants it told. */
import { type Clock, systemClock } from '../core/clock.ts';
import { type Colours, coloursFor } from './colour.ts';
import type { Configured } from './configured.ts';
import { jsonDocument } from './ending.ts';
import { isJournal, withPriority } from './journal.ts';
import { Progress } from './progress.ts';
import type { World } from './world.ts';

/** The options every command has. */
export interface CommonOptions {
  /** The selector. */
  device?: string;
  /** `option`; else in words: `MODEMCTL_DEVICE`, `device in /etc/modemctl/config.toml:3:1`. */
  deviceFrom?: string;
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  trace?: string;
  record?: string;
  showNumbers: boolean;
  /** Instead of the usual configuration files. */
  config?: string;
  color?: boolean;
}

export class Context {
  readonly world: World;
  readonly common: CommonOptions;
  /** The command that runs: `dial`. */
  readonly command: string;
  /** Aborted by Ctrl-C and the signals that ask us to end. */
  readonly signal: AbortSignal;
  /** To be called when nobody reads our output any more; aborts the signal. */
  readonly readerGone: () => void;
  readonly #hangUp = new AbortController();
  readonly clock: Clock = systemClock;
  readonly colours: Colours;
  readonly colourOfTalk: Colours;
  readonly progress: Progress;
  /** What the configuration says. */
  readonly configured: Configured;
  readonly #isJournal: boolean;
  readonly #leavings = new Set<() => Promise<void>>();
  readonly #releases = new Set<() => void>();
  #announced = false;
  #talkThrough: ((line: string) => void) | null = null;
  /** What `--json` prints, as far as known. */
  readonly #fields: Record<string, unknown> = {};

  constructor(
    world: World,
    common: CommonOptions,
    command: string,
    signal: AbortSignal,
    readerGone: () => void,
    configured: Configured,
  ) {
    this.configured = configured;
    this.world = world;
    this.common = common;
    this.command = command;
    this.signal = signal;
    this.readerGone = readerGone;
    this.#isJournal = isJournal(world.env);
    this.colours = coloursFor(world.stdout.isTTY === true, world.env, common.color);
    this.colourOfTalk = coloursFor(world.stderr.isTTY === true, world.env, common.color);
    this.progress = new Progress(world.stderr, world.env, !common.json && !common.quiet && !common.verbose);
  }

  /** Aborted when another modemctl asks that the call be ended; what is no call goes on. */
  get hangUpAsked(): AbortSignal {
    return this.#hangUp.signal;
  }

  /** Dial commands whose number has a name, which traces and records show instead. */
  readonly namedNumbers = new Map<string, string>();

  /** @param command as it is sent: `ATDT5550137` */
  nameNumber(command: string, name: string): void {
    this.namedNumbers.set(command, name);
  }

  /** Another modemctl wants the line free. */
  readonly askToHangUp = (): void => this.#hangUp.abort();

  /** A line of the result, for people; nothing under `--json`. */
  print(line: string): void {
    if (this.common.json) return;
    this.progress.clear();
    this.world.stdout.write(`${line}\n`);
  }

  /** A line of talk on stderr: result codes, notes. Nothing under `--quiet`. */
  say(line: string): void {
    if (!this.common.quiet) this.talk(line);
  }

  /** A line on stderr, whatever `--quiet` says. */
  talk(line: string): void {
    this.progress.clear();
    if (this.#talkThrough) this.#talkThrough(line);
    else this.world.stderr.write(`${this.#isJournal ? withPriority(line) : line}\n`);
  }

  /** While the terminal is raw a line needs more than a line feed: whoever has it prints what is said. Null: nobody. */
  talkThrough(print: ((line: string) => void) | null): void {
    this.#talkThrough = print;
  }

  /** Adds to the JSON document; also when the command then fails. */
  report(fields: Record<string, unknown>): void {
    Object.assign(this.#fields, fields);
  }

  /**
   * What must be done even if modemctl itself fails: ports are let go.
   * @returns ends it
   */
  onCrash(leave: () => Promise<void>): () => void {
    this.#leavings.add(leave);
    return () => this.#leavings.delete(leave);
  }

  async crash(): Promise<void> {
    await Promise.allSettled([...this.#leavings].map((leave) => leave()));
  }

  /**
   * What must be done even if there is no time for anything else: lock files are taken away.
   * @returns ends it
   */
  onLetGo(release: () => void): () => void {
    this.#releases.add(release);
    return () => this.#releases.delete(release);
  }

  letGo(): void {
    for (const release of this.#releases) release();
  }

  /** Prints the JSON document now, for a command that goes on working; nothing more comes at its end unless it fails. */
  announce(fields: Record<string, unknown>): void {
    this.report(fields);
    this.#announced = true;
    if (this.common.json) this.world.stdout.write(jsonDocument(this.#fields, null));
  }

  /** Instead of a document `--json` prints a stream of events from now on. */
  announceEvents(): void {
    this.#announced = true;
  }

  get announced(): boolean {
    return this.#announced;
  }

  get reported(): Readonly<Record<string, unknown>> {
    return this.#fields;
  }
}
