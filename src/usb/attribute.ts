/** Small files of sysfs, /proc and the like: read whole, bounded, and never an exception. What a device put into a string is cleaned before anybody sees it. */
import { closeSync, constants, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { basename } from 'node:path';

/** The bytes of a file, at most `limit` of them; null when it is not there or cannot be read. */
export function readBytes(path: string, limit: number): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const chunks: Buffer[] = [];
    for (let left = limit; left > 0; ) {
      const chunk = Buffer.alloc(Math.min(left, 4096));
      const got = readSync(fd, chunk, 0, chunk.length, null);
      if (got === 0) break;
      chunks.push(chunk.subarray(0, got));
      left -= got;
    }
    return Buffer.concat(chunks);
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** An attribute as text without its line end; null when it is not there. */
export function readAttribute(path: string): string | null {
  return readBytes(path, 4096)?.toString('latin1').trim() ?? null;
}

/** An attribute as a number of the given base; null when it is not there or none. */
export function readNumber(path: string, base: 10 | 16 = 10): number | null {
  const text = readAttribute(path);
  if (text === null || text === '') return null;
  const value = Number.parseInt(text, base);
  return Number.isFinite(value) ? value : null;
}

/** The names in a folder, sorted; empty when it is not there. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

/** The last part of where a link points (a driver's name); null when there is no link. */
export function linkName(path: string): string | null {
  try {
    return basename(readlinkSync(path));
  } catch {
    return null;
  }
}

/** Longest string of a device that is kept; USB allows 126 characters. */
const MAX_STRING = 126;

/**
 * A string that came from a device, fit to be shown: control characters, marks that are not seen but rearrange or hide the rest of a terminal's line, halves of surrogate pairs and what no character is become blanks,
 * blanks are joined, the length is bounded. Null when nothing is left.
 */
export function cleanString(text: string): string | null {
  const clean = text.replace(/[\p{C}\p{Z}\ufffd]+/gu, ' ').trim();
  return clean === '' ? null : [...clean].slice(0, MAX_STRING).join('');
}
