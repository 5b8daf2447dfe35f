/** The ladder's last rung, taken only when named: the power of the modem's port off and on again. It works on a modem that has left the bus. */
import type { Clock } from '../core/clock.ts';
import { isModemctlError, ModemctlError } from '../core/errors.ts';
import { listVirtualModems } from '../core/virtual-registry.ts';
import { cyclePower } from '../usb/power/cycle.ts';
import { OFF_MS, type PowerPlan, type PowerPolicy, planPower } from '../usb/power/plan.ts';
import { countPowerCycle, MOST_AN_HOUR } from '../usb/power/power-log.ts';
import type { PowerWay } from '../usb/power/ways.ts';
import { askVirtual } from '../usb/virtual-control.ts';
import { comeBack, RETURN_LIMIT_MS } from './come-back.ts';
import { proof, type StepResult } from './proof.ts';
import type { Session } from './session.ts';

export interface PowerStepOptions {
  readonly policy: PowerPolicy;
  readonly signal: AbortSignal | undefined;
  /** What else loses power is told before it does. */
  readonly onNote: ((note: string) => void) | undefined;
}

/** @throws ModemctlError GONE: another device has its place afterwards */
export async function powerStep(session: Session, options: PowerStepOptions): Promise<StepResult> {
  const { policy, signal, onNote } = options;
  const plan = await planPowerAt(session.place ?? session.id, policy, session.clock);
  if (!plan.ok) return { outcome: plan.code === 'DENIED' ? 'denied' : 'refused', detail: plan.why };
  const id = session.place ?? session.id;
  const refused = refusal(id, isVirtual(session));
  if (refused !== null) return { outcome: 'refused', detail: refused };
  if (plan.others.length > 0) onNote?.(`power goes off for these too, or may: ${plan.others.join(', ')}`);
  // Notices the moment the tty dies, and lets go of it.
  if (session.isOpen) session.conversation.drain(RETURN_LIMIT_MS, RETURN_LIMIT_MS).catch(() => {});
  const { offMs = OFF_MS } = policy;
  const { clock } = session;
  const trouble = await cyclePower(plan.way, { clock, offMs, signal, onOff: () => session.close() });
  await session.close();
  if (trouble) return { outcome: trouble.denied ? 'denied' : 'failed', detail: trouble.detail };
  const back = await returned(session, signal);
  return { ...back, detail: [`by ${plan.way.name}`, back.detail].filter(Boolean).join('; ') };
}

/**
 * What stands in the way of switching its power is better told before it is needed.
 * @throws ModemctlError USAGE (something that the machine needs would lose power too), HELPER (there is no way to do it), DENIED
 */
export async function requirePower(session: Session, policy: PowerPolicy): Promise<void> {
  const plan = await planPowerAt(session.place ?? session.id, policy, session.clock);
  if (plan.ok) return;
  const details = { modem: session.id };
  throw new ModemctlError(plan.code, `power of ${session.name} is not switched: ${plan.why}`, {
    hint: plan.hint,
    details,
  });
}

function refusal(id: string, virtual: boolean): string | null {
  try {
    return countPowerCycle(id, virtual) ? null : `its power was switched ${MOST_AN_HOUR} times within the last hour`;
  } catch (error) {
    if (isModemctlError(error)) return error.message;
    throw error;
  }
}

/** As planPower does it, also for the virtual modems' own way. */
export async function planPowerAt(id: string, policy: PowerPolicy, clock: Clock): Promise<PowerPlan> {
  const virtual = listVirtualModems().find(({ name }) => name === id);
  if (virtual && policy.command === undefined) return { ok: true, way: virtualWay(virtual.control), others: [] };
  return planPower(id, policy, { clock });
}

/** Its process does it at one go; nothing stays off if we are killed. */
function virtualWay(control: string): PowerWay {
  return {
    name: 'its control socket',
    turn: async (state, clock) => {
      const trouble = state === 'off' ? null : await askVirtual(control, 'power-cycle', clock);
      return trouble === null ? null : { denied: false, detail: trouble };
    },
    will: null,
  };
}

function isVirtual(session: Session): boolean {
  return listVirtualModems().some(({ name }) => name === session.place);
}

async function returned(session: Session, signal: AbortSignal | undefined): Promise<StepResult> {
  const { info, place, clock } = session;
  if (place !== null) return comeBack(session, info ?? { id: place }, signal);
  // A modem at a serial port: its tty never went.
  await session.open();
  const end = clock.now() + RETURN_LIMIT_MS;
  for (;;) {
    const proved = await proof(session, signal);
    if (proved.outcome === 'answered' || clock.now() >= end || signal?.aborted) return proved;
  }
}
