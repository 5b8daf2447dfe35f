/** A terminal: what is typed goes to the other end, what comes from there goes to the screen, and a prefix key gives commands to the terminal itself. */
import type { Clock } from '../../core/clock.ts';
import { isModemctlError } from '../../core/errors.ts';
import { attend } from './attention.ts';
import {
  CHARACTER_SET_NAMES,
  type CharacterSet,
  nextCharacterSet,
  type Translation,
  translationFor,
} from './character-set.ts';
import type { Direction } from './file-transfer.ts';
import { homePath } from './home-path.ts';
import type { TerminalHost } from './host.ts';
import { Keys } from './keys.ts';
import type { TerminalLink } from './link.ts';
import { type LogFile, LogSwitch } from './log-switch.ts';
import { Outbox } from './outbox.ts';
import { prefixKeyName, type TerminalCommand, terminalHelp } from './prefix-key.ts';
import { Questioner } from './questioner.ts';
import { Receiver } from './receiver.ts';
import { Screen } from './screen.ts';
import { askForTransfer } from './transfer-questions.ts';
import type { UserTerminal } from './user-terminal.ts';
import { ZmodemSpotter } from './zmodem-spotter.ts';

export interface TerminalOptions {
  readonly clock: Clock;
  readonly prefix: number;
  readonly characterSet: CharacterSet;
  readonly localEcho: boolean;
  /** A log from the start. */
  readonly log: string | null;
  readonly timeStamps: boolean;
  readonly openLog: (path: string) => LogFile;
  /** Makes a line recognisable as ours. */
  readonly mark: (text: string) => string;
}

export type TerminalEnd = 'quit' | 'hungUp' | 'linkOver' | 'terminalGone' | 'signal';

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

export class Terminal {
  readonly #link: TerminalLink;
  readonly #host: TerminalHost;
  readonly #options: TerminalOptions;
  readonly #screen: Screen;
  readonly #keys: Keys;
  readonly #outbox: Outbox;
  readonly #receiver: Receiver;
  readonly #questioner: Questioner;
  readonly #log: LogSwitch;
  readonly #zmodem: ZmodemSpotter;
  readonly #over = new AbortController();
  #characterSet: CharacterSet;
  #translation: Translation;
  #localEcho: boolean;
  #quits = false;

  constructor(terminal: UserTerminal, link: TerminalLink, host: TerminalHost, options: TerminalOptions) {
    this.#link = link;
    this.#host = host;
    this.#options = options;
    this.#screen = new Screen(terminal, options.mark);
    this.#keys = new Keys(terminal, options.prefix);
    this.#outbox = new Outbox((bytes) => link.write(bytes));
    this.#receiver = new Receiver(link, (bytes) => this.#show(bytes));
    this.#questioner = new Questioner(this.#screen, this.#keys, this.#receiver, this.#over.signal);
    this.#log = new LogSwitch(options.openLog, options.timeStamps);
    this.#zmodem = new ZmodemSpotter(() => options.clock.now());
    this.#characterSet = options.characterSet;
    this.#translation = translationFor(options.characterSet);
    this.#localEcho = options.localEcho;
  }

  /** A line of ours on the screen. */
  tell(text: string): void {
    void this.#screen.tell(text);
  }

  /**
   * Runs until the user has enough, the link is over, or `signal`. Once.
   * @throws ModemctlError whatever the link throws
   */
  async run(signal: AbortSignal): Promise<TerminalEnd> {
    const stop = () => this.#over.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    if (this.#options.log !== null) this.#log.begin(this.#options.log);
    this.#receiver.start();
    const serving = this.#serve();
    try {
      const end = await Promise.race([serving, this.#receiver.linkOver.then(() => 'linkOver' as const)]);
      return signal.aborted ? 'signal' : end;
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
      this.#outbox.clear();
      await Promise.allSettled([serving]);
      await this.#receiver.close();
      this.#log.end();
      await this.#screen.restore();
    }
  }

  async #serve(): Promise<TerminalEnd> {
    for (;;) {
      const event = await this.#keys.next(this.#over.signal);
      if (event === null) return this.#over.signal.aborted ? 'signal' : 'terminalGone';
      if (event.kind === 'data') await this.#send(event.bytes);
      else if (event.kind === 'unknown') this.tell(`no such key: ${prefixKeyName(this.#options.prefix)} ? for help`);
      else {
        const end = await this.#perform(event.command);
        if (end !== null || this.#quits) return end ?? 'quit';
      }
    }
  }

  async #show(bytes: Uint8Array): Promise<void> {
    const shown = this.#translation.toScreen(bytes);
    this.#log.add(shown);
    await this.#screen.show(shown);
    const offer = this.#zmodem.look(bytes);
    if (offer === null) return;
    const key = `${prefixKeyName(this.#options.prefix)} ${offer === 'sends' ? 'g gets it' : 's sends it'}`;
    this.tell(offer === 'sends' ? `the far end sends a file: ${key}` : `the far end waits for a file: ${key}`);
  }

  async #send(typed: Uint8Array): Promise<void> {
    if (this.#localEcho) {
      const echo = [...typed].flatMap((byte) => (byte === CARRIAGE_RETURN ? [byte, LINE_FEED] : [byte]));
      await this.#screen.show(Uint8Array.from(echo));
    }
    const bytes = this.#translation.toLine(typed);
    if (bytes.length > 0) await this.#outbox.add(bytes);
  }

