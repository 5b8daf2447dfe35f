/**
 * Lets the far end of a PPP link use our network: forwarding, and our address in place of its own (NAT by nft), for as long as the link is up. It is taken back when the link ends or we do; what a machine that crashed left behind is
 * taken away at the next start.
 */
import { runBounded } from '../../core/bounded-child.ts';
import type { Clock } from '../../core/clock.ts';
import { ModemctlError } from '../../core/errors.ts';
import { LastWill } from '../../core/last-will.ts';
import type { PppLink } from './pppd-log.ts';

const LIMIT_MS = 10_000;

/** Every link has a table of its own. What ip_forward was before the first of them is kept until the last is gone. */
const COMMON = `
PATH=$PATH:/usr/sbin:/sbin
kept=/run/modemctl/ip_forward forward=/proc/sys/net/ipv4/ip_forward
remove() {
  nft delete table ip "$1"
  nft list tables ip | grep -q ' modemctl_' && return
  [ -e $kept ] && cat $kept >$forward && rm -f $kept
}
`;
/** $1 the table, $2 the interface, $3 the far end's address. */
const BEGIN = `${COMMON}
for table in $(nft list tables ip | sed -n 's/^table ip \\(modemctl_.*\\)/\\1/p'); do
  [ -e "/sys/class/net/\${table#modemctl_}" ] && [ "$table" != "$1" ] || remove "$table" 2>/dev/null
done
mkdir -p /run/modemctl && { [ -e $kept ] || cat $forward >$kept; } &&
nft "table ip $1 { chain postrouting { type nat hook postrouting priority 100; ip saddr $3 oifname != \\"$2\\" masquerade; }; }" &&
echo 1 >$forward
`;
const END = `${COMMON}
remove "$1"
`;

/**
 * @returns takes it back
 * @throws ModemctlError HELPER
 */
export async function shareNetwork(link: PppLink, clock: Clock): Promise<() => Promise<void>> {
  const table = `modemctl_${link.interface}`;
  const will = new LastWill(END, [table]);
  const stop = () => will.execute(clock, LIMIT_MS);
  const args = ['-c', BEGIN, 'modemctl', table, link.interface, link.remoteAddress];
  const begun = await runBounded('/bin/sh', args, { deadlineMs: LIMIT_MS, clock });
  if (begun.kind === 'exit' && begun.code === 0) return stop;
  await stop();
  const why = begun.kind === 'exit' ? (begun.stderr.trim().split('\n')[0] ?? '') : begun.kind;
  throw new ModemctlError('HELPER', `the network could not be shared: ${why}`, { hint: 'See: sudo nft list ruleset' });
}
