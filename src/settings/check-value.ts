/** Whether a value is what its key wants. */

import { formatDuration, parseDuration } from '../core/duration.ts';
import { isModemctlError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import type { KeySpec } from './key-spec.ts';

/** As it is used: a duration stays the text that it was, since options read it so. */
export type Value = string | number | boolean | readonly string[];

export type Checked =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      /** Completes a sentence that begins with the key. */
      readonly message: string;
      /** Of a list, which element. */
      readonly index?: number;
    };

/** Longer texts are not quoted in full. */
const MAX_SHOWN = 40;
/** No list of a configuration is longer, nor a text in it. */
const MAX_LIST = 1000;
const MAX_TEXT = 4096;

/** A hostile text for a message. */
export function shown(text: string): string {
  return printable(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text);
}

export function checkValue(spec: KeySpec, value: unknown): Checked {
  switch (spec.kind) {
    case 'flag':
      return typeof value === 'boolean' ? { ok: true, value } : wrong('must be true or false, without quotation marks');
    case 'whole':
      return checkWhole(spec, value);
    case 'duration':
      return checkDuration(spec, value);
    case 'choice': {
      const choices = spec.choices ?? [];
      const isOne = typeof value === 'string' && choices.includes(value);
      return isOne
        ? { ok: true, value }
        : wrong(`must be one of: ${choices.map((choice) => `"${choice}"`).join(', ')}`);
    }
    case 'text':
      return checkText(spec, value);
    case 'texts':
      return checkTexts(spec, value);
  }
}

function wrong(message: string, index?: number): Checked {
  return { ok: false, message, ...(index === undefined ? {} : { index }) };
}

function checkWhole({ min = 0, max = Number.MAX_SAFE_INTEGER }: KeySpec, value: unknown): Checked {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return { ok: true, value };
  return wrong(`must be a whole number from ${min} to ${max}, without quotation marks`);
}

function checkDuration({ min = 0, max }: KeySpec, value: unknown): Checked {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return wrong('must be a duration: "500ms", "3s", "2m", "1h", or a number of seconds');
  try {
    const ms = parseDuration(text);
    if (ms >= min && ms <= (max ?? ms)) return { ok: true, value: text };
    return wrong(`must be ${ms < min ? `at least ${formatDuration(min)}` : `at most ${formatDuration(max ?? 0)}`}`);
  } catch (error) {
    if (!isModemctlError(error)) throw error;
    return wrong('must be a duration: "500ms", "3s", "2m", "1h", or a number of seconds');
  }
}

function checkText({ form, secret }: KeySpec, value: unknown): Checked {
  if (typeof value !== 'string') return wrong('must be a text: put it in quotation marks');
  if (value.length > MAX_TEXT) return wrong(`is longer than ${MAX_TEXT} characters`);
  if (value.includes('\0')) return wrong('holds a NUL');
  if (form && !form.pattern.test(value)) return wrong(`: ${secret ? 'this' : `"${shown(value)}"`} is no ${form.name}`);
  return { ok: true, value };
}

function checkTexts(spec: KeySpec, value: unknown): Checked {
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list)) return wrong('must be a list of texts: ["one", "two"]');
  // An empty list of those who may is everybody to one reader and nobody to another.
  if (list.length === 0) return wrong('is an empty list; leave the key out instead');
  if (list.length > MAX_LIST) return wrong(`has more than ${MAX_LIST} elements`);
  for (const [index, element] of list.entries()) {
    const checked = checkText(spec, element);
    if (!checked.ok) return { ...checked, index };
  }
  return { ok: true, value: value as string | string[] };
}