  /** @returns how the terminal ends by it, or null */
  async #perform(command: TerminalCommand): Promise<TerminalEnd | null> {
    const host = this.#host;
    switch (command) {
      case 'quit':
        return 'quit';
      case 'help':
        this.tell(terminalHelp(this.#options.prefix, (one) => this.#isThere(one)).join('\n'));
        return null;
      case 'details':
        this.tell([...(await host.details()), this.#ownDetails()].join('\n'));
        return null;
      case 'break':
        this.tell((await host.sendBreak()) ? 'break sent' : 'a break cannot be sent here');
        return null;
      case 'characterSet':
        this.#characterSet = nextCharacterSet(this.#characterSet);
        this.#translation = translationFor(this.#characterSet);
        this.tell(`character set: ${CHARACTER_SET_NAMES[this.#characterSet]}`);
        return null;
      case 'localEcho':
        this.#localEcho = !this.#localEcho;
        this.tell(`local echo ${this.#localEcho ? 'on' : 'off'}`);
        return null;
      case 'timeStamps':
        this.tell(`time stamps in the log ${this.#log.toggleStamps() ? 'on' : 'off'}`);
        return null;
      case 'log':
        await this.#toggleLog();
        return null;
      case 'sendFile':
      case 'getFile':
        await this.#transfer(command === 'sendFile' ? 'send' : 'get');
        return null;
      case 'hangUp':
        return (await this.#alone((signal) => host.hangUp(signal))) === false ? 'hungUp' : null;
      case 'dial':
        await this.#dial();
        return null;
      case 'reset':
        await this.#reset();
        return null;
    }
  }

  #isThere(command: TerminalCommand): boolean {
    return !((command === 'dial' && !this.#host.dial) || (command === 'reset' && !this.#host.reset));
  }

  #tellCallIsUp(): void {
    this.tell(`a call is up; ${prefixKeyName(this.#options.prefix)} h hangs up, and brings the modem back if it hangs`);
  }

  #ownDetails(): string {
    const log = this.#log.path === null ? 'no log' : `log: ${this.#log.path}`;
    return `${CHARACTER_SET_NAMES[this.#characterSet]}; local echo ${this.#localEcho ? 'on' : 'off'}; ${log}`;
  }

  async #dial(): Promise<void> {
    const dial = this.#host.dial?.bind(this.#host);
    if (!dial) {
      this.#tellCallIsUp();
      return;
    }
    const number = await this.#questioner.ask('number to dial:');
    if (!number) return;
    const early = await this.#alone((signal) => dial(number, signal));
    if (early) await this.#show(early);
  }

  async #reset(): Promise<void> {
    const reset = this.#host.reset?.bind(this.#host);
    if (reset) await this.#alone(reset);
    else this.#tellCallIsUp();
  }

  async #transfer(direction: Direction): Promise<void> {
    const transfer = await askForTransfer(direction, this.#questioner, (text) => this.tell(text));
    if (!transfer) return;
    const toProgram = async (bytes: Uint8Array) => {
      if (!(await transfer.give(bytes))) await this.#show(bytes);
    };
    const line = {
      send: (bytes: Uint8Array) => this.#link.write(bytes),
      show: (bytes: Uint8Array) => this.#screen.show(bytes),
      clock: this.#options.clock,
    };
    await this.#receiver.divert(toProgram, () =>
      this.#attended(async (signal) => this.tell(await transfer.run(line, signal))),
    );
    this.#zmodem.done();
  }

  async #toggleLog(): Promise<void> {
    if (this.#log.path !== null) {
      this.tell(`log ended: ${this.#log.path}`);
      this.#log.end();
      return;
    }
    const path = await this.#questioner.ask('log to file:');
    if (path) this.#log.begin(homePath(path));
  }

  /** What needs the modem to itself; nothing typed before is sent any more. */
  async #alone<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    this.#outbox.clear();
    await this.#receiver.stop();
    try {
      return await this.#attended(action);
    } finally {
      this.#receiver.start();
    }
  }

  /** What takes time, and can be broken off. What fails is told. */
  async #attended<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    // Progress is shown on a line of its own.
    await this.#screen.freshLine();
    let brokenOff = false;
    const noticing = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        brokenOff = true;
      });
      return action(signal);
    };
    try {
      return await attend(this.#keys, this.#over.signal, noticing, () => {
        this.#quits = true;
      });
    } catch (error) {
      if (!isModemctlError(error)) throw error;
      if (brokenOff) this.tell('broken off');
      else this.tell([error.message, ...(error.hint ? [error.hint] : [])].join('\n'));
      return null;
    }
  }
}
