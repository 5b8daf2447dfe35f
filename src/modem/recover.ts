/**
 * Bringing a hung modem back: the ladder, gentlest step first, each followed by the proof. Only an answered AT counts; a step that "worked" without one did not.
 *
 * Nothing stronger than a USB reset is tried unless it is named: on a Raspberry Pi the power of a port is the power of all, disk and network included.
 */
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import type { ModemInfo } from '../usb/modem-info.ts';
import type { PowerPolicy } from '../usb/power/plan.ts';
import { canReset } from '../usb/reset.ts';
import { requireTty } from '../usb/selector.ts';
import { escapeToCommandState, pulseDtr } from './hang-up.ts';
import { powerStep } from './power-step.ts';
import { proof, type StepResult } from './proof.ts';
import type { Session } from './session.ts';
import { usbStep } from './usb-step.ts';

/** The steps in their order, and what each does. The names are API. */
export const STEP_MEANINGS = {
  at: 'asks it, twice',
  escape: 'leaves voice, fax and data states: DLE ETX, DLE !, the guarded `+++`, ATH',
  dtr: 'drops DTR for 0.7 s',
  usb: 'binds a lost driver, else resets the USB device; waits for it by its port, whatever tty it gets',
  power: 'only where it is named: switches the power of its USB port off and on',
} as const satisfies Record<string, string>;

export type Step = keyof typeof STEP_MEANINGS;
export const STEPS = Object.keys(STEP_MEANINGS) as readonly Step[];

/** How far the ladder goes unless told. */
const USUAL_TOP: Step = 'usb';

export interface StepReport extends StepResult {
  readonly step: Step;
  readonly elapsedMs: number;
}

export interface RecoveryReport {
  readonly recovered: boolean;
  readonly recoveredBy: Step | null;
  readonly steps: readonly StepReport[];
  /** Where the modem is now. */
  readonly tty: string | null;
}

