import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

interface Report {
  started: { threads: number; reason?: string };
  /** Of a start that hangs: whether all that it changes while it is at work was as before, and its folder gone. */
  restored: boolean;
  /** Of helpers that come late: whether they have ended. */
  ended?: boolean;
  again: { threads: number; reason?: string };
  /** Threads of this package's own kernels. */
  pool: number;
  /** Results on wasm, divided by those on cpu. */
  ratios: number[];
}

/** Runs test/support/threaded-child.ts, which ends by itself if nothing keeps it alive. */
async function runChild(mode: string): Promise<Report> {
  const script = fileURLToPath(new URL('../../test/support/threaded-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, mode], { timeout: 55_000 });
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report;
}

function expectOnes(ratios: readonly number[]): void {
  expect(ratios).toHaveLength(4);
  for (const ratio of ratios) expect(ratio).toBeCloseTo(1, 4);
}

describe('startThreadedWasm', () => {
  it("runs this package's kernels on several threads, and lets the process end", async () => {
    const { started, again, pool, ratios } = await runChild('two');
    expect(pool).toBe(2);
    expect(started).toEqual({ threads: 2 });
    expect(again).toEqual({ threads: 2 });
    expectOnes(ratios);
  });

  it('starts without threads where one is asked for, and says so', async () => {
    const { started, ratios } = await runChild('one');
    expect(started.threads).toBe(1);
    expect(started.reason).toMatch(/1 asked for/);
    expectOnes(ratios);
  });

  it('starts without threads where they cannot be prepared, and says why', async () => {
    const { started, ratios } = await runChild('broken');
    expect(started.threads).toBe(1);
    expect(started.reason).toMatch(/preparing the threads failed: .*ENOENT/);
    expectOnes(ratios);
  });

  it.each(['hanging', 'hanging-shared'])('gives up a start that hangs (%s), and leaves nothing changed by it', async (mode) => {
    const { started, restored, ratios } = await runChild(mode);
    expect(started).toEqual({ threads: 1, reason: 'the threads did not start within 0.2 seconds' });
    expect(restored).toBe(true);
    expectOnes(ratios);
  });

  it('ends helpers that come when it waits for them no longer', async () => {
    const { started, ended, again, pool, ratios } = await runChild('late-helpers');
    expect(started).toEqual({ threads: 1, reason: 'the threads did not start within 1234 seconds' });
    expect(ended).toBe(true);
    expect([again.threads, pool]).toEqual([1, 1]);
    expectOnes(ratios);
  });

  it('leaves a backend alone that runs already, and says why it is not threaded', async () => {
    const { started } = await runChild('late');
    expect(started.threads).toBe(1);
    expect(started.reason).toMatch(/had already started/);
  });
});
