/** What a call is to be like, in the options of `dial` and `answer`. */
import { MODULATIONS, parseModulation } from '../at/modulation.ts';
import { parseDuration } from '../core/duration.ts';
import { ModemctlError } from '../core/errors.ts';
import type { CallOptions } from '../modem/call-settings.ts';
import type { Invocation, OptionSpec } from './command.ts';

export const CALL_OPTIONS: readonly OptionSpec[] = [
  { flags: '--country <code>', describe: 'two letters (DE, US, GB): the telephone network the modem is on' },
  { flags: '--max-speed <bit/s>', describe: 'no faster on the line: for poor lines and VoIP', parse: parseWhole },
  {
    flags: '--modulation <name>',
    describe: `this one only: ${MODULATIONS.join(', ')}`,
    parse: (text) => parseModulation(text),
  },
  { flags: '--no-error-correction', describe: 'neither V.42 nor MNP' },
  { flags: '--no-compression', describe: 'neither V.42bis, V.44 nor MNP5' },
  { flags: '--speaker <when>', describe: "the modem's speaker", choices: ['off', 'carrier', 'on'] },
  { flags: '--volume <0-3>', describe: 'of the speaker', parse: parseWhole },
  { flags: '--wait <duration>', describe: 'for a carrier (default 60s, at most 255s)', parse: parseDuration },
];

const SPEAKER: Readonly<Record<string, NonNullable<CallOptions['speaker']>>> = {
  off: 'off',
  carrier: 'untilCarrier',
  on: 'on',
};

/** What the options say of the call. */
export function callOptions(options: Invocation['options']): CallOptions {
  return {
    maxSpeed: options.maxSpeed as number | undefined,
    modulation: options.modulation as CallOptions['modulation'],
    errorControl: options.errorCorrection === false ? false : undefined,
    compression: options.compression === false ? false : undefined,
    speaker: SPEAKER[(options.speaker as string | undefined) ?? ''],
    volume: options.volume as number | undefined,
    carrierWaitMs: options.wait as number | undefined,
  };
}

/** @throws ModemctlError USAGE */
export function parseWhole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ModemctlError('USAGE', `"${text}" is not a whole number`);
}
