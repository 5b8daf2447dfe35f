// Runs the cases in the guest, one after another: each starts with an empty USB bus, and its verdict is printed by name.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DEFAULT_LIMIT_MS, type KernelCase } from './case.ts';
import { Guest } from './guest.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    /** `0/2`: every second case from the first on, `1/2`: the others; for two guests beside each other. */
    deal: { type: 'string', default: '0/1' },
    essential: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

async function loadCases(): Promise<KernelCase[]> {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'cases');
  const found: KernelCase[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.js')) continue;
    const module = (await import(pathToFileURL(join(folder, file)).href)) as { cases: KernelCase[] };
    found.push(...module.cases);
  }
  const wanted = values.only.map((pattern) => new RegExp(pattern, 'i'));
  const chosen = wanted.length === 0 ? found : found.filter(({ name }) => wanted.some((pattern) => pattern.test(name)));
  const [turn, guests] = values.deal.split('/').map(Number) as [number, number];
  const due = values.essential ? chosen.filter(({ essential }) => essential) : chosen;
  if (values.essential && turn === 0)
    console.log(`# ${chosen.length - due.length} cases are left to the whole kernel test (npm run test:kernel)`);
  return due.filter((_, index) => index % guests === turn);
}

/** Null if it held, else why not. */
async function runCase(candidate: KernelCase, guest: Guest): Promise<unknown> {
  const limitMs = candidate.limitMs ?? DEFAULT_LIMIT_MS;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${limitMs / 1000} s`)), limitMs);
  });
  try {
    await guest.begin();
    await Promise.race([candidate.run(guest), limit]);
    return null;
  } catch (error) {
    return error ?? new Error('thrown without a reason');
  } finally {
    clearTimeout(timer);
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

const cases = await loadCases();
if (values.list) {
  for (const { name } of cases) console.log(name);
  process.exit(0);
}

let failed = 0;
for (const candidate of cases) {
  const guest = new Guest({ verbose: values.verbose });
  const start = performance.now();
  const failure = await runCase(candidate, guest);
  const elapsed = Math.round(performance.now() - start);
  if (failure === null) {
    console.log(`ok ${candidate.name} (${elapsed} ms)`);
  } else {
    failed += 1;
    console.log(`not ok ${candidate.name} (${elapsed} ms)`);
    console.log(indent(failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)));
    console.log(indent(guest.evidence()));
  }
  await guest.end();
}
// For the script outside, which adds up what its guests count.
console.log(`@@count ${cases.length - failed} ${failed}`);
process.exit(failed > 0 || cases.length === 0 ? 1 : 0);
