/** What others are told of a command that keeps modems: systemd, Prometheus, and whoever asks for its health. */

import { printable } from '../core/text.ts';
import type { Session } from '../modem/session.ts';
import { ServiceManager } from '../native/service-manager.ts';
import type { Errands } from '../services/control/errands.ts';
import { type Happening, ServiceRecord } from '../services/control/service-record.ts';
import type { OptionSpec } from './command.ts';
import type { Context } from './context.ts';
import { TextFile } from './text-file.ts';

export const KEEPING_OPTIONS: readonly OptionSpec[] = [
  { flags: '--textfile <path>', describe: "keep a file for the textfile collector of Prometheus' node_exporter" },
];

export const KEEPING_NOTE =
  'Under systemd with Type=notify it is ready when a modem is, tells its state, and feeds the watchdog (WatchdogSec=); where koffi is missing the unit needs NotifyAccess=all. The file of --textfile is written at every event and once a minute, and taken away at the end; its metrics are modemctl_up, modemctl_state, modemctl_last_answer_timestamp_seconds, modemctl_last_call_timestamp_seconds, modemctl_rings_without_caller_id, modemctl_rings_total, modemctl_calls_total, modemctl_hangs_total, modemctl_recoveries_total, modemctl_recoveries_failed_total and modemctl_unplugged_total.';

/** One modem that is kept. */
export interface Kept {
  readonly record: ServiceRecord;
  /** To be called with every event. */
  told(event: Happening): void;
  end(): void;
}

export class Keeping {
  readonly #manager: ServiceManager;
  readonly #file: TextFile | null;
  /** What was told last, by modem. */
  readonly #last = new Map<string, string>();

  /** @throws ModemctlError USAGE: the file cannot be written */
  constructor(context: Context, textfile: unknown) {
    this.#manager = new ServiceManager(context.world.env, context.clock);
    this.#file = typeof textfile === 'string' ? new TextFile(textfile, context) : null;
  }

  keep(session: Session, errands: Errands): Kept {
    const record = new ServiceRecord(session);
    const forget = this.#file?.add({ session, errands, record });
    return {
      record,
      told: (event) => {
        record.take(event);
        this.#file?.write();
        this.#last.set(session.id, event.kind);
        if (event.kind === 'waiting') this.#manager.ready();
        this.#manager.status(printable([...this.#last].map(([id, kind]) => `${id} ${kind}`).join(', ')));
      },
      end: () => {
        forget?.();
        this.#last.delete(session.id);
      },
    };
  }

  async end(): Promise<void> {
    this.#file?.end();
    await this.#manager.end();
  }
}
