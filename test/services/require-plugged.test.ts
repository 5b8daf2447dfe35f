import { expect, it } from 'vitest';
import type { RecoveryReport, StepReport } from '../../src/modem/recover.ts';
import type { Session } from '../../src/modem/session.ts';
import { requirePlugged } from '../../src/services/require-plugged.ts';

/** No machine has a port of that name. */
const away = { name: 'USR5637 at 999-1', info: { id: '999-1', virtual: false } } as unknown as Session;

function report(...steps: [StepReport['step'], StepReport['outcome']][]): RecoveryReport {
  return {
    recovered: false,
    recoveredBy: null,
    steps: steps.map(([step, outcome]) => ({ step, outcome, detail: null, elapsedMs: 0 })),
    tty: null,
  };
}

it('whose plug was pulled before anything was done to it will be put in again', () => {
  expect(() => requirePlugged(away, report(['at', 'failed'], ['usb', 'skipped']))).toThrow('went away');
  expect(() => requirePlugged(away, report(['at', 'silent']))).toThrow('went away');
});

it('who does not come back from a reset is given up on', () => {
  requirePlugged(away, report(['at', 'silent'], ['usb', 'failed']));
  requirePlugged(away, report(['usb', 'skipped'], ['power', 'failed']));
});
