import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PppdLog, type PppLink } from '../../../src/services/ppp/pppd-log.ts';

/** pppd 2.4.9 to a Windows-like caller, from its own log. */
const RECORDED = `Using interface ppp0
Connect: ppp0 <--> /dev/ttyACM0
PAP peer authentication succeeded for pi
local  IP address 10.64.0.1
remote IP address 10.64.0.2
LCP terminated by peer
Connect time 0.3 minutes.
Sent 1048 bytes, received 2096 bytes.
Connection terminated.
`;

function read(pieces: readonly Uint8Array[]) {
  const told = { links: [] as PppLink[], endings: 0, lines: [] as string[] };
  const log = new PppdLog({
    up: (link) => told.links.push(link),
    ending: () => told.endings++,
    line: (text) => told.lines.push(text),
  });
  for (const piece of pieces) log.receive(piece);
  return { log, ...told };
}

describe('the log of pppd', () => {
  it('tells when the link is up, between whom, what passed, and that it ends; however it comes in pieces', () => {
    const bytes = Buffer.from(RECORDED);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const { log, links, endings, lines } = read(places.slice(1).map((end, at) => bytes.subarray(places[at], end)));
        expect(links).toEqual([
          { interface: 'ppp0', localAddress: '10.64.0.1', remoteAddress: '10.64.0.2', user: 'pi' },
        ]);
        expect(endings).toBeGreaterThan(0);
        expect(lines.length).toBe(9);
        expect(log.traffic).toEqual({ sent: 1048, received: 2096 });
        expect(log.lastWords).toBe('LCP terminated by peer');
      }),
    );
  });

  it('shows what the far end makes it say without its control characters, bounded', () => {
    const { lines, links } = read([
      Buffer.from(
        `Remote message: \x1b[2J\x9b${'x'.repeat(5000)}\nUsing interface $(id)\nremote IP address 1.2.3.4; id\n`,
      ),
    ]);
    expect(lines[0]).toMatch(/^Remote message: \^\[\[2J/);
    expect(lines[0]!.length).toBeLessThan(400);
    expect(links).toEqual([]);
  });

  it.each([
    ['carrier was lost', 16, 'remote IP address 10.64.0.2', 'Modem hangup', 'Connection terminated.'],
    ['we hung up', 5, 'Terminating on signal 15', 'Connection terminated.', 'Modem hangup'],
    ['the far end ended PPP, then hung up', 0, 'remote IP address 10.64.0.2', 'LCP terminated by peer', 'Modem hangup'],
    ['the far end did not want PPP', 10, 'LCP terminated by peer (no PPP today)', 'Modem hangup'],
    ['CHAP: the far end refused us', 19, 'CHAP authentication failed', 'LCP terminated by peer', 'Modem hangup'],
    ['PAP: the far end refused us', 19, 'Remote message: Login incorrect', 'PAP authentication failed', 'Modem hangup'],
    ['we have no secret for it', 19, 'LCP terminated by peer (peer refused to authenticate)', 'Modem hangup'],
    ['we refused the caller', 11, 'PAP peer authentication failed for mallory', 'Modem hangup'],
    ['we refused the caller by CHAP', 11, 'Peer mallory failed CHAP authentication', 'Modem hangup'],
    ['he vanished', 15, 'No response to 3 echo-requests', 'Serial link appears to be disconnected.', 'Modem hangup'],
  ])('tells why it ends by the first reason it gives: %s', (_why, code, ...lines) => {
    const { log } = read([Buffer.from(`${lines.join('\n')}\n`)]);
    expect(log.reason?.code).toBe(code);
    expect(lines).toContain(log.lastWords);
    expect(log.lastWords === 'Modem hangup').toBe(code === 16);
  });

  it('has no reason where none was told', () => {
    const said = ['Deflate (15) compression enabled', 'remote LL address fe80::1', 'remote IP address 10.64.0.2'];
    const { log } = read([Buffer.from(`${said.join('\n')}\nConnection terminated.\n`)]);
    expect([log.reason, log.lastWords]).toEqual([null, null]);
  });
});
