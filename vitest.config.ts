import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const packages = readdirSync(`${root}packages`);

/** Tests import the packages by their published names and get their sources, so no build is needed between edit and test. */
const alias = [
  ...packages.map((name) => ({ find: new RegExp(`^@gansynth/${name}$`), replacement: `${root}packages/${name}/src/index.ts` })),
  { find: /^@gansynth\/test-kit$/, replacement: `${root}tools/test-kit/src/index.ts` },
];

const common = { testTimeout: 60_000, hookTimeout: 60_000, pool: 'forks' as const };

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      ...packages.map((name) => ({
        extends: true as const,
        test: {
          ...common,
          name,
          root: `${root}packages/${name}`,
          include: ['{src,test}/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts'],
        },
      })),
      {
        extends: true as const,
        test: { ...common, name: 'gates', root: `${root}tools/gates`, include: ['src/**/*.test.ts'], testTimeout: 600_000 },
      },
    ],
  },
});
