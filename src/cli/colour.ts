/** Colours, for a stream that is a terminal and a person who wants them. The only importer of chalk, which knows nothing of NO_COLOR (no-color.org). */
import { Chalk, type ChalkInstance } from 'chalk';

export type Colours = ChalkInstance;

/**
 * @param wanted what `--color` or `--no-color` said; undefined: neither
 */
export function coloursFor(isTerminal: boolean, env: NodeJS.ProcessEnv, wanted?: boolean): Colours {
  return new Chalk({ level: level(isTerminal, env, wanted) });
}

function level(isTerminal: boolean, env: NodeJS.ProcessEnv, wanted: boolean | undefined): 0 | 1 {
  if (wanted !== undefined) return wanted ? 1 : 0;
  if (env.FORCE_COLOR) return env.FORCE_COLOR === '0' ? 0 : 1;
  if (env.NO_COLOR || env.TERM === 'dumb') return 0;
  return isTerminal ? 1 : 0;
}
