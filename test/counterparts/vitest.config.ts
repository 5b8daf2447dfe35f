import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/counterparts/**/*.test.ts'],
    reporters: ['verbose'],
    // They wait for programs and for a modem's own times.
    maxWorkers: 4,
    testTimeout: 90_000,
    hookTimeout: 30_000,
  },
});
