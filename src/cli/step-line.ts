/** A step of the ladder, told on a line. */
import { formatDuration } from '../core/duration.ts';
import type { StepReport } from '../modem/recover.ts';
import type { Colours } from './colour.ts';

export function stepLine({ green, yellow }: Colours, { step, outcome, detail, elapsedMs }: StepReport): string {
  const colour = outcome === 'answered' ? green : yellow;
  return `${step.padEnd(7)} ${colour(outcome)}${detail ? `: ${detail}` : ''} (${formatDuration(elapsedMs)})`;
}
