/** See blocks.js, which the newcomer runs where there is nothing but Node. */
export interface Block {
  /** What it stands under. */
  readonly heading: string;
  /** The word behind its fence: `sh` is run, `console` has prompts and output and is not. */
  readonly language: string;
  readonly text: string;
  /** What is to be typed, line by line; what the shell reads on from is one with what follows. */
  readonly lines: readonly string[];
}

export function blocksOf(text: string): Block[];
export function blocksToRun(text: string): Block[];
export function expectationOf(line: string): { readonly exit: number; readonly goesOn: boolean };
