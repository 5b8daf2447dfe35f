/**
 * The values of one extended command (V.250 5.4.3): checked against the chip's own answer to `=?`, so that what a modem claims and what it takes are the same.
 */

/** One place of the list: words and numbers by name, and ranges. */
interface Place {
  readonly words: ReadonlySet<string>;
  readonly ranges: readonly (readonly [number, number])[];
}

/** Cuts `(A,B),(0-3)` into places; a text without brackets is a single place. */
export function parseTest(test: string): Place[] {
  const groups = test.includes('(') ? [...test.matchAll(/\(([^)]*)\)/g)].map((match) => match[1] ?? '') : [test];
  return groups.map((group) => {
    const words = new Set<string>();
    const ranges: [number, number][] = [];
    for (const item of group.split(',')) {
      const bounds = /^(\d+)-(\d+)$/.exec(item);
      if (bounds) ranges.push([Number(bounds[1]), Number(bounds[2])]);
      else words.add(item.toUpperCase());
    }
    return { words, ranges };
  });
}

/**
 * The new value after `=given`, or null where the modem refuses it. Omitted values keep what they were.
 */
export function applyValue(test: string, current: string, given: string): string | null {
  const places = parseTest(test);
  const values = current.split(',');
  const parts = given.split(',').map((part) => unquote(part));
  if (parts.length > Math.max(places.length, values.length)) return null;
  for (const [index, part] of parts.entries()) {
    if (part === '') continue;
    const place = places[index];
    if (!place || !accepts(place, part)) return null;
    values[index] = part;
  }
  return values.join(',');
}

function accepts(place: Place, part: string): boolean {
  if (place.words.has(part)) return true;
  if (!/^\d{1,8}$/.test(part)) return false;
  const number = Number(part);
  return place.words.has(String(number)) || place.ranges.some(([low, high]) => number >= low && number <= high);
}

function unquote(part: string): string {
  const quoted = /^"(.*)"$/.exec(part);
  return (quoted ? (quoted[1] as string) : part).toUpperCase();
}
