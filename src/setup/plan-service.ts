/** What setting up a service does, step by step, as data. */
import { join } from 'node:path';
import type { SetupStep } from './plan.ts';
import { UNIT_FOLDER } from './service-unit.ts';

export interface ServicePlan {
  readonly unit: string;
  readonly text: string;
  /** False: systemd is installed and does not run (an image being built): it is enabled, and starts with the next boot. */
  readonly systemdRuns: boolean;
}

/** Where systemd says that it runs (sd_booted(3)). */
export const SYSTEMD_RUNS = '/run/systemd/system';

/** TimeoutStartSec= of the unit, the time to stop the one before, and some. */
const START_LIMIT_MS = 300_000;
/** TimeoutStopSec= twice, for the program and for what it left to be done. */
const STOP_LIMIT_MS = 90_000;

/** Also where it was set up before, with other options: it is written anew and started again. */
export function planService({ unit, text, systemdRuns }: ServicePlan): SetupStep[] {
  return [
    { kind: 'write', path: unitPath(unit), text },
    ...reload(systemdRuns),
    systemctl('enable', unit),
    ...(systemdRuns ? [{ ...systemctl('restart', unit), limitMs: START_LIMIT_MS }] : []),
  ];
}

/** Nothing is left, not its state "failed" either, which would keep it in systemd's lists. */
export function planServiceRemoval(unit: string, { systemdRuns }: Pick<ServicePlan, 'systemdRuns'>): SetupStep[] {
  const stop = [{ ...systemctl('stop', unit), limitMs: STOP_LIMIT_MS }, systemctl('reset-failed', unit)];
  return [
    ...(systemdRuns ? stop : []),
    systemctl('disable', unit),
    { kind: 'remove', path: unitPath(unit) },
    ...reload(systemdRuns),
  ];
}

export function unitPath(unit: string): string {
  return join(UNIT_FOLDER, unit);
}

function reload(systemdRuns: boolean): SetupStep[] {
  return systemdRuns ? [{ kind: 'run', command: ['systemctl', 'daemon-reload'] }] : [];
}

function systemctl(verb: string, unit: string): Extract<SetupStep, { kind: 'run' }> {
  // A name never looks like an option: it begins with "modemctl".
  return { kind: 'run', command: ['systemctl', verb, unit] };
}
