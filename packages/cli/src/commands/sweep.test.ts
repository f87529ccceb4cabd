import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../runs/lock.js';
import { inProcess } from '../test-support/in-process.js';
import { scratch } from '../test-support/packed.js';
import { demoNotes } from '../test-support/trained.js';

const sweep = {
  recipe: 'mini/smoke',
  grid: { 'training.learningRate': [0.001, 0.002], 'model.latentSize': [8, 4], 'training.totalImages': [24] },
};

/** A folder with the sweep and notes. */
function prepared(): string {
  const cwd = scratch();
  demoNotes(cwd);
  writeFileSync(join(cwd, 'sweep.json'), JSON.stringify(sweep));
  return cwd;
}

interface Trained {
  readonly points: readonly { readonly index: number; readonly run: string; readonly state: string; readonly done: number }[];
  readonly open: number;
}

async function json<Data>(cwd: string, words: readonly string[]): Promise<Data> {
  const { status, stdout, stderr } = await inProcess(['sweep', ...words, '--json'], { cwd });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Data;
}

const train = (cwd: string, ...words: readonly string[]): Promise<Trained> =>
  json(cwd, ['train', 'sweep.json', '--data', 'notes', ...words]);

/** The last checkpoint's tensors of every run, as bytes. */
function weights(cwd: string): Map<string, Buffer> {
  return new Map(
    readdirSync(join(cwd, 'runs'))
      .sort()
      .map((run) => {
        const checkpoints = join(cwd, 'runs', run, 'checkpoints');
        const newest = join(checkpoints, readdirSync(checkpoints).sort().at(-1)!);
        const files = readdirSync(newest)
          .sort()
          .filter((name) => !name.endsWith('.json'));
        expect(files.length).toBeGreaterThan(0);
        return [run, Buffer.concat(files.map((name) => readFileSync(join(newest, name))))];
      }),
  );
}

let whole: string;
let trained: Trained;
beforeAll(async () => {
  whole = prepared();
  trained = await train(whole);
});

describe('gansynth sweep train', () => {
  it('trains every point, each as a run', () => {
    expect(trained).toMatchObject({ open: 0 });
    expect(trained.points.map(({ index, state, done }) => [index, state, done])).toEqual(
      [0, 1, 2, 3].map((i) => [i, 'finished', 24]),
    );
    expect(readdirSync(join(whole, 'runs')).sort()).toEqual(trained.points.map(({ run }) => run).sort());
  });

  it('gives the same weights in shares, stopped and gone on with', async () => {
    const cwd = prepared();
    const stopped = await train(cwd, '--shard', '1/2', '--minutes', '0.00001');
    expect(stopped.points.map(({ index, state }) => [index, state])).toEqual([
      [1, 'unfinished'],
      [3, 'not begun'],
    ]);
    expect(stopped.open).toBe(2);
    expect(await train(cwd, '--shard', '1/2')).toMatchObject({ open: 0 });
    expect((await train(cwd, '--index', '2')).points.map(({ index }) => index)).toEqual([2]);
    expect((await train(cwd, '--shard', '0/2')).points.map(({ index }) => index)).toEqual([0, 2]);
    const [shares, undivided] = [weights(cwd), weights(whole)];
    expect([...shares.keys()]).toEqual([...undivided.keys()]);
    for (const [run, bytes] of undivided) expect(bytes.equals(shares.get(run)!), run).toBe(true);
    expect(new Set([...undivided.values()].map((bytes) => bytes.toString('base64'))).size).toBe(4);
  });

  it("takes a recipe's hours for its end, and no step beyond them", async () => {
    const cwd = prepared();
    const grid = { 'training.hours': [1e-9] };
    writeFileSync(join(cwd, 'sweep.json'), JSON.stringify({ ...sweep, grid }));
    const first = await train(cwd);
    expect(first).toMatchObject({ open: 0, points: [{ state: 'finished', done: 4 }] });
    expect(await train(cwd)).toEqual(first);
    // As a process leaves it that was killed before it could say that this was the end.
    const log = join(cwd, 'runs', first.points[0]!.run, 'log', 'log.jsonl');
    const text = readFileSync(log, 'utf8');
    expect(text).toContain('"reason":"hours"');
    writeFileSync(log, text.replace('"reason":"hours"', '"reason":"limit"'));
    expect(await json<{ points: object[] }>(cwd, ['list', 'sweep.json'])).toMatchObject({ points: [{ state: 'unfinished' }] });
    expect(await train(cwd)).toEqual(first);
  });

  it('touches nothing that is finished, and passes over what another process trains', async () => {
    const [first] = trained.points;
    const run = join(whole, 'runs', first!.run);
    const before = readdirSync(run, { recursive: true }).length;
    expect(await train(whole)).toEqual(trained);
    expect(readdirSync(run, { recursive: true })).toHaveLength(before);
    const cwd = prepared();
    mkdirSync(join(cwd, 'runs', first!.run), { recursive: true });
    const lock = lockFolder(join(cwd, 'runs', first!.run));
    try {
      const { points, open } = await train(cwd, '--shard', '0/4');
      expect(points).toMatchObject([{ index: 0, state: 'busy', why: expect.stringContaining(first!.run) }]);
      expect(open).toBe(1);
    } finally {
      lock.release();
    }
  });

  it('leaves a point that diverged as it is, and goes on with the others', async () => {
    const cwd = prepared();
    const grid = { 'training.gradientPenalty': [1e9, 10], 'training.totalImages': [24] };
    writeFileSync(join(cwd, 'sweep.json'), JSON.stringify({ recipe: 'mini/smoke', grid }));
    const { points, open } = await train(cwd);
    expect(points).toMatchObject([{ state: 'diverged', why: expect.stringMatching(/finite|diverge/i) }, { state: 'finished' }]);
    expect(open).toBe(0);
    expect(await train(cwd)).toMatchObject({ points: [{ state: 'diverged' }, { state: 'finished' }] });
    const { missing } = await json<{ missing: object[] }>(cwd, ['table', 'sweep.json']);
    expect(missing).toMatchObject([{ index: 0, why: expect.stringMatching(/^diverged at/) }, { index: 1 }]);
  });

  it('trains nothing where any point is wrong', async () => {
    const cwd = prepared();
    writeFileSync(join(cwd, 'sweep.json'), JSON.stringify({ ...sweep, grid: { 'training.learningRate': [0.001, 'fast'] } }));
    const { status, stderr } = await inProcess(['sweep', 'train', 'sweep.json', '--data', 'notes', '--index', '0'], { cwd });
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: expect.stringMatching(/sweep\.json: point 1 .*learningRate: found "fast"/),
    });
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
  });

  it.each([
    ['an index past the end', ['--index', '4'], /--index from 0 to 3, found 4/],
    ['an index and a share', ['--index', '1', '--shard', '0/2'], /--index or --shard, found both/],
    ['a share that is none', ['--shard', '2/2'], /0 <= i < n/],
  ])('refuses %s', async (_what, words, message) => {
    const { status, stderr } = await inProcess(['sweep', 'train', 'sweep.json', ...words], { cwd: whole });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
  });
});