export interface RecoverOptions {
  /** Go straight to this step. */
  readonly method?: Step | undefined;
  /** The last step that may be taken; default `usb`. */
  readonly upTo?: Step | undefined;
  /** How power is switched, where it comes to that. */
  readonly power?: PowerPolicy | undefined;
  /** Go on although another program has the modem, or a call is up. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((step: Step) => void) | undefined;
  readonly onStepDone?: ((report: StepReport) => void) | undefined;
  /** Remarks for people. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/**
 * Climbs the ladder until the modem answers.
 * @throws ModemctlError UNUSABLE (a softmodem), USAGE (no such step; a USB reset of what is not on the bus), IN_USE, IN_CALL (not with `force`), DENIED (rights for the last step, asked before the first), GONE
 */
export async function recover(session: Session, options: RecoverOptions = {}): Promise<RecoveryReport> {
  // Nothing brings back what never worked.
  if (session.info?.state === 'softmodem') requireTty(session.info);
  const ladder = ladderOf(options);
  if (options.method === 'usb' && !session.info) {
    throw new ModemctlError('USAGE', `${session.name} belongs to no USB device, so it has no USB reset`, {
      hint: `modemctl reset -d ${session.id}`,
    });
  }
  if (ladder.includes('usb') && session.info) requireResetRights(session.info);
  const unopened = await openForSoftSteps(session, options.force ?? false, ladder.includes('power'));
  const steps: StepReport[] = [];
  session.startRecovering();
  for (const step of ladder) {
    if (options.signal?.aborted) break;
    options.onStep?.(step);
    const startedAt = session.clock.now();
    const result = await climb(session, step, unopened, options);
    const report = { step, ...result, elapsedMs: Math.round(session.clock.now() - startedAt) };
    // Broken off, it proves nothing.
    if (options.signal?.aborted && report.outcome !== 'answered') break;
    steps.push(report);
    options.onStepDone?.(report);
    if (report.outcome === 'answered') return { recovered: true, recoveredBy: step, steps, tty: session.tty };
  }
  return { recovered: false, recoveredBy: null, steps, tty: session.tty };
}

/**
 * The steps that may be taken, in their order.
 * @throws ModemctlError USAGE: there is no such step
 */
export function ladderOf({ method, upTo = USUAL_TOP }: Pick<RecoverOptions, 'method' | 'upTo'>): readonly Step[] {
  const last = method ?? upTo;
  if (!STEPS.includes(last)) {
    throw new ModemctlError('USAGE', `there is no step "${last}"`, { hint: `The steps are ${STEPS.join(', ')}.` });
  }
  return method ? [method] : STEPS.slice(0, STEPS.indexOf(upTo) + 1);
}

/** @throws ModemctlError DENIED: we have no right to reset it, which is better told before it is needed */
export function requireResetRights(info: ModemInfo): void {
  if (info.virtual) return;
  const rights = canReset(info);
  if (rights.ok || rights.reason !== 'denied') return;
  throw new ModemctlError('DENIED', `a USB reset of ${info.model} at ${info.id} needs rights: ${rights.detail}`, {
    hint: rightsRemedy(info),
    details: { modem: info.id, node: info.usbfsNode },
  });
}

/** How an ordinary user comes by the rights for a USB reset: for good, and this once. Who may not even open the tty is not in the group yet. */
export function rightsRemedy({ id, state }: Pick<ModemInfo, 'id' | 'state'>): string {
  const forGood = state === 'denied' ? 'sudo modemctl setup --add-user   # then log in again' : 'sudo modemctl setup';
  return `${forGood}\nThat gives the rights for good; for this once: sudo modemctl reset -d ${id}`;
}

/** The error of a ladder that was climbed in vain. */
export function notRecovered(session: Session, { steps }: Pick<RecoveryReport, 'steps'>): ModemctlError {
  const details = { modem: session.id };
  if (steps.some(({ outcome }) => outcome === 'denied')) {
    return new ModemctlError('DENIED', `${session.name} does not answer, and rights for the next step are missing`, {
      hint: session.info ? rightsRemedy(session.info) : undefined,
      details,
    });
  }
  const refused = steps.find(({ outcome }) => outcome === 'refused');
  const why = refused ? `; ${refused.step} was refused: ${refused.detail}` : ', whatever was tried';
  return new ModemctlError('NOT_RECOVERED', `${session.name} does not answer${why}`, {
    hint: whatElse(session, steps),
    details,
  });
}

/** What people can do where no step helped. */
function whatElse({ info, id, place }: Session, steps: RecoveryReport['steps']): string {
  if (place === null) return `Switch it off, wait 10 s, switch it on again, then: modemctl -d ${id} at ATI3`;
  const again = `modemctl detect --wait 30s && modemctl -d ${id} at ATI3`;
  const lines = [`Unplug it, wait 10 s, plug it in again, then: ${again}`];
  if (!steps.some(({ step }) => step === 'power')) {
    lines.push(`Where nobody can do that: ${info?.virtual ? '' : 'sudo '}modemctl reset -d ${id} --up-to power`);
  }
  lines.push('If that does not help either, try another USB port, without a hub.');
  return lines.join('\n');
}

/** Opens the port for the steps that talk. Null if it is open; else why not, in words. */
async function openForSoftSteps(session: Session, force: boolean, mayBeAway: boolean): Promise<string | null> {
  const { info } = session;
  if (!info && session.place !== null) return 'it is away';
  if (info && !info.usable) return 'it has no tty';
  if (info && info.heldBy.length > 0 && force) {
    return `its tty is in use by ${info.heldBy.map(({ pid, command }) => `${command} (pid ${pid})`).join(', ')}`;
  }
  try {
    if (!session.isOpen) await session.open();
  } catch (error) {
    // A modem so far gone that it cannot even be opened is what the last step is for.
    if (isModemctlError(error, 'NOT_RESPONDING')) return error.message;
    // So is one that has left the bus, if its power may be switched.
    if (mayBeAway && isModemctlError(error, 'GONE')) return error.message;
    throw error;
  }
  if (!force) await session.refuseCall();
  return null;
}

async function climb(
  session: Session,
  step: Step,
  unopened: string | null,
  { signal, power = {}, onNote }: RecoverOptions,
): Promise<StepResult> {
  if (step === 'usb') return usbStep(session, signal);
  if (step === 'power') return powerStep(session, { policy: power, signal, onNote });
  if (!session.isOpen) return { outcome: 'skipped', detail: unopened ?? 'it is away' };
  try {
    if (step === 'escape' && !(await escapeToCommandState(session, signal))) {
      return { outcome: 'silent', detail: 'it takes no bytes' };
    }
    if (step === 'dtr' && !(await pulseDtr(session, signal))) {
      return { outcome: 'failed', detail: 'DTR could not be dropped' };
    }
    return await proof(session, signal);
  } catch (error) {
    if (!isModemctlError(error, 'GONE')) throw error;
    await session.close();
    return { outcome: 'failed', detail: 'it went away' };
  }
}
