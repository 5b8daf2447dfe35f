import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FirstWords, FirstWordsReader } from '../../../src/services/login/first-words.ts';

/** What a caller sees, and what came of it. */
function hear(input: string): { echo: string; words: FirstWords | null; left: string } {
  const reader = new FirstWordsReader('pi login: ');
  let echo = '';
  for (let at = 0; at < input.length; at++) {
    const heard = reader.receive(input.charCodeAt(at));
    echo += heard.echo;
    if (heard.words) return { echo, words: heard.words, left: input.slice(at + 1) };
  }
  return { echo, words: null, left: '' };
}

/** The first bytes of pppd 2.4.9, as it sends them: every control character escaped, since nothing is agreed yet. */
const PPPD = '\x7e\xff\x7d\x23\xc0\x21\x7d\x21\x7d\x21\x7d\x20\x7d\x34';

describe('what a caller says first', () => {
  it.each([
    ['pppd', PPPD],
    ['nothing escaped', '\x7e\xff\x03\xc0\x21\x01\x01'],
    ['address and control left out', '\x7e\xc0\x21\x01\x01'],
    ['everything escaped', '\x7e\x7d\xdf\x7d\x23\x7d\xe0\x7d\x01'],
    ['two flags', `\x7e${PPPD}`],
    ['after noise', `\xf0\xa4}x~q${PPPD}`],
    ['in the middle of a frame whose beginning was lost', `\x21}!}!} }4\x7e${PPPD}`],
    ['at the prompt, after half a name', `pi${PPPD}`],
  ])('is PPP: %s', (_how, bytes) => {
    expect(hear(bytes).words).toEqual({ kind: 'ppp' });
  });

  it('echoes nothing of a frame, and takes nothing after what told it', () => {
    expect(hear(PPPD)).toEqual({ echo: '', words: { kind: 'ppp' }, left: PPPD.slice(6) });
  });

  it.each([
    ['another protocol (IPCP)', '\x7e\xff\x7d\x23\x80\x21\x7d\x21'],
    ['a flag in the middle', '\x7e\xff\x7d\x23\x7e\xc0'],
    ['the bytes without a flag', '\xff\x7d\x23\xc0\x21'],
    ['an escape that stands for itself', '\x7e\xff\x03\x7d\xc0\x21'],
  ])('is not PPP: %s', (_what, bytes) => {
    expect(hear(bytes).words).toBeNull();
  });

  it.each([
    ['pi\r', 'pi\r\n', 'pi'],
    ['pi\n', 'pi\r\n', 'pi'],
    ['\r\npi\r', '\r\npi login: \r\npi login: pi\r\n', 'pi'],
    ['px\bi\r', 'px\b \bi\r\n', 'pi'],
    ['px\x7fi\r', 'px\b \bi\r\n', 'pi'],
    ['\bpi\r', 'pi\r\n', 'pi'],
    ['root\x15pi\r', 'root\b \b\b \b\b \b\b \bpi\r\n', 'pi'],
    ['p\x1b[2Ji \r', 'p[2Ji\r\n', 'p[2Ji'],
    ['~pi\r', 'i\r\n', 'i'],
  ])('is a name: %j', (input, echo, name) => {
    expect(hear(input)).toEqual({ echo, words: { kind: 'name', name }, left: '' });
  });

  it('makes nothing of anything else, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { echo, words } = hear(Buffer.from(bytes).toString('latin1'));
        expect(echo).toMatch(/^(\r\npi login: |\r\n|\x08 \x08|[!-z])*$/);
        if (words?.kind === 'name') expect(words.name).toMatch(/^[!-z]{1,64}$/);
      }),
    );
  });
});
