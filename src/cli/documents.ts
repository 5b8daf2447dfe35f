/** The documents of `--json`: the fields that scripts rely on. The names are API. A document may have more. */
import type { RecoveryReport } from '../modem/recover.ts';
import type { CommandReport } from '../services/at-outcome.ts';
import type { Finding } from '../services/doctor/finding.ts';
import type { CatalogueRow } from '../usb/catalogue/row.ts';
import type { ModemInfoJson } from '../usb/modem-info.ts';

type Fields<Of> = Readonly<Record<keyof Of, string>>;

/** In every document. */
export const ENVELOPE = {
  schemaVersion: '1',
  ok: 'true exactly when the exit code is 0',
  error: 'where ok is false: `code` (a name of the exit codes), `message`, `hint` (what to do, or null), `details`',
};

/** A modem, in `detect` and in events. */
export const MODEM_FIELDS: Fields<ModemInfoJson> = {
  id: "the USB port path (`1-1.2`), or a virtual modem's name",
  vendorId: 'four lower-case hex digits',
  productId: 'the same',
  manufacturer: "the device's own text, or null",
  product: 'the same',
  serial: 'the same',
  model: 'what is on the box, or what the device calls itself',
  kind: '`controller`, `softmodem`, `unknown`',
  usable: 'Linux gave it a tty',
  state: '`ready`, `busy`, `denied`, `no-tty`, `no-driver`, `no-power`, `softmodem`',
  reason: 'null, or why it is not ready, in words',
  tty: 'its path, or null',
  driver: "the kernel's, or null",
  bus: 'USB bus number; null for a virtual modem',
  address: 'USB address; null for a virtual modem',
  heldBy: 'who has its tty: a list of `pid` and `command`',
  virtual: 'it is played by `modemctl virtual`',
};

const COMMAND_FIELDS: Fields<CommandReport> = {
  command: 'as it was sent, with AT',
  lines: 'information text; a list',
  result: 'the result code: `OK`, `ERROR`, `CONNECT 33600/ARQ`; null: none came in time',
  elapsedMs: 'how long it took',
};

const MODEL_FIELDS: Fields<Omit<CatalogueRow, 'family' | 'quirks'>> & { readonly verdict: string } = {
  vendorId: 'four lower-case hex digits; null: known by name only',
  productId: 'the same',
  model: 'what is on the box',
  aliases: 'other names of it; a list',
  chip: 'or null',
  kind: '`controller`, `softmodem`, `unknown`',
  verdict: '`works`, `never` (a winmodem), `unknown`',
  driver: "the kernel's module, or null",
  fax: 'classes, a list; null: nobody reported',
  voice: 'true or false; null: nobody reported',
  callerId: 'the same',
  confidence: 'how sure identity and driver are: `high`, `medium`, `low`',
  sources: 'who says so; a list',
};

const FINDING_FIELDS: Fields<Omit<Finding, 'fix'>> = {
  check: 'what was looked at, by name',
  verdict: '`ok`, `warn`, `fail`, `unknown` (it could not be looked at)',
  text: 'how it is, in words',
  remedy: 'a command that can be pasted, or a sentence; null: nothing to do',
};

const RECOVERY_FIELDS: Fields<RecoveryReport> = {
  recovered: 'it answered AT',
  recoveredBy: 'the step that did it, or null',
  steps:
    'a list of `step`, `outcome` (`answered`, `silent`, `skipped`, `denied`, `refused`, `failed`), `detail`, `elapsedMs`',
  tty: 'where the modem is now',
};

const CALL_FIELDS = {
  connected: 'a call came up',
  connection: 'rate and protocols, as far as the modem told them',
  endedBy: '`us`, `farEnd`, `modemGone`, `signal`, `idle`, `maxTime`',
  connectedMs: 'how long it was up',
  bytesReceived: 'in the call',
  bytesSent: 'in the call',
  onHook: 'the line is proved free',
  recoveredBy: 'what it took to free the line: a step, or null',
  tty: 'where the modem is now',
};

const SERVICE_FIELDS = {
  dryRun: 'nothing was done',
  unit: 'the name of the systemd unit',
  steps: 'what was done: a list of `kind`, and what belongs to it',
};

const ofEach = (list: string, fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, meaning]) => [`${list}[].${name}`, meaning]));

