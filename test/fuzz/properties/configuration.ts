/** Any bytes as a configuration: faults in sentences that are fit for a terminal, at places that are in the file, and nothing worse. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { COMMANDS } from '../../../src/cli/commands/index.ts';
import { configure } from '../../../src/cli/configure.ts';
import { parseCommandLine } from '../../../src/cli/parse.ts';
import { verifierFor } from '../../../src/cli/settings-verify.ts';
import { isModemctlError } from '../../../src/core/errors.ts';
import { loadSettings } from '../../../src/settings/load.ts';
import { SECTIONS } from '../../../src/settings/schema.ts';
import { fuzz, textOf } from '../property.ts';

const keys = SECTIONS.flatMap((section) => section.keys.map(({ key, example }) => [`${key} = `, example]));
const heads = SECTIONS.map(({ name, named }) => `\n[${name}${named ? '.fax' : ''}]\n`);
const text = textOf(
  [
    ...new Set(keys.flat()),
    ...heads,
    ...['\n', '\r\n', '[', ']', '[[', ']]', '{', '}', '=', ',', '"', "'", '"""', "'''", '\\', '\\u', '#', '.', ' '],
    ...['true', '1e9', '0x', '1979-05-27', 'inf', '[number.x]\nnumber = "', '__proto__', 'constructor', '\ufeff'],
  ],
  2000,
);
const file = fc.oneof(
  { weight: 5, arbitrary: text.map((characters) => Buffer.from(characters, 'utf8')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)) },
);
const line = fc.constantFrom('dial 5', 'dial @fax', 'answer', 'watch', 'at', 'reset', 'reset fax', 'detect');

let folder: string | null = null;

export const configuration = fuzz(
  'configuration',
  fc.tuple(file, line, fc.boolean()),
  async ([bytes, typed, isRoot]) => {
    folder ??= mkdtempSync(join(tmpdir(), 'modemctl-fuzz-'));
    const path = join(folder, 'config.toml');
    writeFileSync(path, bytes);
    const settings = await loadSettings({ file: path, env: {}, isRoot, verify: verifierFor(COMMANDS) });
    const lines = bytes.toString('utf8').split('\n');
    assert.ok(settings.faults.length <= 102);
    for (const { message, hint, place } of settings.faults) {
      assert.match(`${message}${hint ?? ''}`, /^[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,2000}$/);
      assert.ok(place.line >= 1 && place.line <= lines.length, `line ${place.line} of ${lines.length}`);
      assert.ok(place.column >= 1 && place.column <= lines[place.line - 1]!.length + 1, `column ${place.column}`);
    }
    const parsed = parseCommandLine(typed.split(' '), COMMANDS, {});
    assert.ok(parsed.kind === 'run');
    const { command, invocation, common } = parsed;
    try {
      await configure(command, invocation, { ...common, config: path }, COMMANDS, {});
    } catch (error) {
      if (!isModemctlError(error)) throw error;
      assert.match(error.message, /^[^\x00-\x1f\x7f-\x9f]{1,2500}$/);
    }
  },
  () => {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    folder = null;
  },
);
