// What scripts may rely on, as the cases check it: the JSON documents, the exit codes and their names.
import assert from 'node:assert/strict';
import type { CliResult } from './guest.ts';

/** One entry of `detect --json`. */
export interface ListedModem {
  id: string;
  vendorId: string;
  productId: string;
  manufacturer: string | null;
  product: string | null;
  serial: string | null;
  model: string;
  kind: string;
  usable: boolean;
  state: string;
  reason: string | null;
  tty: string | null;
  driver: string | null;
  bus: number;
  address: number;
  heldBy: { pid: number; command: string }[];
  virtual: boolean;
}

export interface DetectDocument {
  modems: ListedModem[];
}

export interface AtDocument {
  commands: { command: string; lines: string[]; result: string | null; elapsedMs: number }[];
}

export interface ResetDocument {
  modem: string;
  recovered: boolean;
  recoveredBy: string | null;
  steps: { step: string; outcome: string; elapsedMs: number }[];
  tty: string | null;
}

interface Envelope {
  schemaVersion: number;
  ok: boolean;
  error?: { code: string; message: string; hint: string | null; details: unknown };
}

/** The document of a run that ended with this exit code, checked as far as all documents are alike. */
export function documentOf<T>(result: CliResult, exit: number, errorCode?: string): T & Envelope {
  assert.equal(result.code, exit, 'exit code');
  assert.ok(result.json !== undefined && typeof result.json === 'object', 'stdout is exactly one JSON document');
  const document = result.json as T & Envelope;
  assert.equal(document.schemaVersion, 1);
  assert.equal(document.ok, exit === 0, 'ok says what the exit code says');
  if (exit === 0) assert.equal(document.error, undefined, 'no error where ok is true');
  else assert.equal(document.error?.code, errorCode, 'error.code');
  return document;
}

/** Checks a failure told to people: nothing on stdout, `error: ... [CODE]` on stderr. */
export function assertFails(result: CliResult, exit: number, errorCode: string): void {
  assert.equal(result.code, exit, 'exit code');
  assert.match(result.stderr, new RegExp(`^error: .*\\[${errorCode}\\]`, 'm'));
  assert.doesNotMatch(result.stderr, /\n\s+at .*:\d+:\d+/, 'no stack trace for people');
}

/** The names of the steps a reset took. */
export function stepsOf(document: ResetDocument): string[] {
  return document.steps.map(({ step }) => step);
}
