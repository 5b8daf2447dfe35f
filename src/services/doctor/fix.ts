/** What `--fix` is to do, of all that was found. */
import type { Finding, Fix } from './finding.ts';

/** Each thing once. */
export function fixesFor(findings: readonly Finding[]): Fix[] {
  const wanted = findings.flatMap(({ fix }) => (fix === null ? [] : [fix]));
  const keys = new Map(wanted.map((fix) => [fix.kind === 'lock' ? fix.path : fix.kind, fix]));
  return [...keys.values()];
}