describe('gansynth sweep list', () => {
  it('shows points, runs, costs and how far they are', async () => {
    const { points } = await json<{ points: { run: string; flop: number; state: string }[] }>(whole, ['list', 'sweep.json']);
    expect(points.map(({ run, state }) => ({ run, state }))).toEqual(
      trained.points.map(({ run }) => ({ run, state: 'finished' })),
    );
    for (const { flop } of points) expect(flop).toBeGreaterThan(0);
    const { stdout } = await inProcess(['sweep', 'list', 'sweep.json', '--runs', 'elsewhere'], { cwd: whole });
    expect(stdout).toMatch(/^point +training\.learningRate +model\.latentSize/);
    expect(stdout.match(/not begun/g)).toHaveLength(4);
  });
});

interface Ranked {
  readonly ranked: readonly { readonly index: number; readonly score: number; readonly scores: Record<string, number> }[];
  readonly missing: readonly { readonly index: number; readonly why: string }[];
  readonly ways: number;
}

const runOf = (index: number): string => join('runs', trained.points[index]!.run);
const table = (...words: readonly string[]): Promise<Ranked> => json(whole, ['table', 'sweep.json', ...words]);

describe('gansynth sweep table', () => {
  beforeAll(async () => {
    const how = ['--data', 'notes', '--hold-out', '0.6', '--classifier-steps', '4', '--no-untrained'];
    for (const index of [1, 3]) {
      const { status, stderr } = await inProcess(['evaluate', '--model', runOf(index), ...how], { cwd: whole });
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    }
  });

  it('ranks what is scored, and says what is missing and why', async () => {
    const { ranked, missing, ways } = await table();
    expect(ranked.map(({ index }) => index).sort()).toEqual([1, 3]);
    expect(ranked[0]!.score).toBeLessThan(ranked[1]!.score);
    expect(ranked[0]!.score).toBe(ranked[0]!.scores['fid']);
    expect(missing.map(({ index, why }) => [index, why])).toEqual(
      [0, 2].map((index) => [index, `no scores yet: gansynth evaluate --model ${runOf(index)}`]),
    );
    expect(ways).toBe(1);
    const { stdout } = await inProcess(['sweep', 'table', 'sweep.json'], { cwd: whole });
    expect(stdout).toMatch(/^rank +point .*FID +NDB \/ k/);
    expect(stdout).toContain('2 of 4 points ranked by FID');
  });

  it('ranks by what is asked, the greater first where more is better', async () => {
    const { ranked } = await table('--by', 'harmonics');
    expect(ranked[0]!.score).toBeGreaterThan(ranked[1]!.score);
    const { status, stderr } = await inProcess(['sweep', 'table', 'sweep.json', '--by', 'best'], { cwd: whole });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('Allowed choices are ndb, fid') });
  });

  it('tells damaged and outdated scores, and scores of other conditions', async () => {
    const file = join(whole, runOf(3), 'scores.json');
    const good = readFileSync(file, 'utf8');
    try {
      for (const bad of ['{}', '{"kind":', '{"kind":"gansynth-evaluation","format":1,"trained":{},"classifier":null}']) {
        writeFileSync(file, bad);
        expect(
          (await table()).missing.map(({ index }) => index),
          bad,
        ).toEqual([0, 2, 3]);
      }
      writeFileSync(file, good.replace(/"generatedCount": ?\d+/, '"generatedCount": 7'));
      expect(await table()).toMatchObject({ ways: 2, ranked: [{}, {}] });
      const { stdout } = await inProcess(['sweep', 'table', 'sweep.json'], { cwd: whole });
      expect(stdout).toContain('2 ways of scoring');
      writeFileSync(file, good);
      utimesSync(file, 1, 1);
      expect((await table()).missing.at(-1)).toMatchObject({ index: 3, why: expect.stringMatching(/older than its model/) });
    } finally {
      writeFileSync(file, good);
    }
    rmSync(join(whole, runOf(0)), { recursive: true });
    expect((await table()).missing[0]).toMatchObject({ index: 0, why: 'not begun' });
  });
});
