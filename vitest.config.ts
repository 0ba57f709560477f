import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**'],
    pool: 'forks',
    maxWorkers: 2,
    // Generous: some tests start the whole service several times, and machines are slow when they are busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
