import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'gansynth-no-golden-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const testFiles = ['packages', 'tools', 'examples']
  .flatMap((place) =>
    readdirSync(join(root, place), { recursive: true, encoding: 'utf8' }).map((file) => join(place, file).replaceAll('\\', '/')),
  )
  .filter((file) => file.endsWith('.test.ts') && !/node_modules|\/dist\//.test(file));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Report {
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}

describe('suites that compare with the original', () => {
  const reads = /\b(readGolden|unpackGolden|goldenImagesSuite)|test-support\/golden/;
  const golden = testFiles.filter((file) => reads.test(textOf(file)) && !/\.browser\.test|^tools\/gates/.test(file));

  it('fail, all of them, where their numbers are missing', () => {
    expect(golden.length).toBeGreaterThanOrEqual(15);
    const report = join(folder, 'report.json');
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^VITEST|^GANSYNTH_/.test(name)));
    // Of the longer files, the tests that need the numbers.
    const words = [
      'run',
      ...golden,
      '-t',
      'original|scipy|Magenta|TensorFlow wrote',
      '--reporter=json',
      `--outputFile=${report}`,
    ];
    const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...words], {
      cwd: root,
      env: { ...env, GANSYNTH_GOLDEN: folder },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const failed = testResults.filter((file) => file.status === 'failed').map(({ name }) => name.replaceAll('\\', '/'));
    expect(golden.filter((file) => !failed.some((name) => name.endsWith(file)))).toEqual([]);
  });
});

it('no test skips itself but by the test kit, which asks for genuine NSynth recordings only', () => {
  const skips = /\b(it|test|describe)\b[\w.]*\.(skip|skipIf|runIf|todo|only)\b|\{ skip \}|\bskip\(/;
  expect(testFiles.length).toBeGreaterThan(90);
  // failing-inputs passes over rows that a folder named by hand does not have.
  // Tests of a cluster are no part of `npm test`: they say which program they miss, and .ci/run counts them.
  const mayNotSkip = testFiles.filter((file) => !file.startsWith('tools/gates/src/golden') && !file.endsWith('.cluster.test.ts'));
  const found = mayNotSkip.filter((file) => skips.test(textOf(file)));
  // A full disk is a small file system that is mounted for the test, which not every machine allows; Deno and Bun come from npm, where it has them.
  expect(found.toSorted()).toEqual([
    'packages/nsynth-data/src/full-disk.test.ts',
    'tools/failing-inputs/src/failing-inputs.test.ts',
    'tools/gates/src/runtimes.test.ts',
  ]);
});
