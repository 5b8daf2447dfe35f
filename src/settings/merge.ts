/** Files one over the other: the later overrides key by key. */
import { IDENTITY_KEYS } from './schema.ts';
import type { Contents, Setting } from './settings.ts';

export function merge(files: readonly Contents[]): Contents {
  const values = new Map<string, Map<string, Setting>>();
  for (const file of files) {
    for (const [section, settings] of file.values) {
      const merged = values.get(section) ?? new Map<string, Setting>();
      // A modem whose serial is said here is not also the one at the port that was said before.
      if (section.startsWith('modem.') && IDENTITY_KEYS.some((key) => settings.has(key))) {
        for (const key of IDENTITY_KEYS) merged.delete(key);
      }
      for (const [key, setting] of settings) merged.set(key, setting);
      values.set(section, merged);
    }
  }
  return { values, faults: files.flatMap(({ faults }) => faults) };
}
