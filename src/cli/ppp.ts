/** `--ppp` and its options, for `dial` and `answer`. */
import { ModemctlError } from '../core/errors.ts';
import { findProgram } from '../core/find-program.ts';
import { type LinkOptions, parseAddresses, parseNameServers } from '../services/ppp/link-options.ts';
import { type PppEvents, pppTaker } from '../services/ppp/ppp-taker.ts';
import { checkPppd } from '../services/ppp/pppd-check.ts';
import type { Taker } from '../services/taker.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Context } from './context.ts';

type Options = Invocation['options'];

export const PPP_OPTIONS: readonly OptionSpec[] = [
  { flags: '--ppp', describe: 'give the call to pppd: an IP link; its own options after --' },
  { flags: '--ip <local:remote>', describe: 'the addresses of the link; either may be empty', parse: parseAddresses },
  { flags: '--dns <addresses>', describe: 'tell the far end these name servers', parse: parseNameServers },
  { flags: '--share', describe: 'let the far end use our network while the link is up: forwarding, NAT' },
  { flags: '--default-route', describe: 'send all traffic over the link, and use its name servers' },
];

export const PPP_CALLING_OPTIONS: readonly OptionSpec[] = [
  { flags: '--user <name>', describe: "who we are for PPP; the secret is in pppd's own files" },
];

export const PPP_ANSWERING_OPTIONS: readonly OptionSpec[] = [
  { flags: '--no-auth', describe: 'for PPP: let anybody in who calls' },
];

/** After `--`. */
export const PPPD_OPTIONS = { options: ['--ppp', '--auto'], name: 'pppd-option' } as const;

/** Options that mean nothing without `--ppp`. */
const ONLY_WITH_PPP = ['ip', 'dns', 'share', 'defaultRoute', 'user'];

/** Which side we are on, and what stands after `--`. */
export interface PppSide {
  readonly answers: boolean;
  readonly pppdOptions: readonly string[];
}

/** @throws ModemctlError USAGE: options of a link where there will be none */
export function refusePppOptions(options: Options): void {
  const stray = options.auth === false ? 'noAuth' : ONLY_WITH_PPP.find((name) => options[name] !== undefined);
  const dashed = stray?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (dashed !== undefined) throw new ModemctlError('USAGE', `--${dashed} goes with --ppp`);
}

/**
 * Makes sure that there will be PPP before a call is made for it.
 * @throws ModemctlError HELPER, DENIED, USAGE, CONFIG_INVALID
 */
export async function pppTakerFor(context: Context, options: Options, side: PppSide): Promise<Taker> {
  const { clock } = context;
  const { env } = context.world;
  const isRoot = process.getuid?.() === 0;
  const shares = options.share === true;
  if (shares && !isRoot) {
    throw new ModemctlError('DENIED', '--share changes how this machine forwards packets, which only root may', {
      hint: 'Run it as root: sudo modemctl ...',
    });
  }
  if (shares) findProgram('nft', env);
  const link: LinkOptions = {
    answers: side.answers,
    addresses: (options.ip as string | undefined) ?? null,
    nameServers: (options.dns as string[] | undefined) ?? [],
    user: (options.user as string | undefined) ?? null,
    wantsAuthentication: side.answers && options.auth !== false,
    defaultRoute: options.defaultRoute === true,
    idleMs: (options.idle as number | undefined) ?? null,
    more: side.pppdOptions,
  };
  const pppd = await checkPppd(link, { clock, env, isRoot });
  return pppTaker({ pppd, link, shares, isRoot, events: pppEvents(context) });
}

function pppEvents(context: Context): PppEvents {
  const { green, dim } = context.colourOfTalk;
  return {
    up: (link) => {
      context.report({ ppp: { ...link, up: true } });
      const who = link.user === null ? '' : `, ${link.user}`;
      context.say(`${green('PPP up:')} ${link.localAddress} <-> ${link.remoteAddress} on ${link.interface}${who}`);
    },
    down: (reason, traffic, end) => {
      const before = context.reported.ppp as object | undefined;
      const { sent = null, received = null } = traffic ?? {};
      const exit = { pppdExit: end?.code ?? null, pppdSignal: end?.signal ?? null };
      context.report({ ppp: { up: false, ...before, reason, bytesSent: sent, bytesReceived: received, ...exit } });
      const bytes = traffic ? `: ${traffic.received} bytes received, ${traffic.sent} sent` : '';
      context.say(`PPP down: ${reason}${bytes}`);
    },
    log: (line) => {
      if (context.common.verbose) context.say(dim(`pppd: ${line}`));
    },
    note: (text) => context.say(`${context.colourOfTalk.yellow('note:')} ${text}`),
  };
}
