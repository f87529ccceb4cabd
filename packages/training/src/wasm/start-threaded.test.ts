import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

interface Report {
  started: { threads: number; reason?: string };
  again: { threads: number; reason?: string };
  /** Threads of this package's own kernels. */
  pool: number;
  sums: number[];
}

/** Runs test/support/threaded-child.ts, which ends by itself if nothing keeps it alive. */
async function runChild(mode: string): Promise<Report> {
  const script = fileURLToPath(new URL('../../test/support/threaded-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, mode], { timeout: 55_000 });
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report;
}

describe('startThreadedWasm', () => {
  it("runs this package's kernels on several threads, and lets the process end", async () => {
    const { started, again, pool, sums } = await runChild('two');
    expect(pool).toBe(2);
    expect(started).toEqual({ threads: 2 });
    expect(again).toEqual({ threads: 2 });
    expect(sums[0]).toBeCloseTo(sums[1] as number, 1);
    expect(sums[2]).toBeCloseTo(sums[3] as number, 1);
  });

  it('starts without threads where one is asked for, and says so', async () => {
    const { started, sums } = await runChild('one');
    expect(started.threads).toBe(1);
    expect(started.reason).toMatch(/1 asked for/);
    expect(sums[2]).toBeCloseTo(sums[3] as number, 1);
  });

  it('starts without threads where they cannot be prepared, and says why', async () => {
    const { started, sums } = await runChild('broken');
    expect(started.threads).toBe(1);
    expect(started.reason).toMatch(/preparing the threads failed: .*ENOENT/);
    expect(sums[2]).toBeCloseTo(sums[3] as number, 1);
  });

  it('leaves a backend alone that runs already, and says why it is not threaded', async () => {
    const { started } = await runChild('late');
    expect(started.threads).toBe(1);
    expect(started.reason).toMatch(/had already started/);
  });
});
