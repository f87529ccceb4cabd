import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'gansynth-summary-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Status = 'passed' | 'failed' | 'skipped';
interface Step {
  readonly name?: string;
  readonly status?: number;
  readonly minimum?: string;
  /** How many tests of each outcome; none: the runner wrote no report. */
  readonly tests?: Partial<Record<Status, number>>;
  readonly skippedName?: string;
  /** A file that failed while it was read. */
  readonly died?: boolean;
}

/** Last line and exit status of the summary of some steps. */
function summaryOf(...steps: Step[]): { last: string | undefined; status: number | null; text: string } {
  const rows = steps.map(({ name = 'browser', status = 0, minimum = '1', tests, skippedName = 'x', died = false }, index) => {
    const report = join(folder, `${index}.json`);
    rmSync(report, { force: true });
    if (tests) {
      const assertionResults = Object.entries(tests).flatMap(([outcome, count]) =>
        Array.from({ length: count }, () => ({
          status: outcome,
          fullName: outcome === 'skipped' ? skippedName : 'a test',
          failureMessages: outcome === 'failed' ? ['Error: expected 1\n    at its line'] : [],
        })),
      );
      const testResults = [{ name: 'a.test.ts', status: tests.failed ? 'failed' : 'passed', message: '', assertionResults }];
      if (died) testResults.push({ name: 'dead.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] });
      writeFileSync(report, JSON.stringify({ testResults }));
    }
    return [name, status, 65, minimum, report].join('\t');
  });
  const list = join(folder, 'steps.tsv');
  writeFileSync(list, `${rows.join('\n')}\n`);
  const { stdout, status } = spawnSync(process.execPath, [join(root, '.ci', 'summary.mjs'), list], { encoding: 'utf8' });
  return { last: stdout.trim().split('\n').at(-1), status, text: stdout };
}

const plain = { name: 'plain clone', minimum: '1501' };

describe('the summary of .ci/run', () => {
  it('adds up all steps and succeeds', () => {
    const found = summaryOf(
      { name: 'demo', minimum: '-' },
      { ...plain, tests: { passed: 1600, skipped: 3 }, skippedName: 'x (skipped: needs genuine NSynth recordings)' },
      { tests: { passed: 20, skipped: 7 } },
    );
    expect(found).toMatchObject({ last: '1620 passed, 0 failed', status: 0 });
  });

  it.each<[string, Step, string]>([
    ['too few tests of the plain clone', { ...plain, tests: { passed: 1500 } }, '1500 passed, 1 failed'],
    ['one skipped there for another reason', { ...plain, tests: { passed: 1600, skipped: 1 } }, '1600 passed, 1 failed'],
    ['a failed test', { status: 1, tests: { passed: 5, failed: 2 } }, '5 passed, 2 failed'],
    ['a file that died', { status: 1, tests: { passed: 5 }, died: true }, '5 passed, 1 failed'],
    ['a run that ends badly with all tests passed', { status: 1, tests: { passed: 5 } }, '5 passed, 1 failed'],
    ['a step that is no test run', { status: 3, minimum: '-' }, '0 passed, 1 failed'],
    ['a run without a report', {}, '0 passed, 1 failed'],
  ])('fails for %s', (_, step, last) => {
    expect(summaryOf(step)).toMatchObject({ last, status: 1 });
  });

  it('names what failed', () => {
    const { text } = summaryOf({ status: 1, tests: { passed: 5, failed: 1 }, died: true });
    expect(text).toMatch(/^ {2}.*dead\.test\.ts: SyntaxError\n {2}a test: Error: expected 1\n/m);
  });
});
