/** Faults: what may befall a modem, and how it ends. */
import { MISBEHAVIOURS } from '../../dist/virtual/misbehaviour/catalogue.js';
import { pause } from './wait.js';

/** What a replug, all there is on a PTY in place of a USB reset, does not cure. */
const NEEDS_POWER = new Set(['dead-after-reset', 'dead-until-power', 'wedged']);
/** Hangs: the product has to notice, and to bring the modem back. */
const HANGS = new Set([
  'silent',
  'stalled',
  'wedged',
  'stuck-voice',
  'stuck-data',
  'stuck-call',
  'garbage',
  'vanish',
  'renumber',
]);

/** A fault, by chance: its kind, and when it begins after what it is to disturb. */
export function chooseFault(random, latestMs) {
  const afterMs = random.chance(0.3) ? 0 : random.whole(0, latestMs);
  const sort = random.whole(0, 9);
  if (sort === 0) return { kind: 'unplug', afterMs, backAfterMs: random.whole(100, 1500) };
  if (sort === 1) return { kind: 'replug', afterMs };
  if (sort === 2) return { kind: 'cut', afterMs };
  const name = random.pick(Object.keys(MISBEHAVIOURS));
  const counts = MISBEHAVIOURS[name].value?.name === 'N' && name !== 'garbage';
  return { kind: counts && random.chance(0.7) ? `${name}=${random.whole(1, 12)}` : name, afterMs };
}

export const nameOf = ({ kind }) => kind.split('=')[0];
export const needsPower = (fault) => NEEDS_POWER.has(nameOf(fault));
export const isHang = (fault) => HANGS.has(nameOf(fault));

/** Makes it happen, after its time. Returns the span in the journal, not yet over. */
export async function inflict(journal, modem, fault) {
  await pause(fault.afterMs);
  const span = journal.begins(modem.name, fault.kind);
  journal.count('faults');
  journal.count(`fault: ${nameOf(fault)}`);
  if (fault.kind === 'unplug') {
    await modem.perform({ do: 'unplug' });
    await pause(fault.backAfterMs);
    await modem.perform({ do: 'plug' });
  } else if (fault.kind === 'replug') {
    // One that is dead until its power is cycled does not come back.
    await modem.perform({ do: 'replug' }).catch(() => modem.perform({ do: 'power-cycle' }));
  } else if (fault.kind === 'cut') await modem.perform({ do: 'cut' });
  else modem.misbehave(fault.kind);
  return span;
}