/** What stands in a document besides the envelope, by command. */
export const DOCUMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  detect: { modems: 'a list of modems, as above' },
  tty: { modem: 'its id', tty: 'its path' },
  info: {
    modem: 'its id',
    tty: 'its path',
    identity: 'the modem, as above',
    family: 'of chips: `id`, `name`',
    firmware: '`text`, `version`; null: the modem does not tell',
    faults: 'what is known to be wrong with this firmware, in words; a list',
    capabilities: 'what the standard commands answer: a list of `command`, `about`, `lines`, `result`',
    registers: 'S-registers and their values, by number',
    screens: 'what the commands of this family answer; as `capabilities`',
  },
  health: {
    modem: 'its id',
    tty: 'its path, or null',
    state:
      '`ready`, `in-call`, `armed`, `held`, `silent`, `stuck-data`, `stuck-voice`, `stalled`, `no-tty`, `denied`, `gone`',
    heldBy: 'who has its tty, where that kept us from it: a list of `pid` and `command`',
    keptBy: 'the command of ours that keeps it, or null',
    lastAnswerAt: 'when it last answered AT, as that command knows, or null',
    lastCallAt: 'when its last call began, or null',
    ringsWithoutCallerId: 'since caller ID last came, or null',
    recoveries24h: 'in the last 24 hours, or null',
  },
  doctor: {
    modems: 'the ids of those that were looked at; a list',
    findings: 'a list',
    'findings[].modem': 'its id; null: of the machine',
    ...ofEach('findings', FINDING_FIELDS),
    'findings[].fixable': '`--fix` can do it',
  },
  models: { models: 'a list', ...ofEach('models', MODEL_FIELDS) },
  at: {
    commands: 'a list, up to the first that is neither OK nor CONNECT',
    ...ofEach('commands', COMMAND_FIELDS),
  },
  init: {
    modem: 'its id',
    purpose: 'what it was set up for',
    items: 'a list of `command`, `sets`, `required`, `result`',
    fit: 'all that is required was taken',
    family: 'of chips',
    saved: 'it was stored in the modem',
  },
  exec: {
    modem: 'its id',
    program: 'what was run',
    programExit: 'its exit code, or null',
    programSignal: 'the signal that ended it, or null',
    ready: 'the line is proved free, and the modem answers AT',
    tty: 'where the modem is now',
  },
  reset: { modem: 'its id', ...RECOVERY_FIELDS },
  dial: {
    modem: 'its id',
    number: 'what was dialled; of the phone book, its name',
    attempts: 'those that failed: a list of `result` and `elapsedMs`',
    ...CALL_FIELDS,
  },
  term: {
    modem: 'its id',
    endedBy: '`quit`, `hungUp`, `linkOver`, `terminalGone`, `signal`; null: it never began',
    kept: 'the line was left as it was (`--keep`)',
    onHook: 'the modem answers, and is on-hook; null: nobody looked',
    tty: 'where the modem was',
    bytesReceived: 'from the modem, its answers too',
    bytesSent: 'to the modem, commands too',
  },
  'answer --once': {
    modem: 'its id',
    calls: 'how many came up',
    missed: 'that ended unanswered',
    refused: 'by `--allow` and `--deny`',
    caller: 'who called, as in events; null: not told',
    ...CALL_FIELDS,
  },
  hangup: {
    modem: 'its id',
    onHook: 'the line is proved free',
    hadCarrier: 'a call was up; null: the circuits do not tell',
    tty: 'where the modem is now',
  },
  setup: {
    dryRun: 'nothing was done',
    steps: 'what was done: a list of `kind`, and what belongs to it',
  },
  'setup answer': SERVICE_FIELDS,
  'setup watch': SERVICE_FIELDS,
  'config check': {
    files: 'those that were read; a list',
    faults: 'a list of `file`, `line`, `column`, `section`, `message`, `hint`',
    modems: 'of the configuration: a list of `name`, `modem`, `plugged`, `power`',
  },
  'config show': {
    files: 'those that were read; a list',
    settings: 'a list of `section`, `key`, `value`, `origin`',
  },
  virtual: {
    modems: 'a list; printed as soon as they can be used',
    'modems[].name': 'its id for `-d`',
    'modems[].model': 'as in `--model`',
    'modems[].tty': 'its path; null: on USB, or a winmodem',
    'modems[].number': 'its telephone number; null: a winmodem',
    'modems[].control': 'the path of its control socket',
    usbipPort: 'TCP port of USB/IP; null on PTYs',
  },
};
