/** Keys of `[dial]`, `[answer]` and `[number.NAME]` that say what a call is to be like. */
import type { KeySpec } from './key-spec.ts';

export const MAX_SPEED: KeySpec = {
  key: 'max_speed',
  kind: 'whole',
  min: 300,
  max: 56_000,
  describe: 'no faster on the line, in bit/s: for poor lines and VoIP',
  option: 'maxSpeed',
  example: '9600',
};

export const CALL_KEYS: readonly KeySpec[] = [
  MAX_SPEED,
  {
    key: 'modulation',
    kind: 'text',
    describe: 'this one only, as --modulation has them',
    option: 'modulation',
    example: '"V.32bis"',
  },
  {
    key: 'error_correction',
    kind: 'flag',
    describe: 'V.42 or MNP',
    option: 'errorCorrection',
    default: 'true',
    example: 'false',
  },
  {
    key: 'compression',
    kind: 'flag',
    describe: 'V.42bis, V.44 or MNP5',
    option: 'compression',
    default: 'true',
    example: 'false',
  },
  {
    key: 'speaker',
    kind: 'choice',
    choices: ['off', 'carrier', 'on'],
    describe: "when the modem's speaker is on",
    option: 'speaker',
    example: '"off"',
  },
  { key: 'volume', kind: 'whole', min: 0, max: 3, describe: 'of the speaker', option: 'volume', example: '1' },
  {
    key: 'wait',
    kind: 'duration',
    min: 1000,
    max: 255_000,
    describe: 'for a carrier',
    option: 'wait',
    default: '60s',
    example: '"90s"',
  },
];

const ip: KeySpec = {
  key: 'ip',
  kind: 'text',
  describe: 'with --ppp: the addresses of the link, LOCAL:REMOTE; either may be empty',
  option: 'ip',
  onlyWith: 'ppp',
  example: '"10.64.0.1:10.64.0.2"',
};

export const PPP_ANSWERING_KEYS: readonly KeySpec[] = [
  ip,
  {
    key: 'dns',
    kind: 'texts',
    describe: 'with --ppp: tell the far end these name servers',
    option: 'dns',
    onlyWith: 'ppp',
    example: '["9.9.9.9"]',
  },
  {
    key: 'share',
    kind: 'flag',
    describe: 'with --ppp: let the far end use our network while the link is up',
    option: 'share',
    onlyWith: 'ppp',
    example: 'true',
  },
];

export const DIALLING_KEYS: readonly KeySpec[] = [
  { key: 'prefix', kind: 'text', describe: 'dialled first, for an outside line', option: 'prefix', example: '"0W"' },
  { key: 'pulse', kind: 'flag', describe: 'pulse instead of tone dialling', option: 'pulse', example: 'true' },
  {
    key: 'blind',
    kind: 'flag',
    describe: 'dial without waiting for a dial tone (VoIP adapter, PBX, line simulator)',
    option: 'blind',
    example: 'true',
  },
  {
    key: 'tries',
    kind: 'whole',
    min: 1,
    max: 100,
    describe: 'dial up to this many times',
    option: 'tries',
    default: '1',
    example: '3',
  },
  {
    key: 'retry_delay',
    kind: 'duration',
    describe: 'between two tries',
    option: 'retryDelay',
    default: '1m',
    example: '"2m"',
  },
  {
    key: 'retry_on',
    kind: 'texts',
    describe: 'dial again after these outcomes only',
    option: 'retryOn',
    default: '["busy", "no-answer"]',
    example: '["busy", "no-answer", "no-carrier"]',
  },
  {
    key: 'idle',
    kind: 'duration',
    describe: 'end the call when stdin has ended and nothing has come for this long',
    option: 'idle',
    default: '60s',
    example: '"30s"',
  },
  {
    key: 'recover',
    kind: 'flag',
    describe: 'bring a modem that does not answer back first',
    option: 'recover',
    example: 'true',
  },
  ...CALL_KEYS,
  {
    key: 'user',
    kind: 'text',
    form: { pattern: /^\S+$/, name: 'name' },
    describe: "with --ppp: who we are; the secret is in pppd's own files",
    option: 'user',
    onlyWith: 'ppp',
    example: '"pi"',
  },
  {
    key: 'default_route',
    kind: 'flag',
    describe: 'with --ppp: send all traffic over the link, and use its name servers',
    option: 'defaultRoute',
    onlyWith: 'ppp',
    example: 'true',
  },
  ip,
];
