/** The word of our own command that has the modem: it is asked on its control socket, and neither it nor its call is disturbed by that. */
import { type Clock, sleep } from '../../core/clock.ts';
import { type ErrorCode, isModemctlError, ModemctlError } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import type { SocketRequest } from '../../native/line-server.ts';
import { holdersIn } from '../../tty/open-port.ts';
import { askHolder } from '../control/loan.ts';
import type { HeldModem } from '../control/places.ts';
import type { ServiceFacts } from '../control/service-record.ts';
import type { Health, HealthState } from './health.ts';

export type KeeperStatus = { readonly [Fact in keyof ServiceFacts]: ServiceFacts[Fact] | null } & {
  /** `busy`, `idle`, ...: docs/control-socket.md. */
  readonly state: string;
  readonly why: string | null;
  /** `modemctl watch (pid 812)` */
  readonly name: string;
  /** `watch` */
  readonly command: string;
};

/** A command that is alive answers at once. */
const REPLY_LIMIT_MS = 3000;
/** It may be busy with setting the modem up, or with a question that somebody asked; what takes longer is told as it is. */
const BUSY_LIMIT_MS = 8000;
const ASK_AGAIN_MS = 250;
const MAX_TEXT = 300;

/**
 * @param inUse the error of opening the tty, which tells who has it
 * @returns null: nobody there who listens to us
 */
export async function askKeeper(
  modem: HeldModem & { readonly name: string },
  inUse: ModemctlError,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Health | null> {
  const deadline = clock.now() + BUSY_LIMIT_MS;
  for (;;) {
    const keeper = await statusOf(modem, inUse, clock);
    if (keeper?.state !== 'busy' || clock.now() >= deadline) return keeper && judge(modem, inUse, keeper);
    await sleep(clock, ASK_AGAIN_MS, signal);
  }
}

async function statusOf(modem: HeldModem, inUse: ModemctlError, clock: Clock): Promise<KeeperStatus | null> {
  const asked = await askHolder(modem, inUse, { do: 'status' }, clock, REPLY_LIMIT_MS).catch((error: unknown) => {
    // It refuses us: then all that is known is who has the modem.
    if (isModemctlError(error)) return null;
    throw error;
  });
  asked?.client.close();
  return asked && parseStatus(asked.reply);
}

/** Whoever listens may say anything. */
function parseStatus(reply: SocketRequest): KeeperStatus {
  const holder = (typeof reply.holder === 'object' && reply.holder) || {};
  const { pid, command } = holder as { readonly pid?: unknown; readonly command?: unknown };
  const called = textOf(command) ?? '?';
  return {
    state: textOf(reply.state) ?? '',
    why: textOf(reply.why),
    name: `modemctl ${called} (pid ${countOf(pid) ?? '?'})`,
    command: called,
    lastAnswerAt: timeOf(reply.lastAnswerAt),
    lastCallAt: timeOf(reply.lastCallAt),
    ringsWithoutCallerId: countOf(reply.ringsWithoutCallerId),
    recoveries24h: countOf(reply.recoveries24h),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? printable(value.slice(0, MAX_TEXT)) : null;
}

function timeOf(value: unknown): string | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function countOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;
}

/** The program that borrows a modem names itself so (`cli/borrowing.ts`): one that makes a call with it. */
const A_CALL_OF_OURS = /^modemctl dial \(pid \d+\)$/;

function judge(modem: HeldModem & { readonly name: string }, inUse: ModemctlError, keeper: KeeperStatus): Health {
  const { state, why, name } = keeper;
  const heldBy = holdersIn(inUse);
  const well = (state: HealthState): Health => ({ state, heldBy, error: null, keeper });
  const ill = (state: HealthState, code: ErrorCode, what: string, hint: string): Health => {
    const details = { ...inUse.details, modem: modem.id };
    return { state, heldBy, error: new ModemctlError(code, `${modem.name} ${what}`, { hint, details }), keeper };
  };
  const later = `Ask again: modemctl health -d ${modem.id}`;
  switch (state) {
    case 'inCall':
      return well('in-call');
    case 'recovering':
      return ill('silent', 'NOT_RESPONDING', `does not answer; ${name} is bringing it back`, later);
    case 'away':
      return ill('gone', 'GONE', `is away: ${why ?? 'unplugged'}; ${name} waits for it`, 'modemctl detect --wait 30s');
    case 'lent':
      if (A_CALL_OF_OURS.test(why ?? '')) return well('in-call');
      return ill('held', 'IN_USE', `is lent by ${name} to ${why ?? 'another program'}`, later);
    case 'taken':
      return { state: 'held', heldBy, error: inUse, keeper };
    default: {
      const isHung = (state === 'idle' && why !== null) || (state === 'busy' && keeper.lastAnswerAt === null);
      if (!isHung) return well('armed');
      return ill('silent', 'NOT_RESPONDING', `does not answer ${name}`, `Bring it back: modemctl reset -d ${modem.id}`);
    }
  }
}
