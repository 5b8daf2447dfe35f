/** A stream of events on stdout: under `--json` one object a line (`time`, `event` and the event's own fields), else a line for people. It ends with the command, or when nobody reads it any more. */
import type { Session } from '../modem/session.ts';
import { toJson } from '../usb/modem-info.ts';
import type { Context } from './context.ts';
import type { EventName } from './events.ts';
import { unwritable } from './output.ts';
import { watchReader } from './reader.ts';

export class EventStream {
  /** Aborted when the command is to end: the context's own reasons, and that what is told cannot be written (a full disk). */
  readonly signal: AbortSignal;
  readonly #context: Context;

  private constructor(context: Context, signal: AbortSignal) {
    this.#context = context;
    this.signal = signal;
  }

  /** From here on `--json` prints events, and no document at the end. */
  static async open(context: Context): Promise<EventStream> {
    const broken = new AbortController();
    context.announceEvents();
    context.world.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') broken.abort(unwritable(error));
    });
    await watchReader(() => context.readerGone());
    return new EventStream(context, AbortSignal.any([context.signal, broken.signal]));
  }

  /**
   * @param line what people see beside the time
   * @returns the object that `--json` prints
   */
  emit(event: EventName, fields: Readonly<Record<string, unknown>>, line: string): object {
    const now = new Date();
    const { common, world, colours } = this.#context;
    const told = { time: now.toISOString(), event, ...fields };
    if (common.json) world.stdout.write(`${JSON.stringify(told)}\n`);
    else this.#context.print(`${colours.dim(localTime(now))}  ${line}`);
    return told;
  }
}

/** The field `modem` of an event: as `detect --json` has it, as far as known. */
export function modemField({ id, tty, info }: Pick<Session, 'id' | 'tty' | 'info'>): object {
  return info ? toJson(info) : { id, tty };
}

/** `2026-08-23 14:03:07`, in the user's time zone. */
export function localTime(time: Date): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = [time.getFullYear(), pad(time.getMonth() + 1), pad(time.getDate())].join('-');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(pad).join(':')}`;
}
