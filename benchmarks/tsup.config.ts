import { defineConfig } from 'tsup';

/**
 * Benchmarks run as plain JavaScript beside the built packages, as a user would run them: loaders that compile on the fly mark every
 * function's name, which made some of them twice as slow.
 */
export default defineConfig({
  entry: ['src/index.ts', 'src/processes-child.ts', 'src/*.bench.ts'],
  format: 'esm',
  target: 'node20',
  tsconfig: 'tsconfig.build.json',
  external: [/^@gansynth\//, /^@tensorflow\//],
  skipNodeModulesBundle: true,
  clean: true,
  silent: true,
});
