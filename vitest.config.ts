import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { common, packages, reporters, resolveWith, root } from './vitest.shared.ts';

const resolve = resolveWith('index');
const tool = (name: string, testTimeout: number) => ({
  resolve,
  test: { ...common, name, root: `${root}tools/${name}`, include: ['src/**/*.test.ts'], testTimeout },
});

/** Everything that Node alone can run. What needs a browser: vitest.browser.config.ts; a scheduler or MPI: vitest.cluster.config.ts. */
export default defineConfig({
  test: {
    reporters,
    // Most tests wait for one thread or for a process they started: one worker would leave a second core idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      ...packages.map((name) => ({
        resolve,
        test: {
          ...common,
          name,
          root: `${root}packages/${name}`,
          include: ['{src,test}/**/*.test.ts'],
          exclude: ['**/*.{browser,e2e,cluster}.test.ts'],
        },
      })),
      // A row runs the command several times.
      tool('failing-inputs', 300_000),
      tool('gates', 600_000),
    ],
  },
});
