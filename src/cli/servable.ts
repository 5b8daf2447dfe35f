/** A command that systemd can run from boot on. */
import type { ServiceTask } from '../setup/service-sandbox.ts';
import type { CommandSpec, Invocation } from './command.ts';
import type { Context } from './context.ts';

export interface Servable {
  readonly command: CommandSpec;
  /** Of `setup NAME`. */
  readonly summary: string;
  readonly examples: CommandSpec['examples'];
  /** Without a selector: the only modem there is, or every modem. */
  readonly needs: 'one' | 'all';
  readonly taskOf: (options: Invocation['options'], runsCommands: boolean) => ServiceTask;
  /** Why these options make no service, in words; null: they do. */
  readonly refuse: (options: Invocation['options']) => string | null;
  /**
   * What the command itself checks before it does anything.
   * @throws ModemctlError
   */
  readonly check: (context: Context, invocation: Invocation) => Promise<void>;
}
