/** What others are told of a command that keeps modems: systemd, Prometheus, and whoever asks for its health. */

import { ModemctlError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import { requireResetRights } from '../modem/recover.ts';
import type { Session } from '../modem/session.ts';
import { ServiceManager } from '../native/service-manager.ts';
import type { Errands } from '../services/control/errands.ts';
import { type Happening, ServiceRecord } from '../services/control/service-record.ts';
import type { SuspectOptions } from '../services/reset-suspect.ts';
import { SUSPECT_AFTER } from '../services/suspicion.ts';
import { parseWhole } from './call-options.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Context } from './context.ts';
import { TextFile } from './text-file.ts';

export const KEEPING_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--suspect-after <calls>',
    describe: `tell when so many calls in a row had no caller ID any more, or did not connect (default ${SUSPECT_AFTER})`,
    parse: parseWhole,
  },
  { flags: '--reset-suspect', describe: 'and have the modem reset then (USB)' },
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
  /** What is done about a modem that answers AT and does not work. */
  readonly suspect: SuspectOptions;
  readonly #manager: ServiceManager;
  readonly #file: TextFile | null;
  /** What was told last, by modem. */
  readonly #last = new Map<string, string>();

  /** @throws ModemctlError USAGE, also where the file cannot be written */
  constructor(context: Context, { suspectAfter = SUSPECT_AFTER, resetSuspect, textfile }: Invocation['options']) {
    const after = suspectAfter as number;
    if (after < 1) throw new ModemctlError('USAGE', '--suspect-after is at least 1');
    this.suspect = { after, reset: resetSuspect === true };
    this.#manager = new ServiceManager(context.world.env, context.clock);
    this.#file = typeof textfile === 'string' ? new TextFile(textfile, context) : null;
  }

  /** @throws ModemctlError USAGE, DENIED: it could not be reset if it came to that */
  keep(session: Session, errands: Errands): Kept {
    if (this.suspect.reset) requireReset(session);
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

function requireReset({ info, name }: Session): void {
  if (info) requireResetRights(info);
  else throw new ModemctlError('USAGE', `${name} belongs to no USB device: there is nothing to reset`);
}
