import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('.', import.meta.url));
export const packages: readonly string[] = readdirSync(`${root}packages`);

/** Tests import the packages by their published names and get their sources, so no build is needed between edit and test. */
const sources = packages.flatMap((name) => [
  { find: new RegExp(`^@gansynth/${name}$`), replacement: `${root}packages/${name}/src/index.ts` },
  { find: new RegExp(`^@gansynth/${name}/([\\w-]+)$`), replacement: `${root}packages/${name}/src/$1.ts` },
]);

/** How a project resolves the packages, and the test kit by one of its two entries. */
export const resolveWith = (entry: 'index' | 'browser'): { alias: { find: RegExp; replacement: string }[] } => ({
  alias: [{ find: /^@gansynth\/test-kit$/, replacement: `${root}tools/test-kit/src/${entry}.ts` }, ...sources],
});

/** Limits are for what hangs: a test that takes seconds may take minutes where others work as well. */
export const common = { testTimeout: 180_000, hookTimeout: 180_000, pool: 'forks' as const };

/** GANSYNTH_TEST_REPORT names a JSON file that receives every test's result besides what the terminal shows. */
const report = process.env['GANSYNTH_TEST_REPORT'];
export const reporters: ('default' | ['json', { outputFile: string }])[] = report
  ? ['default', ['json', { outputFile: report }]]
  : ['default'];
