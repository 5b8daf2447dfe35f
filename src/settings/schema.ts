/** Everything that may stand in a configuration file. Keys that feed an option are called as it is, with underscores. */
import { CALL_KEYS, DIALLING_KEYS, MAX_SPEED, PPP_ANSWERING_KEYS } from './call-keys.ts';
import type { KeySpec, SectionSpec } from './key-spec.ts';
import { COMMAND_LINE, RECOVERY } from './recovery-keys.ts';

const PORT = { pattern: /^[0-9]{1,3}-[0-9]{1,3}(\.[0-9]{1,3}){0,6}$/, name: 'USB port path; they look like 1-1.3' };
const VID_PID = { pattern: /^[0-9a-f]{4}:[0-9a-f]{4}$/i, name: 'VID:PID; they look like 0baf:0303' };
const COUNTRY = { pattern: /^[A-Za-z]{2}$/, name: 'country; they look like DE' };
const SELECTOR = { pattern: /^(?!-$)[^\x00-\x1f\x7f]{1,200}$/, name: 'selector' };

const country: KeySpec = {
  key: 'country',
  kind: 'text',
  form: COUNTRY,
  describe: 'the telephone network the modem is on, in two letters',
  example: '"DE"',
};

const recover: KeySpec = {
  key: 'recover',
  kind: 'flag',
  describe: 'bring a hung modem back, and wait for an unplugged one',
  option: 'recover',
  default: 'true',
  example: 'false',
};

/** What says which modem is meant; a modem has one of them. */
export const IDENTITY_KEYS: readonly string[] = ['port', 'id', 'serial'];

export const SECTIONS: readonly SectionSpec[] = [
  {
    name: '',
    named: false,
    describe: 'for every command',
    keys: [
      {
        key: 'device',
        kind: 'text',
        form: SELECTOR,
        describe: 'the modem that is meant where none is named: a selector, as for -d',
        example: '"fax"',
      },
      country,
      {
        key: 'allow',
        kind: 'texts',
        form: SELECTOR,
        describe: 'only these modems are used without being named, and kept by "watch"',
        example: '["fax", "1-1.4"]',
      },
      {
        key: 'deny',
        kind: 'texts',
        form: SELECTOR,
        describe: 'these modems are not used without being named, nor kept by "watch"',
        example: '["0572:1340"]',
      },
    ],
  },
  {
    name: 'modem',
    named: true,
    describe: 'a modem by a name of yours, which is a selector; one of port, id and serial says which it is',
    keys: [
      { key: 'port', kind: 'text', form: PORT, describe: 'the USB port it is plugged into', example: '"1-1.2"' },
      {
        key: 'id',
        kind: 'text',
        form: VID_PID,
        describe: 'its USB id, wherever it is plugged in',
        example: '"0baf:0303"',
      },
      { key: 'serial', kind: 'text', form: SELECTOR, describe: 'its serial number', example: '"0002"' },
      country,
      {
        key: 'init',
        kind: 'texts',
        form: { pattern: /\S/, name: 'AT command' },
        describe: 'AT commands that set it up, after our own, before calls and after each reset',
        example: '["ATX3", "ATS11=60"]',
      },
      {
        key: 'power_command',
        kind: 'text',
        form: COMMAND_LINE,
        describe: 'switches its power, instead of the one in [recovery]',
        runs: true,
        example: '"/usr/local/bin/relay 3"',
      },
    ],
  },
  {
    name: 'at',
    named: false,
    describe: 'defaults of "at"',
    keys: [
      {
        key: 'timeout',
        kind: 'duration',
        min: 1,
        describe: 'for each command',
        option: 'timeout',
        default: '5s; for D, A and O: S7 + 30s',
        example: '"10s"',
      },
      DIALLING_KEYS.find(({ key }) => key === 'recover')!,
    ],
  },
  { name: 'dial', named: false, describe: 'defaults of "dial"', keys: DIALLING_KEYS },
  {
    name: 'number',
    named: true,
    describe: 'the phone book: "modemctl dial @NAME". All other keys of [dial] may stand here too',
    keys: [
      {
        key: 'number',
        kind: 'text',
        form: { pattern: /\d|[*#]/, name: 'number to dial' },
        describe: 'what is dialled; shown nowhere unless asked for',
        secret: true,
        example: '"0049 30 5550137"',
      },
      { key: 'modem', kind: 'text', form: SELECTOR, describe: 'by this modem: a selector', example: '"fax"' },
      {
        key: 'chat',
        kind: 'texts',
        describe: 'a script in the language of chat(8), line by line; a text alone is the path of a file',
        secret: true,
        example: '["ogin: pi", "word: \\\\qsecret"]',
        unless: ['chat'],
      },
      { ...MAX_SPEED, key: 'speed' },
      ...DIALLING_KEYS.filter(({ key }) => key !== MAX_SPEED.key),
    ],
  },
  {
    name: 'answer',
    named: false,
    describe: 'defaults of "answer"',
    keys: [
      {
        key: 'rings',
        kind: 'whole',
        min: 1,
        max: 100,
        describe: 'answer at this ring',
        option: 'rings',
        default: '2',
        example: '3',
        unless: ['now'],
      },
      { key: 'max_time', kind: 'duration', describe: 'end a call after this long', option: 'maxTime', example: '"1h"' },
      {
        key: 'idle',
        kind: 'duration',
        describe: 'end a call in which nothing has come or gone for this long',
        option: 'idle',
        example: '"10m"',
      },
      {
        key: 'allow',
        kind: 'texts',
        describe: 'answer these callers only: numbers as caller ID shows them, 0049*, private, unknown',
        option: 'allow',
        secret: true,
        example: '["5550137", "0049*"]',
      },
      {
        key: 'deny',
        kind: 'texts',
        describe: 'do not answer these',
        option: 'deny',
        secret: true,
        example: '["0900*"]',
      },
      recover,
      ...CALL_KEYS,
      ...PPP_ANSWERING_KEYS,
    ],
  },
  {
    name: 'watch',
    named: false,
    describe: 'defaults of "watch"',
    keys: [
      {
        key: 'exec',
        kind: 'text',
        form: COMMAND_LINE,
        describe: 'run this for each event: a file, or a line for /bin/sh',
        option: 'exec',
        runs: true,
        example: '"/usr/local/bin/on-call"',
      },
      {
        key: 'exec_limit',
        kind: 'duration',
        describe: 'kill a hook that takes longer',
        option: 'execLimit',
        default: '1m',
        example: '"10s"',
      },
      recover,
    ],
  },
  RECOVERY,
];

/** The section of this name; of `modem.fax` that of modems. */
export function sectionNamed(name: string): SectionSpec | undefined {
  const [kind = '', ...rest] = name.split('.');
  return SECTIONS.find((section) => section.name === kind && section.named === rest.length > 0);
}
