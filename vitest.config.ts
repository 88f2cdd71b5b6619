import { defineConfig } from 'vitest/config';
import type { Reporter, Vitest } from 'vitest/node';

let vitest: Vitest;

/** No test is left out without a word; -t leaves out what was not asked for. */
const sayLeftOut: Reporter = {
  onInit: (started) => void (vitest = started),
  onTestRunEnd: (modules) => {
    const left = modules.flatMap((module) => {
      const count = [...module.children.allTests('skipped')].length;
      return count > 0 ? [`${count} of ${module.relativeModuleId}`] : [];
    });
    if (left.length > 0 && !vitest.config.testNamePattern) console.warn(`TESTS LEFT OUT: ${left.join(', ')}.`);
  },
};

export default defineConfig({
  test: {
    include: ['test/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    reporters: ['default', sayLeftOut],
    // a question changes the environment, the folder and the streams of its process, which threads would share
    pool: 'forks',
    // and puts them back, so that a process serves many files: the modules are loaded once in each
    isolate: false,
    maxWorkers: '100%',
    // patience for a busy machine: no test is about time
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
