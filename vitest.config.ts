import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/kernel/**', 'test/counterparts/**'],
    testTimeout: 30_000,
    // Most of them wait for programs that they run: two workers leave half of two processors idle.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
  },
});
