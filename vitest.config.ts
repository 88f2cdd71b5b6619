import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    dir: 'test',
    include: ['*.test.ts'],
    // a question changes the environment, the folder and the streams of its process, which threads would share
    pool: 'forks',
    testTimeout: 120_000,
  },
});
