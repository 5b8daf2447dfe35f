/** What every property of the fuzz is made of. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isModemctlError } from '../../src/core/errors.ts';

/** Runs on hostile data, and holds what must hold of whatever comes of it. */
export interface Fuzz {
  /** What is fed: `reader`, `lock files`. */
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: each takes values of its own.
  readonly property: fc.IRawProperty<any>;
}

/** No case may take longer, on a machine that is busy with other things as well. */
const CASE_LIMIT_MS = 5000;

export function fuzz<T>(
  name: string,
  values: fc.Arbitrary<T>,
  holds: (value: T) => void | Promise<void>,
  cleanUp: () => void = () => {},
): Fuzz {
  const property = fc.asyncProperty(values, async (value) => {
    const begin = performance.now();
    await holds(value);
    const elapsedMs = performance.now() - begin;
    assert.ok(elapsedMs < CASE_LIMIT_MS, `one case took ${elapsedMs.toFixed(0)} ms`);
  });
  return { name, property: property.afterEach(cleanUp) };
}

/** What it returns, or undefined where it throws an error of ours. All others are faults. */
export function orError<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (isModemctlError(error)) return undefined;
    throw error;
  }
}

/** The pieces that a format is made of and any others, some of them again and again: what makes a pattern backtrack. */
export function textOf(pieces: readonly string[], most = 3000): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...pieces) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\0', '\x1b[2J', '\x7f', '\x85', '\xff', '-1', '99999999999999999999', '__proto__'),
    },
  );
  const repeated = fc
    .tuple(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 })), fc.nat(most))
    .map(([text, times]) => text.repeat(Math.min(times, Math.ceil((4 * most) / Math.max(1, text.length)))));
  return fc
    .array(fc.oneof({ weight: 20, arbitrary: piece }, { weight: 1, arbitrary: repeated }), { maxLength: 30 })
    .map((parts) => parts.join(''));
}

/** As it would come over a wire: Latin-1. */
export const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Cuts into pieces at these places. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

export const places = fc.array(fc.nat(100_000), { maxLength: 20 });
