/** Loaded into the programs that last: collects garbage, and writes down how much of the heap is left, so that a leak is told from what is only not yet collected. */
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

const EVERY_MS = 4000;

setInterval(() => {
  globalThis.gc();
  try {
    writeFileSync(join(process.env.XDG_RUNTIME_DIR, `heap-${process.pid}`), String(process.memoryUsage().heapUsed));
  } catch {
    // The folder goes at the end.
  }
}, EVERY_MS).unref();
