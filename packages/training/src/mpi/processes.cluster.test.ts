import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const child = fileURLToPath(new URL('../../test/support/mpi-child.ts', import.meta.url));
const isThere = spawnSync('mpirun', ['--version']).status === 0;
if (!isThere) console.warn('skipped: no mpirun here (Debian: apt-get install openmpi-bin)');

interface Said {
  readonly rank: number;
  readonly ranks: number;
  readonly end: string;
  readonly steps: number;
  readonly state: string;
  readonly weights: readonly number[];
  readonly ticks: number;
  readonly tensors: number;
  readonly localRank: number;
  readonly localRanks: number;
}

interface Outcome {
  readonly code: number | null;
  /** By rank. */
  readonly said: readonly Said[];
  readonly errors: string;
}

const environment = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };

/** As somebody would start them: what hangs is ended after two minutes, and is then no result. */
function run(ranks: number, mode: string, wire = 'float32'): Promise<Outcome> {
  const command = ['--oversubscribe', '-n', `${ranks}`, process.execPath, '--import', 'tsx', child, mode, wire];
  return new Promise((resolve) => {
    execFile('mpirun', command, { env: environment, timeout: 120_000 }, (error, stdout, stderr) => {
      const said = stdout
        .split('\n')
        .filter((line) => line.startsWith('{"rank"'))
        .map((line) => JSON.parse(line) as Said);
      const code = error ? (typeof error.code === 'number' ? error.code : null) : 0;
      resolve({ code, said: said.toSorted((one, other) => one.rank - other.rank), errors: stderr });
    });
  });
}

describe.skipIf(!isThere)('processes of one training, by MPI', () => {
  it('end in the same weights however many they are, bit for bit', async () => {
    const alone = await run(1, 'train');
    expect(alone).toMatchObject({ code: 0, said: [{ rank: 0, ranks: 1, end: 'complete', steps: 5 }] });
    for (const ranks of [2, 4]) {
      const { code, said, errors } = await run(ranks, 'train');
      expect(errors).not.toMatch(/abort|error|training:/i);
      expect(code).toBe(0);
      expect(said.map(({ rank, localRank, localRanks }) => [rank, localRank, localRanks])).toEqual(
        Array.from({ length: ranks }, (_, rank) => [rank, rank, ranks]),
      );
      for (const { state, tensors } of said) {
        expect(state).toBe(alone.said[0]?.state);
        expect(tensors).toBe(alone.said[0]?.tensors);
      }
    }
  });

  it('with gradients of 16 bits are near, and the same as each other', async () => {
    const alone = await run(1, 'train');
    const { code, said } = await run(4, 'train', 'float16');
    expect(code).toBe(0);
    expect(new Set(said.map(({ state }) => state)).size).toBe(1);
    expect(said[0]?.state).not.toBe(alone.said[0]?.state);
    for (const [index, weight] of (said[0]?.weights ?? []).entries()) {
      expect(weight).toBeCloseTo(alone.said[0]!.weights[index]!, 3);
    }
    expect(said[0]?.weights).toHaveLength(2);
  });

  it('stop at the same step when one is asked to', async () => {
    const { code, said } = await run(4, 'stop');
    expect(code).toBe(0);
    expect(said.map(({ end, steps }) => [end, steps])).toEqual(Array.from({ length: 4 }, () => ['aborted', 3]));
    expect(new Set(said.map(({ state }) => state)).size).toBe(1);
    // Timers run while a process waits for others.
    for (const { ticks } of said) expect(ticks).toBeGreaterThan(0);
  });

  it.each([
    ['freeze', 75, /expected process 1 of 2 to answer, found nothing of it for \d+ seconds .*the same command goes on/],
    ['die', 137, /process.* exited on signal 9/],
    ['throw', 1, /Error: no more\n +at /],
    ['disagree', 3, /expected the same recipe on all 2 processes, found a on process 0 \(.+\) and b on process 1/],
    ['apart', 3, /expected all processes at the same update, found process 0 at line \(\d gradients\) and process 1 at other/],
    ['unclosed', 70, /a process ended without closing its part of MPI/],
  ])('all end where one does otherwise (%s), with a code and a message', async (mode, wanted, message) => {
    const { code, errors } = await run(2, mode);
    expect(errors).toMatch(message);
    expect(code).toBe(wanted);
  });
});
