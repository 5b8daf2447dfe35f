/** What a PPP link is to be like, and pppd's words for it (pppd(8)). */
import { isIPv4 } from 'node:net';
import { ModemctlError } from '../../core/errors.ts';

export interface LinkOptions {
  /** The far end called us: it has to authenticate itself, and is told its address. */
  readonly answers: boolean;
  /** `LOCAL:REMOTE`; either may be empty. */
  readonly addresses: string | null;
  /** Name servers that the far end is told. */
  readonly nameServers: readonly string[];
  /** The name we authenticate ourselves with; its secret is in pppd's own files. */
  readonly user: string | null;
  /** The far end must authenticate itself, by pppd's own files. */
  readonly wantsAuthentication: boolean;
  /** The default route, and the far end's name servers. */
  readonly defaultRoute: boolean;
  /** End the link when nothing has passed for so long; null: never. */
  readonly idleMs: number | null;
  /** pppd's own options, which come last and so win. */
  readonly more: readonly string[];
}

/** What a caller is given if nothing else is said: from a private network (RFC 1918) that few use. */
export const ANSWERING_ADDRESSES = '10.64.0.1:10.64.0.2';
/** pppd tells at most two. */
const MAX_NAME_SERVERS = 2;
/** A far end that vanished without a word is found out within half a minute: three questions, ten seconds apart. */
const ECHO = { intervalS: 10, failures: 3 };
/** pppd writes its log to its stdout. */
const LOG_FD = 1;

/**
 * pppd's arguments.
 * @param hasCarrier DCD is on: pppd ends when it goes off. A modem that does not tell (null, or always off) is watched by LCP alone
 * @param isRoot only root may say noauth; anybody else has it where pppd finds no default route
 */
export function pppdArguments(
  options: LinkOptions,
  tty: string,
  { hasCarrier, isRoot }: { hasCarrier: boolean | null; isRoot: boolean },
): string[] {
  const { answers, user, idleMs } = options;
  const addresses = options.addresses ?? (answers ? ANSWERING_ADDRESSES : null);
  const asksForAddress = addresses === null || addresses.startsWith(':');
  return [
    tty,
    ...['nodetach', 'lock', 'crtscts', hasCarrier === true ? 'modem' : 'local', 'hide-password'],
    ...['logfd', `${LOG_FD}`],
    ...['lcp-echo-interval', `${ECHO.intervalS}`, 'lcp-echo-failure', `${ECHO.failures}`],
    ...(addresses === null ? [] : [addresses]),
    ...(asksForAddress ? ['noipdefault'] : []),
    ...(options.defaultRoute ? ['defaultroute', 'usepeerdns'] : ['nodefaultroute']),
    ...(options.wantsAuthentication ? ['auth'] : isRoot ? ['noauth'] : []),
    ...(user === null ? [] : ['user', user]),
    ...options.nameServers.flatMap((address) => ['ms-dns', address]),
    ...(idleMs === null ? [] : ['idle', `${Math.max(1, Math.round(idleMs / 1000))}`]),
    ...options.more,
  ];
}

/** @throws ModemctlError USAGE */
export function parseAddresses(text: string): string {
  const parts = text.split(':');
  if (parts.length === 2 && text !== ':' && parts.every((part) => part === '' || isIPv4(part))) return text;
  throw new ModemctlError('USAGE', `"${text}" is not LOCAL:REMOTE`, {
    hint: 'Two IPv4 addresses, ours first: --ip 10.64.0.1:10.64.0.2',
  });
}

/** @throws ModemctlError USAGE */
export function parseNameServers(text: string): string[] {
  const addresses = text.split(',').map((part) => part.trim());
  if (addresses.length > MAX_NAME_SERVERS) {
    throw new ModemctlError('USAGE', `pppd tells the far end of ${MAX_NAME_SERVERS} name servers at most`);
  }
  const wrong = addresses.find((address) => !isIPv4(address));
  if (wrong === undefined) return addresses;
  throw new ModemctlError('USAGE', `"${wrong}" is not the IPv4 address of a name server`, {
    hint: 'One or two: --dns 9.9.9.9,149.112.112.112',
  });
}
