/** What the doctor says of the configuration; nothing where there is none. */
import { printable } from '../core/text.ts';
import { type Finding, ok, warn } from '../services/doctor/finding.ts';
import { placeText, type Settings } from '../settings/settings.ts';

export function examineConfiguration({ files, faults }: Settings): Finding[] {
  const [first, ...more] = faults;
  const others = more.length > 0 ? ` (and ${more.length} more)` : '';
  const wrong = first && printable(`${placeText(first.place)}: ${first.message}${others}`);
  if (wrong) return [warn('configuration', wrong, { remedy: 'modemctl config check' })];
  return files.length > 0 ? [ok('configuration', printable(files.join(' and ')))] : [];
}
