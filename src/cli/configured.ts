/** What the configuration says of modems: which a name means, which may be used unasked, how one is set up and powered. */
import { isNear } from '../core/near.ts';

import type { ModemDefaults, Session } from '../modem/session.ts';
import { shown } from '../settings/check-value.ts';
import { faultError, NO_SETTINGS, placeText, type Settings } from '../settings/settings.ts';
import type { ModemInfo } from '../usb/modem-info.ts';
import type { PowerPolicy } from '../usb/power/plan.ts';
import { matching, type NamedModem } from '../usb/selector.ts';

export class Configured {
  readonly settings: Settings;
  readonly #lenient: boolean;

  /** @param lenient what is wrong is left out, where else it is refused */
  constructor(settings: Settings, lenient: boolean) {
    this.settings = settings;
    this.#lenient = lenient;
  }

  /**
   * The modem of this name; null: there is no such name.
   * @throws ModemctlError CONFIG_INVALID
   */
  readonly named = (name: string): NamedModem | null => {
    this.#refuse(`modem.${name}`);
    return this.#modemNamed(name);
  };

  /** A name that was meant, if there is one with a slip of the finger in it. */
  near(typed: string): string | null {
    return this.settings.names('modem').find((name) => name !== typed && isNear(typed, name)) ?? null;
  }

  #modemNamed(name: string): NamedModem | null {
    const [port, id, serial] = ['port', 'id', 'serial'].map((key) => this.settings.get(`modem.${name}`, key));
    const setting = port ?? id ?? serial;
    if (!setting) return null;
    const value = String(setting.value).toLowerCase();
    const what = port ? `USB port ${value}` : id ? value : `serial number ${String(setting.value)}`;
    return {
      describe: `${shown(what)} by ${placeText(setting.place)}`,
      port: port ? value : null,
      matches: ({ id: place, vendorId, productId, serial: own }) =>
        (port ? place : id ? `${vendorId}:${productId}` : own?.toLowerCase()) === value,
    };
  }

  /** Whether a modem may be used, or kept, that nobody has named. */
  readonly mayBeChosen = (info: ModemInfo): boolean => {
    const [allow, deny] = ['allow', 'deny'].map(
      (key) => this.settings.get('', key)?.value as string | string[] | undefined,
    );
    const isAmong = (list: string | string[]) => [list].flat().some((selector) => this.#means(selector, info));
    return !(deny && isAmong(deny)) && !(allow && !isAmong(allow));
  };

  #means(selector: string, info: ModemInfo): boolean {
    const named = this.#modemNamed(selector);
    return named ? named.matches(info) : matching(selector, [info]).length > 0;
  }

  /** @throws ModemctlError CONFIG_INVALID: what is said of this very modem is wrong */
  readonly defaultsFor = (info: ModemInfo | null): ModemDefaults => {
    const section = this.#sectionOf(info);
    if (section !== null) this.#refuse(section);
    const own = (key: string) => (section === null ? undefined : this.settings.get(section, key)?.value);
    const init = own('init') as string | string[] | undefined;
    return {
      country: (own('country') ?? this.settings.get('', 'country')?.value) as string | undefined,
      init: init === undefined ? undefined : [init].flat(),
    };
  };

  /**
   * How its power is switched: its own way before the one for all.
   * @throws ModemctlError CONFIG_INVALID: what is said of it is wrong, and another's relay is not to be switched instead
   */
  powerFor({ info, place }: Pick<Session, 'info' | 'place'>, policy: PowerPolicy): PowerPolicy {
    const section = this.#sectionOf(info, place);
    const [fault] = this.settings.faults.filter((one) => one.section === section);
    if (fault) throw faultError(fault);
    const command = section === null ? undefined : this.settings.get(section, 'power_command')?.value;
    return typeof command === 'string' ? { ...policy, command, by: undefined } : policy;
  }

  /** @param place where one has been that is away */
  #sectionOf(info: ModemInfo | null, place: string | null = null): string | null {
    const names = this.settings.names('modem');
    const name = names.find((candidate) => {
      const modem = this.#modemNamed(candidate);
      return info ? modem?.matches(info) : place !== null && modem?.port === place;
    });
    return name === undefined ? null : `modem.${name}`;
  }

  #refuse(section: string): void {
    const [first, ...more] = this.settings.faults.filter((fault) => fault.section === section);
    if (first && !this.#lenient) throw faultError(first, more.length);
  }
}

export const NOT_CONFIGURED = new Configured(NO_SETTINGS, true);
