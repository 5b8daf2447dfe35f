/** Every link within the documentation leads somewhere, and every page can be come to from README.md. */
import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, type Page, readPage } from './pages.ts';

interface Link {
  readonly path: string;
  readonly anchor: string | null;
}

/** Links within this repository. */
function linksOf({ path, text }: Page): Link[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file, anchor] = target.split('#');
      return { path: file ? normalize(join(path, '..', file)) : path, anchor: anchor ?? null };
    });
}

/** As GitHub makes them of headings. */
function anchorsOf({ text }: Page): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

describe.each(PAGES)('$path', (page) => {
  it('has no dead link', () => {
    const dead = linksOf(page).filter(({ path, anchor }) => {
      if (!existsSync(path)) return true;
      return anchor !== null && !anchorsOf(readPage(path)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });
});

it('every page can be come to from README.md', () => {
  const pages = new Map(PAGES.map((page) => [page.path, page]));
  const reached = new Set(['README.md']);
  // A set may grow while it is walked.
  for (const path of reached) {
    const page = pages.get(path);
    for (const link of page ? linksOf(page) : []) if (pages.has(link.path)) reached.add(link.path);
  }
  expect([...reached].sort()).toEqual([...pages.keys()].sort());
});
