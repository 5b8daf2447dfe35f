/** What a soak came to, as a table. */

/** @param memory rows of name, first and last kB, slope in kB a minute or null */
export function printSummary(journal, seed, memory) {
  console.log(`\nSoak, seed ${seed}: ${Math.round(journal.now / 1000)} s`);
  for (const [name, count] of [...journal.counts].sort(([a], [b]) => a.localeCompare(b))) {
    console.log(`  ${name.padEnd(62)} ${String(count).padStart(7)}`);
  }
  console.log('  heap in use after collection');
  for (const { name, first, last, perMinute } of memory) {
    const slope = perMinute === null ? 'too short to tell' : `${perMinute.toFixed(0)} kB a minute`;
    console.log(`    ${name.padEnd(30)} ${String(first).padStart(7)} kB to ${String(last).padStart(7)} kB  ${slope}`);
  }
}

export function printViolations(journal, seed) {
  for (const { text, at, before } of journal.violations.slice(0, 20)) {
    console.log(`\nFAILED at ${(at / 1000).toFixed(2)} s: ${text}\n  the last events before:`);
    for (const line of before.slice(-40)) console.log(`  ${line}`);
  }
  console.log(`\n${journal.violations.length} failures. The same choices again: npm run soak -- --seed ${seed}`);
}
