/** `-d -`: the modem is on our stdin and stdout, as for pppd's `connect`. What we have to say goes to stderr then. */
import { ModemctlError } from '../core/errors.ts';
import type { CommonOptions } from './context.ts';

/** The selector. */
export const STDIO = '-';

export function isOnStdio({ device }: Pick<CommonOptions, 'device'>): boolean {
  return device === STDIO;
}

/** @throws ModemctlError USAGE */
export function refuseJsonOnStdio(common: CommonOptions): void {
  if (!common.json || !isOnStdio(common)) return;
  throw new ModemctlError('USAGE', 'with -d - stdout is the modem, and no place for a document', {
    hint: 'Have a report in a file: modemctl dial -d - --report FILE ...',
  });
}
