/** What `watch` does: one modem, or all of them, kept, and told of in one stream. */
import { sleep } from '../core/clock.ts';
import { isModemctlError } from '../core/errors.ts';
import type { Session } from '../modem/session.ts';
import type { Desk } from '../services/control/desk.ts';
import { Errands } from '../services/control/errands.ts';
import type { Hooks } from '../services/hooks.ts';
import { keepAll } from '../services/watching/keep-all.ts';
import { watchModem } from '../services/watching/watching.ts';
import type { WatchingEvent } from '../services/watching/watching-event.ts';
import { listModems } from '../usb/list-modems.ts';
import type { Context } from './context.ts';
import { EventStream } from './event-stream.ts';
import type { Keeping } from './keeping.ts';
import { openDesk } from './open-desk.ts';
import { untilThere } from './until-there.ts';
import { environmentOf, fieldsOf, lineFor } from './watch-event.ts';
import { withSession } from './with-session.ts';

const LOOK_AGAIN_MS = 1000;

export interface WatcherOptions {
  readonly checkEveryMs: number;
  readonly recover: boolean;
  readonly hooks: Hooks | null;
  readonly keeping: Keeping;
  readonly note: (text: string) => void;
  /** Waits for modems that are not there yet, or that others have. */
  readonly awaits: boolean;
}

export class Watcher {
  readonly #context: Context;
  readonly #options: WatcherOptions;
  readonly #broken = new AbortController();
  #stream: Promise<EventStream> | null = null;
  /** Lines for people name the modem. */
  #isOneOfMany = false;

  constructor(context: Context, options: WatcherOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** The one that is meant; without a selector, all. */
  async run(): Promise<void> {
    const context = this.#context;
    const { clock } = context;
    const mayKeep = context.configured.mayBeChosen;
    const signal = AbortSignal.any([context.signal, this.#broken.signal]);
    const { awaits, keeping } = this.#options;
    if (awaits) keeping.awaits(context.common.device ?? 'modems');
    const all = watchesAll(context);
    const present = all ? (await listModems({ clock, signal })).filter((info) => info.usable && mayKeep(info)) : [];
    if (awaits && !all) {
      const target = await untilThere(context, (what) => keeping.awaits(what));
      return withSession(context, { target, borrow: false, hears: false }, (session) =>
        this.#keep(session, signal, true),
      );
    }
    if (present.length === 0 && !awaits) {
      return withSession(context, { borrow: false, hears: false }, (session) => this.#open(session, signal));
    }
    const waits = present.length > 1 || awaits;
    const first = present[0]?.id;
    await keepAll({
      clock,
      signal,
      mayKeep,
      keep: async (info, ending) => {
        if (info.id !== first) this.#isOneOfMany = true;
        await withSession(context, { target: { info }, borrow: false, hears: false }, (session) =>
          waits || info.id !== first ? this.#keep(session, ending, true) : this.#open(session, ending),
        );
      },
      onUnusable: (info) => this.#options.note(`${info.model} at ${info.id} is not watched: ${info.reason}`),
      onFailure: (_info, { message }) => this.#options.note(message),
    });
  }

  /** A modem that cannot be had at once is a reason to end. */
  async #open(session: Session, signal: AbortSignal): Promise<void> {
    await session.open();
    await this.#keep(session, signal, false);
  }

  async #keep(session: Session, signal: AbortSignal, waits: boolean): Promise<void> {
    const context = this.#context;
    const { hooks, keeping, note, checkEveryMs, recover } = this.#options;
    const stream = await this.#openStream();
    const errands = new Errands(session);
    const kept = await keeping.keep(session, errands);
    const tell = (event: WatchingEvent) => {
      kept.told(event);
      const line = lineFor(context, session, event);
      const told = stream.emit(
        event.kind,
        fieldsOf(session, event),
        this.#isOneOfMany ? `${session.id}  ${line}` : line,
      );
      hooks?.run(environmentOf(session, event), told);
    };
    const onLent = (to: string) => tell({ kind: 'lent', to });
    const open = () => openDesk(context, { session, errands, signal, record: kept.record, onLent });
    let desk: Desk | null = null;
    try {
      desk = waits ? await this.#whenLetGo(session, signal, open) : await open();
      if (signal.aborted) return;
      context.say(`Watching ${session.name}${this.#options.awaits ? '.' : '; Ctrl-C ends it.'}`);
      const { suspect } = keeping;
      const { power } = kept;
      await watchModem(session, { errands, checkEveryMs, recover, suspect, power, signal, tell, note });
    } finally {
      kept.end();
      await desk?.close();
    }
  }

  /** Another modemctl may have the modem. */
  async #whenLetGo(session: Session, signal: AbortSignal, open: () => Promise<Desk | null>): Promise<Desk | null> {
    for (let isNews = true; !signal.aborted; isNews = false) {
      try {
        return await open();
      } catch (error) {
        if (!isModemctlError(error, 'IN_USE')) throw error;
        if (isNews) this.#options.note(`${error.message}; waiting`);
        await sleep(session.clock, LOOK_AGAIN_MS, signal).catch(() => {});
      }
    }
    return null;
  }

  /** Only when there is something to tell of: what fails before is one document under `--json`. */
  #openStream(): Promise<EventStream> {
    this.#stream ??= EventStream.open(this.#context).then((stream) => {
      stream.signal.addEventListener('abort', () => this.#broken.abort(), { once: true });
      return stream;
    });
    return this.#stream;
  }
}

/** What records or traces has one modem in view. */
function watchesAll({ common }: Context): boolean {
  return common.device === undefined && common.record === undefined && common.trace === undefined && !common.verbose;
}
