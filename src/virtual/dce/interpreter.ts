/** Executes command lines: left to right, stopping at the first command that fails, one final result at the end (V.250 5.5). Commands that take time (D, A, O) pause the line until they end. */
import type { Command, WrittenCommand } from './command-parser.ts';
import { parseBody } from './command-parser.ts';
import { type Configuration, S } from './configuration.ts';
import { applyValue } from './parameters.ts';
import { report } from './reports.ts';

/** What became of a command. `pending`: {@link Interpreter.resume} follows. `over`: the line ends without a result of its own. */
export type Verdict = 'ok' | 'error' | 'pending' | 'over';

/** The modem, as far as commands act on it. */
export interface CommandTarget {
  readonly configuration: Configuration;
  /** Information text for the DTE. */
  inform(lines: readonly string[]): void;
  /** OK or ERROR at the end of a line. */
  finish(result: 'OK' | 'ERROR'): void;
  /** Whether the modem is in a mood to take this command. */
  takes(text: string): boolean;
  dial(string: string, stay: boolean): Verdict;
  answer(): Verdict;
  hook(off: boolean): Verdict;
  /** Back to online data state. */
  online(): Verdict;
  /** Ends a call, if there is one, before a reset. */
  disconnect(): void;
}

export class Interpreter {
  readonly #target: CommandTarget;
  #queue: WrittenCommand[] = [];
  #lastBody = '';
  #lastDial = '';
  #selectedRegister = 0;

  constructor(target: CommandTarget) {
    this.#target = target;
  }

  /** Executes a body; null is one that was too long. */
  execute(body: string | null): void {
    if (body === null) {
      this.#target.finish('ERROR');
      return;
    }
    this.#lastBody = body;
    this.#queue = parseBody(body);
    this.#run();
  }

  /** `A/`. Before any line it is an empty one (V.250 5.2.4). */
  repeat(): void {
    this.execute(this.#lastBody);
  }

  /** The command that took time ended well, and the line goes on. */
  resume(): void {
    this.#run();
  }

  /** The rest of the line is dropped without a result. */
  abandon(): void {
    this.#queue = [];
  }

  #run(): void {
    for (let command = this.#queue.shift(); command; command = this.#queue.shift()) {
      const verdict = this.#target.takes(command.text) ? this.#execute(command) : 'error';
      if (verdict === 'ok') continue;
      if (verdict === 'pending') return;
      this.#queue = [];
      if (verdict === 'error') this.#target.finish('ERROR');
      return;
    }
    this.#target.finish('OK');
  }

  #execute(command: Command): Verdict {
    switch (command.kind) {
      case 'basic':
        return this.#basic(command.name, command.number);
      case 'register':
        return this.#register(command);
      case 'dial':
        return this.#dial(command.string, command.stay);
      case 'extended':
        return this.#extended(command);
      case 'store':
        return this.#store(command.slot, command.string);
      case 'invalid':
        return 'error';
    }
  }

  #basic(name: string, given: number | null): Verdict {
    const { configuration } = this.#target;
    const number = given ?? 0;
    const success = (done: boolean): Verdict => (done ? 'ok' : 'error');
    switch (name) {
      case 'A':
        // Nothing on the line is executed after A (V.250 6.3.5).
        this.#queue = [];
        return this.#target.answer();
      case 'H':
        return number > 1 ? 'error' : this.#target.hook(number === 1);
      case 'O':
        return number > 1 ? 'error' : this.#target.online();
      case 'I':
        return this.#identify(number);
      case 'Z': {
        if (configuration.dialect.reset[number] === undefined) return 'error';
        this.#target.disconnect();
        // The rest of the line may be ignored (V.250 6.1.1), and both chips do.
        this.#queue = [];
        return success(configuration.reset(number));
      }
      // Tone or pulse for the next D (V.250 6.3.2); on this network both are understood.
      case 'T':
      case 'P':
        return number === 0 ? 'ok' : 'error';
      case '&F':
        return success(configuration.factory(number));
      case '&W':
        return success(configuration.store(number));
      case '&V':
        return this.#show(configuration.dialect.viewProfiles);
      default: {
        const spec = configuration.dialect.settings[name];
        if (!spec?.values.includes(number)) return 'error';
        configuration.settings.set(name, number);
        return 'ok';
      }
    }
  }

  #identify(number: number): Verdict {
    const answer = this.#target.configuration.dialect.identification[number];
    if (answer === undefined) return 'error';
    if (typeof answer === 'string') return this.#show(answer);
    this.#target.inform(answer);
    return 'ok';
  }

  #show(name: Parameters<typeof report>[0] | null): Verdict {
    if (name === null) return 'error';
    this.#target.inform(report(name, this.#target.configuration, this.#lastDial));
    return 'ok';
  }

  #register(command: Extract<Command, { kind: 'register' }>): Verdict {
    const { configuration } = this.#target;
    const number = command.number ?? this.#selectedRegister;
    const spec = configuration.dialect.registers[number];
    if (!spec) return 'error';
    this.#selectedRegister = number;
    if (command.action === 'read') {
      // Three decimal digits (V.250 5.3.2).
      this.#target.inform([String(configuration.register(number)).padStart(3, '0')]);
    } else if (command.action === 'write') {
      if (command.value < (spec.min ?? 0) || command.value > (spec.max ?? 255)) return 'error';
      configuration.registers.set(number, command.value);
    }
    return 'ok';
  }

  #dial(string: string, stay: boolean): Verdict {
    const { numbers } = this.#target.configuration;
    const stored = /^S=?([0-3])?/i.exec(string);
    const text = /^L\??$/i.test(string) ? this.#lastDial : stored ? numbers[Number(stored[1] ?? 0) as 0] : string;
    if (/^L\?$/i.test(string)) {
      this.#target.inform([this.#lastDial]);
      return 'ok';
    }
    this.#lastDial = text;
    return this.#target.dial(text, stay);
  }

  #store(slot: number, string: string): Verdict {
    if (slot > 3 || string.length > 40) return 'error';
    this.#target.configuration.numbers[slot as 0] = string;
    return 'ok';
  }

  #extended(command: Extract<Command, { kind: 'extended' }>): Verdict {
    const { configuration } = this.#target;
    const spec = configuration.dialect.extended[command.name];
    if (!spec) return 'error';
    const { test } = spec;
    const value = configuration.extended.get(command.name);
    const prefix = spec.prefixed === false ? '' : `${command.name}: `;
    switch (command.action) {
      case 'run':
        if (!spec.text) return 'error';
        this.#target.inform(spec.text);
        return 'ok';
      case 'test':
        // `=?` of a command without parameters tells only that it exists (V.250 5.4.2).
        if (test !== undefined) this.#target.inform([prefix + test]);
        return 'ok';
      case 'read':
        if (value === undefined) return 'error';
        this.#target.inform([prefix + value]);
        return 'ok';
      case 'write': {
        if (test === undefined || value === undefined) return 'error';
        const next = applyValue(test, value, command.value);
        if (next === null) return 'error';
        configuration.extended.set(command.name, next);
        return 'ok';
      }
    }
  }

  /** S1 to S5 as the line editor needs them. */
  get editingCharacters(): { terminator: number; lineFeed: number; erase: number } {
    const { configuration } = this.#target;
    return {
      terminator: configuration.register(S.terminator),
      lineFeed: configuration.register(S.lineFeed),
      erase: configuration.register(S.erase),
    };
  }
}
