import { defineConfig } from 'vitest/config';
import { common, packages, reporters, resolveWith, root } from './vitest.shared.ts';

/** What needs programs of a cluster: a scheduler (Slurm, on this machine alone), MPI. Where they are absent, tests say so and are skipped. */
export default defineConfig({
  test: {
    reporters,
    // Each starts several processes, and waits for a scheduler or for their beginning much of the time.
    maxWorkers: 3,
    projects: packages.map((name) => ({
      resolve: resolveWith('index'),
      test: {
        ...common,
        name: `${name}-cluster`,
        root: `${root}packages/${name}`,
        include: ['{src,test}/**/*.cluster.test.ts'],
      },
    })),
  },
});
