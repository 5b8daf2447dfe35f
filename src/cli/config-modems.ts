/** What the configuration means for the modems that are plugged in, and for those that it names. */
import { isModemctlError } from '../core/errors.ts';
import { planPowerAt } from '../modem/power-step.ts';
import type { Settings } from '../settings/settings.ts';
import { listModems } from '../usb/list-modems.ts';
import type { ModemInfo } from '../usb/modem-info.ts';
import type { PowerPolicy } from '../usb/power/plan.ts';
import type { PowerWayName } from '../usb/power/ways.ts';
import { Configured } from './configured.ts';
import type { Context } from './context.ts';

export interface ModemAnswer {
  /** In the configuration; null: it has no name there. */
  readonly name: string | null;
  /** Its id; null: it is not plugged in. */
  readonly modem: string | null;
  /** Whether it is used, and kept, without being named. */
  readonly allowed: boolean;
  /** Null: its power may not be switched. */
  readonly power: PowerAnswer | null;
  /** The same for people. */
  readonly told: readonly string[];
}

interface PowerAnswer {
  /** `the port's own switch`; null: it cannot be switched, or is not to be. */
  readonly way: string | null;
  /** What else loses its power. */
  readonly others: readonly string[];
  /** Why it will not be switched. */
  readonly why: string | null;
}

export async function lookAtModems(context: Context, settings: Settings): Promise<ModemAnswer[]> {
  const { clock, signal } = context;
  const configured = new Configured(settings, true);
  const plugged = (await listModems({ clock, signal })).filter(
    ({ isModem, state }) => isModem && state !== 'softmodem',
  );
  const answers: ModemAnswer[] = [];
  const seen = new Set<ModemInfo>();
  for (const name of settings.names('modem')) {
    const modem = configured.named(name);
    const matches = plugged.filter((info) => modem?.matches(info));
    for (const info of matches) {
      seen.add(info);
      answers.push(await answerFor(context, configured, name, info));
    }
    if (matches.length > 0 || !modem) continue;
    const told = [`modem ${name}: not plugged in (${modem.describe})`];
    answers.push({ name, modem: null, allowed: true, power: null, told });
  }
  for (const info of plugged) {
    if (!seen.has(info) && settings.files.length > 0) answers.push(await answerFor(context, configured, null, info));
  }
  return answers;
}

async function answerFor(
  context: Context,
  configured: Configured,
  name: string | null,
  info: ModemInfo,
): Promise<ModemAnswer> {
  const allowed = configured.mayBeChosen(info);
  const power = await powerAnswer(context, configured, info);
  const title = `modem ${name ?? info.id}: ${info.model} at ${info.id}`;
  const unused = allowed ? [] : ['    is used only when it is named'];
  const more = [...unused, ...powerLines(power)];
  // Of one that it says nothing about there is nothing to tell.
  const told = name === null && more.length === 0 ? [] : [title, ...more];
  return { name, modem: info.id, allowed, power, told };
}

async function powerAnswer(context: Context, configured: Configured, info: ModemInfo): Promise<PowerAnswer | null> {
  const own = (key: string) => configured.settings.get('recovery', key)?.value;
  if (own('up_to') !== 'power') return null;
  const also = own('power_also') as string | string[] | undefined;
  const policy = {
    command: own('power_command') as string | undefined,
    by: own('power_by') as PowerWayName | undefined,
    also: also === undefined ? undefined : [also].flat(),
  };
  const refused = (why: string): PowerAnswer => ({ way: null, others: [], why });
  // All of the section is left out then.
  if (configured.settings.faultsOf('recovery').length > 0) return refused('something is wrong in [recovery]');
  let mine: PowerPolicy;
  try {
    mine = configured.powerFor({ info, place: info.id }, policy);
  } catch (error) {
    if (isModemctlError(error)) return refused(error.message);
    throw error;
  }
  const plan = await planPowerAt(info.id, mine, context.clock);
  if (!plan.ok) return refused(plan.why);
  return { way: plan.way.name, others: plan.others, why: null };
}

function powerLines(power: PowerAnswer | null): string[] {
  if (power === null) return [];
  if (power.why !== null) return [`    power will not be switched: ${power.why}`];
  const cut = power.others.length === 0 ? 'nothing else loses it' : `${power.others.join(', ')} would lose it too`;
  return [`    power may be switched by ${power.way}: ${cut}`];
}
