/** The pages that a reader may come to, as files of this checkout. */
import { readdirSync, readFileSync } from 'node:fs';
import { type Block, blocksOf } from '../newcomer/blocks.js';

export interface Page {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

const names = ['.', 'docs'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`)),
);

export const PAGES: readonly Page[] = names.sort().map(readPage);

export function readPage(path: string): Page {
  const text = readFileSync(path, 'utf8');
  return { path, text, blocks: blocksOf(text) };
}
