/** Opens a tty as a Port: nobody else has it, everybody else sees that we do. */
import { type Clock, TIMED_OUT, within } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import { unlessAborted } from '../core/unless-aborted.ts';
import { loadSerial } from '../native/serial.ts';
import { areOurs, findHolders, type Holder } from './holders.ts';
import { lockTty, type TtyLock } from './lock.ts';
import type { Port } from './port.ts';
import { howToEnd } from './process-unit.ts';
import { SerialTtyPort } from './serial-port.ts';

export interface OpenPortOptions {
  readonly clock: Clock;
  /** Open although another program has it. */
  readonly force?: boolean | undefined;
  /** Default 115200; USB modems ignore it. */
  readonly baudRate?: number | undefined;
  /** A process that does not count as a holder: a virtual modem's own. */
  readonly exclude?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

export interface OpenedPort {
  readonly port: Port;
  readonly lock: TtyLock | null;
  /** What was not as it should be (a lock folder that cannot be written), in words. */
  readonly notes: readonly string[];
}

const BAUD_RATE = 115_200;
/** The kernel gives a modem 5 s to take DTR at open (USB_CTRL_SET_TIMEOUT). */
const OPEN_LIMIT_MS = 10_000;

/**
 * @throws ModemctlError IN_USE, DENIED, GONE, NOT_RESPONDING
 */
export async function openPort(tty: string, options: OpenPortOptions): Promise<OpenedPort> {
  const { clock, force = false, baudRate = BAUD_RATE, exclude = [], signal } = options;
  const holders = findHolders(tty, { exclude }).filter((holder) => !holder.waiting);
  if (holders.length > 0 && !force) throw inUse(tty, holders);
  const { lock, held } = await lockTty(tty, { clock, signal });
  if (held && !force) throw inUse(tty, [held]);
  try {
    // Whoever was asked to end already opens it to end a call.
    const hurry = signal?.aborted ? undefined : signal;
    const openSerial = await loadSerial();
    const opening = openSerial({ path: tty, baudRate, lock: holders.length === 0 });
    const binding = await unlessAborted(hurry ? [hurry] : [], within(clock, OPEN_LIMIT_MS, opening));
    if (binding === TIMED_OUT || binding === null) {
      // The kernel may still let it through, when nobody is left to use it.
      opening.then((late) => new SerialTtyPort(tty, late, clock, baudRate).close()).catch(() => {});
      if (binding === null) throw hurry?.reason;
      throw new ModemctlError('NOT_RESPONDING', `${tty} could not be opened within ${OPEN_LIMIT_MS / 1000} s`, {
        hint: 'modemctl reset',
        details: { tty },
      });
    }
    const port = new SerialTtyPort(tty, binding, clock, baudRate);
    await port.claim();
    const others = holders.length > 0 ? [`${namesOf(holders)} has ${tty} too, and may take answers meant for us`] : [];
    return { port, lock: lock ?? null, notes: [...others, ...(lock?.notes ?? [])] };
  } catch (error) {
    lock?.release();
    if (signal?.aborted && error === signal.reason) throw error;
    throw openError(tty, error);
  }
}

/** "held by picocom (pid 812)" as an error. */
export function inUse(tty: string, holders: ReadonlyArray<Pick<Holder, 'pid' | 'command'>>): ModemctlError {
  const advice = areOurs(holders) ? 'Wait until it is done, or end it' : 'End that program first';
  return new ModemctlError('IN_USE', `${tty} is in use by ${namesOf(holders)}`, {
    hint: `${advice}: ${howToEnd(holders.map(({ pid }) => pid))}`,
    details: { tty, heldBy: holders.map(({ pid, command }) => ({ pid, command })) },
  });
}

/** Whom the error of opening a tty names, here or in another process of ours. */
export function holdersIn({ details }: ModemctlError): ReadonlyArray<Pick<Holder, 'pid' | 'command'>> {
  return (details as { readonly heldBy?: ReadonlyArray<Pick<Holder, 'pid' | 'command'>> }).heldBy ?? [];
}

function namesOf(holders: ReadonlyArray<Pick<Holder, 'pid' | 'command'>>): string {
  return holders.map(({ pid, command }) => `${command} (pid ${pid})`).join(', ');
}

/** serialport's texts as our codes. They are English whatever the locale: Node does not set one. */
function openError(tty: string, thrown: unknown): ModemctlError {
  if (thrown instanceof ModemctlError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const details = { tty };
  const cause = thrown;
  if (/Permission denied/.test(text)) {
    // A pseudo-terminal is of no group that one could join.
    const hint = tty.startsWith('/dev/pts/')
      ? "It is another user's: do the same as that user, or with sudo."
      : 'Give yourself the right, then log in again: sudo usermod -aG dialout "$USER"';
    return new ModemctlError('DENIED', `no right to open ${tty}`, { hint, details, cause });
  }
  if (/Cannot lock port|Device or resource busy/.test(text)) {
    const holders = findHolders(tty);
    if (holders.length > 0) return inUse(tty, holders);
    const hint = `Find out by whom: sudo fuser -v ${tty}`;
    return new ModemctlError('IN_USE', `${tty} is in use by another program`, { hint, details, cause });
  }
  if (/No such file|No such device|Input\/output error/.test(text)) {
    return new ModemctlError('GONE', `the modem at ${tty} went away`, { hint: 'modemctl detect', details, cause });
  }
  if (/Inappropriate ioctl/.test(text)) {
    return new ModemctlError('USAGE', `${tty} is not a serial device`, { hint: 'modemctl detect', details, cause });
  }
  return new ModemctlError('NOT_RESPONDING', `${tty} cannot be opened: ${text}`, {
    hint: 'modemctl reset',
    details,
    cause,
  });
}
