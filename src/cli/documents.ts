/** The documents of `--json`: the fields that scripts rely on. The names are API. A document may have more. */
import type { RecoveryReport } from '../modem/recover.ts';
import type { CommandReport } from '../services/at-outcome.ts';
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

const RECOVERY_FIELDS: Fields<RecoveryReport> = {
  recovered: 'it answered AT',
  recoveredBy: 'the step that did it, or null',
  steps:
    'a list of `step`, `outcome` (`answered`, `silent`, `skipped`, `denied`, `refused`, `failed`), `detail`, `elapsedMs`',
  tty: 'where the modem is now',
};

/** What stands in a document besides the envelope, by command. */
export const DOCUMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  detect: { modems: 'a list of modems, as above' },
  tty: { modem: 'its id', tty: 'its path' },
  at: Object.fromEntries([
    ['commands', 'a list, up to the first that is neither OK nor CONNECT'],
    ...Object.entries(COMMAND_FIELDS).map(([name, meaning]) => [`commands[].${name}`, meaning]),
  ]),
  reset: { modem: 'its id', ...RECOVERY_FIELDS },
  dial: {
    modem: 'its id',
    number: 'what was dialled; of the phone book, its name',
    attempts: 'those that failed: a list of `result` and `elapsedMs`',
    connected: 'a call came up',
    connection: 'rate and protocols, as far as the modem told them',
    endedBy: '`us`, `farEnd`, `modemGone`, `signal`, `idle`, `maxTime`',
    connectedMs: 'how long it was up',
    bytesReceived: 'in the call',
    bytesSent: 'in the call',
    onHook: 'the line is proved free',
    recoveredBy: 'what it took to free the line: a step, or null',
    tty: 'where the modem is now',
  },
};
