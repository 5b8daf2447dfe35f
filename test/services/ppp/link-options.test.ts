import { describe, expect, it } from 'vitest';
import {
  type LinkOptions,
  parseAddresses,
  parseNameServers,
  pppdArguments,
} from '../../../src/services/ppp/link-options.ts';

const CALLING: LinkOptions = {
  answers: false,
  addresses: null,
  nameServers: [],
  user: null,
  wantsAuthentication: false,
  defaultRoute: false,
  idleMs: null,
  more: [],
};
const args = (options: Partial<LinkOptions> = {}, here: Partial<Parameters<typeof pppdArguments>[2]> = {}) =>
  pppdArguments({ ...CALLING, ...options }, '/dev/ttyACM0', { hasCarrier: true, isRoot: true, ...here });

describe('the arguments of pppd', () => {
  it('begin with the tty, and keep it in our hands', () => {
    expect(args()[0]).toBe('/dev/ttyACM0');
    expect(args()).toEqual(expect.arrayContaining(['nodetach', 'lock', 'crtscts', 'hide-password']));
  });

  it('mind carrier only where it is known to be on', () => {
    expect(args()).toContain('modem');
    for (const hasCarrier of [false, null]) {
      expect(args({}, { hasCarrier })).toContain('local');
      expect(args({}, { hasCarrier })).not.toContain('modem');
    }
  });

  it('find out a far end that vanished within half a minute', () => {
    expect(args().join(' ')).toContain('lcp-echo-interval 10 lcp-echo-failure 3');
  });

  it('of a caller: no address of its own, no default route, no authentication of the far end', () => {
    expect(args()).toEqual(expect.arrayContaining(['noipdefault', 'nodefaultroute', 'noauth']));
    expect(args()).not.toContain('auth');
    expect(args({}, { isRoot: false })).not.toContain('noauth');
  });

  it('of a caller that wants the Internet', () => {
    const wanted = args({ defaultRoute: true, user: 'pi' });
    expect(wanted).toEqual(expect.arrayContaining(['defaultroute', 'usepeerdns', 'user', 'pi']));
    expect(wanted).not.toContain('nodefaultroute');
  });

  it('of one who answers: addresses for both, and the far end must say who it is', () => {
    const answering = args({ answers: true, wantsAuthentication: true, nameServers: ['9.9.9.9', '1.1.1.1'] });
    expect(answering).toEqual(expect.arrayContaining(['auth', '10.64.0.1:10.64.0.2']));
    expect(answering).not.toContain('noauth');
    expect(answering.join(' ')).toContain('ms-dns 9.9.9.9 ms-dns 1.1.1.1');
    expect(args({ answers: true })).toContain('noauth');
  });

  it('have the given addresses, and ask for one of ours only where it is left out', () => {
    expect(args({ addresses: '10.1.1.1:10.1.1.2' })).not.toContain('noipdefault');
    expect(args({ addresses: ':10.1.1.2' })).toContain('noipdefault');
  });

  it('end with the user’s own, which win', () => {
    expect(args({ more: ['lcp-echo-interval', '60', 'debug'], idleMs: 90_000 }).slice(-5)).toEqual(
      ['idle', '90', 'lcp-echo-interval', '60', 'debug'].slice(-5),
    );
    expect(args({ more: ['debug'] }).at(-1)).toBe('debug');
  });
});

describe('addresses and name servers', () => {
  it.each(['10.64.0.1:10.64.0.2', '10.64.0.1:', ':10.64.0.2'])('%s', (text) => {
    expect(parseAddresses(text)).toBe(text);
  });
  it.each(['', ':', '10.64.0.1', '10.64.0.1:10.64.0.2:1', '10.64.0.300:', 'pi:home', '10.64.0.1: connect=x', '::1'])(
    'not "%s"',
    (text) => {
      expect(() => parseAddresses(text)).toThrow(/LOCAL:REMOTE/);
    },
  );
  it('name servers', () => {
    expect(parseNameServers('9.9.9.9, 1.1.1.1')).toEqual(['9.9.9.9', '1.1.1.1']);
    for (const text of ['', 'dns.example', '9.9.9.9,', '1.1.1.1,2.2.2.2,3.3.3.3'])
      expect(() => parseNameServers(text)).toThrow();
  });
});
