/** Whatever the documentation says to type is a command line that modemctl takes, also where it cannot be run in a test. */
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';
import { callsIn } from './command-lines.ts';
import { PAGES, type Page } from './pages.ts';

/** In prose: `modemctl reset -d 1-1.2`. Three dots stand for what is left out. */
function spansOf({ text }: Page): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/`((?:sudo )?modemctl [^`]+)`/g)]
    .map(([, span]) => span!.replaceAll('\\|', '|').replaceAll(/\s+/g, ' '))
    .filter((span) => !span.includes('...'));
}

/** In blocks: what is typed, scripts, and what units of systemd run. */
function blockCallsOf({ blocks }: Page): string[] {
  return blocks.flatMap(({ language, text, lines }) => {
    if (language === 'sh' || language === 'console') return lines;
    if (language === 'ini') return [...text.matchAll(/^Exec\w+=[-+!]*(.*)$/gm)].map(([, command]) => command!);
    return language === 'bash' ? [text] : [];
  });
}

/** Null: it is taken. */
function refusalOf(args: readonly string[]): string | null {
  // The command as such is meant.
  if (args.length === 1 && COMMANDS.some(({ name }) => name === args[0])) return null;
  try {
    parseCommandLine(args, COMMANDS, {});
    return null;
  } catch (error) {
    return `modemctl ${args.join(' ')}: ${(error as Error).message}`;
  }
}

describe.each(PAGES)('$path', (page) => {
  it('names commands and options that there are', () => {
    const calls = [...spansOf(page), ...blockCallsOf(page)].flatMap(callsIn);
    expect(calls.map(refusalOf).filter((refusal) => refusal !== null)).toEqual([]);
  });
});

describe('where modemctl is called', () => {
  it.each([
    ['sudo modemctl reset -d 1-1.2', [['reset', '-d', '1-1.2']]],
    ['X=1 modemctl tty 2>&1 >file | modemctl at', [['tty'], ['at']]],
    ['minicom -D "$(modemctl tty)"   # or modemctl term', [['tty']]],
    [`pppd connect 'modemctl -d - dial 5550100'`, [['-d', '-', 'dial', '5550100']]],
    ['case $? in 0|5) ;; *) exec modemctl reset --quiet;; esac', [['reset', '--quiet']]],
    [`modemctl exec -- sh -c 'x "$MODEMCTL_TTY"'`, [['exec', '--', 'sh', '-c', 'x "$MODEMCTL_TTY"']]],
    ['if ! modemctl health </dev/null; then echo; fi', [['health']]],
  ])('%s', (line, calls) => {
    expect(callsIn(line)).toEqual(calls);
  });
});
