/**
 * Who is plugged in, as it was told: takes one listing after the other and says what has come, gone and changed since. Without I/O and without timers.
 *
 * A modem is told of when it has settled, so that whoever hears of it may use it at once: it can be opened, or what stands in the way has stood there for 2 s. Until then its driver may be loading and udev
 * setting its rights. What it goes through in a USB reset is not told, unless it comes out of it as another tty.
 */
import type { ModemInfo } from './modem-info.ts';
import { isSameDevice } from './presence.ts';

export type ModemEvent =
  /** `present`: it was there when watching began. */
  | { readonly kind: 'plugged'; readonly info: ModemInfo; readonly present: boolean }
  /** It stayed where it was, and another tty, other rights or another state are here to stay. That it is used or not used any more is no change. */
  | { readonly kind: 'changed'; readonly info: ModemInfo; readonly before: ModemInfo }
  /** As it was last told. */
  | { readonly kind: 'unplugged'; readonly info: ModemInfo };

/** udev's rules run within milliseconds of a node's appearance, and loading a driver takes less than a second; twice that for a small machine under load. */
export const SETTLE_MS = 2000;
/** One that changes all the time is told of all the same. */
const RESTLESS_MS = 10_000;

interface Place {
  readonly present: boolean;
  info: ModemInfo;
  /** As it was last known: it is not while a reset lasts. */
  plugging: string | null;
  told: ModemInfo | null;
  /** Since when it differs from what was told, and since when it is as it is. */
  unsettledSince: number | null;
  sameSince: number;
}

export class Roster {
  readonly #places = new Map<string, Place>();
  #isFirst = true;

  /** Takes a listing, at `now` (ms), and says what is to be told by it. */
  update(found: readonly ModemInfo[], now: number): ModemEvent[] {
    const byId = new Map(found.map((info) => [info.id, info]));
    const gone: ModemEvent[] = [];
    for (const [id, place] of this.#places) {
      const info = byId.get(id);
      if (info && isSamePlugging(place, info)) continue;
      this.#places.delete(id);
      if (place.told) gone.push({ kind: 'unplugged', info: place.told });
    }
    for (const info of found) {
      const place = this.#places.get(info.id);
      if (!place) this.#places.set(info.id, newPlace(info, now, this.#isFirst));
      else renew(place, info, now);
    }
    this.#isFirst = false;
    return [...gone, ...this.#settled(now)];
  }

  #settled(now: number): ModemEvent[] {
    const events: ModemEvent[] = [];
    for (const place of this.#places.values()) {
      const { info, told, present } = place;
      if (told && aspect(told) === aspect(info)) {
        place.told = info;
        place.unsettledSince = null;
        continue;
      }
      place.unsettledSince ??= now;
      if (now < dueAt(place)) continue;
      place.told = info;
      place.unsettledSince = null;
      events.push(told ? { kind: 'changed', info, before: told } : { kind: 'plugged', info, present });
    }
    return events;
  }

  /** When there will be something to tell though nothing changes any more; infinite: never. */
  get due(): number {
    const unsettled = [...this.#places.values()].filter(({ unsettledSince }) => unsettledSince !== null);
    return Math.min(...unsettled.map(dueAt));
  }
}

function newPlace(info: ModemInfo, now: number, present: boolean): Place {
  return { present, info, plugging: info.plugging, told: null, unsettledSince: now, sameSince: now };
}

function renew(place: Place, info: ModemInfo, now: number): void {
  if (aspect(place.info) !== aspect(info)) place.sameSince = now;
  place.info = info;
  place.plugging = info.plugging ?? place.plugging;
}

function isSamePlugging({ info: before, plugging }: Place, info: ModemInfo): boolean {
  const samePlugging = plugging === null || info.plugging === null || plugging === info.plugging;
  return isSameDevice(before, info) && samePlugging;
}

function dueAt({ info, unsettledSince, sameSince }: Place): number {
  if (info.usable && info.state !== 'denied') return Number.NEGATIVE_INFINITY;
  return Math.min(sameSince + SETTLE_MS, (unsettledSince ?? sameSince) + RESTLESS_MS);
}

/** What counts for a change. */
function aspect({ manufacturer, product, serial, kind, usable, state, tty, driver }: ModemInfo): string {
  return JSON.stringify([manufacturer, product, serial, kind, usable, state === 'busy' ? 'ready' : state, tty, driver]);
}
