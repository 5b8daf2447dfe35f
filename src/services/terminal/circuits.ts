/** The circuits for people. */
import type { Circuits } from '../../tty/port.ts';

/** `DSR on, DCD off, RI unknown`; null: a port that has none. */
export function describeCircuits(circuits: Circuits | null): string {
  if (circuits === null) return 'circuits: none (a pseudo-terminal)';
  const name = (state: boolean | null) => (state === null ? 'unknown' : state ? 'on' : 'off');
  return `DSR ${name(circuits.dsr)}, DCD ${name(circuits.dcd)}, RI ${name(circuits.ri)}`;
}
