import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recipeId } from '../recipes/canonical.js';
import { loadRecipe, readJson, findRecipe } from '../recipes/library.js';
import { parseRecipe } from '../recipes/parse.js';
import { scratch } from '../test-support/packed.js';
import { planSweep, type Sweep } from './plan.js';

const { signal } = new AbortController();

function write(sweep: unknown): string {
  const file = join(scratch(), 'sweep.json');
  writeFileSync(file, JSON.stringify(sweep));
  return file;
}

const plan = (sweep: unknown): Promise<Sweep> => planSweep(write(sweep), signal);

/** The message of a refusal, without the file's name. */
async function refusal(sweep: unknown): Promise<string> {
  const file = write(sweep);
  const error: unknown = await planSweep(file, signal).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'InputError' });
  return (error as Error).message.replaceAll(`${file}: `, '');
}

describe('the plan of a sweep', () => {
  it('has every combination of a grid, the last field fastest, each with the id that its recipe has', async () => {
    const { points, fields, rank } = await plan({
      recipe: 'mini/smoke',
      grid: { 'training.learningRate': [0.001, 0.002], 'model.latentSize': [8, 4, 2] },
      rank: 'fid',
    });
    expect({ fields, rank }).toEqual({ fields: ['training.learningRate', 'model.latentSize'], rank: 'fid' });
    expect(points.map(({ index, settings }) => [index, ...Object.values(settings)])).toEqual([
      [0, 0.001, 8],
      [1, 0.001, 4],
      [2, 0.001, 2],
      [3, 0.002, 8],
      [4, 0.002, 4],
      [5, 0.002, 2],
    ]);
    expect(points[0]!.run).toBe(recipeId(loadRecipe('mini/smoke')));
    expect(new Set(points.map(({ run }) => run)).size).toBe(6);
  });

  it('has the points of a list, shows what each has where it changes nothing, and repeats all with every seed', async () => {
    const { points, fields } = await plan({
      recipe: 'mini/smoke',
      list: [{ 'training.beta1': 0.5 }, { training: { stableImages: 8, transitionImages: 8, totalImages: 24, batchSize: 4 } }],
      seeds: 2,
    });
    expect(fields).toEqual(['training.beta1', 'training', 'seed']);
    expect(points.map(({ settings }) => [settings['training.beta1'], settings['seed']])).toEqual([
      [0.5, 0],
      [0, 0],
      [0.5, 1],
      [0, 1],
    ]);
    const source = readJson(findRecipe('mini/smoke')) as { training: object };
    const own = parseRecipe({ ...source, seed: 1, training: { ...source.training, beta1: 0.5 } });
    expect(points[2]!.run).toBe(recipeId(own));
  });

  it('begins with a recipe file beside it', async () => {
    const file = write({ recipe: 'mine', grid: {} });
    writeFileSync(join(file, '..', 'mine.json'), JSON.stringify({ name: 'mine', seed: 3 }));
    expect((await planSweep(file, signal)).points.map(({ recipe }) => recipe.seed)).toEqual([3]);
  });

  it.each([
    ['no object', [], /^found \[\]\. Expected object/i],
    ['an unknown part', { recipe: 'mini/smoke', gird: {} }, /^gird: no such field. Did you mean "grid"\?/m],
    ['neither', { recipe: 'mini/smoke' }, /expected "grid" or "list", found neither/],
    ['both', { recipe: 'mini/smoke', grid: {}, list: [{}] }, /found both/],
    ['no values', { recipe: 'mini/smoke', grid: { seed: [] } }, /^grid\.seed: found \[\]\. Too small/],
    ['one value alone', { recipe: 'mini/smoke', grid: { seed: 3 } }, /^grid\.seed: found 3\. Expected array/i],
    ['an unknown score', { recipe: 'mini/smoke', grid: {}, rank: 'fidd' }, /^rank: .*Did you mean "fid"\?/],
    ['an unknown recipe', { recipe: 'mini/smok', grid: {} }, /Did you mean "mini\/smoke"\?/],
    [
      'a misspelt field',
      { recipe: 'mini/smoke', grid: { 'training.learnigRate': [1] } },
      /Did you mean "training.learningRate"\?/,
    ],
    [
      'half a field',
      { recipe: 'mini/smoke', list: [{ learningRate: 1 }] },
      /^list\.0: learningRate: .*"training.learningRate"\?/,
    ],
    ['no field at all', { recipe: 'mini/smoke', grid: { zzzzzzzzzzzz: [1] } }, /gansynth recipes fields/],
    ['another prototype', '{"recipe":"mini/smoke","list":[{"__proto__.x":1}]}', /__proto__\.x: no recipe has such a field/],
    [
      'a field of another family',
      { recipe: 'mini/smoke', grid: { 'model.dim': [1] } },
      /^point 0 \(model.dim 1\): model.dim: no field of progressive-gan, only of wavegan/,
    ],
    [
      'a field in a field',
      { recipe: 'mini/smoke', list: [{ model: {}, 'model.latentSize': 1 }] },
      /model.latentSize: expected fields apart, found model too/,
    ],
    ['two words on seeds', { recipe: 'mini/smoke', grid: { seed: [1] }, seeds: 2 }, /found both/],
    [
      'too many points',
      {
        recipe: 'mini/smoke',
        grid: Object.fromEntries(
          ['seed', 'training.beta1', 'training.beta2'].map((field) => [field, Array.from({ length: 3000 }, (_, i) => i)]),
        ),
      },
      /at most 10000 points, found 27000000000/,
    ],
  ])('is refused for %s', async (_what, sweep, message) => {
    expect(await refusal(typeof sweep === 'string' ? (JSON.parse(sweep) as unknown) : sweep)).toMatch(message);
  });

  it('names every point that is wrong, a fault of many once', async () => {
    const grid = { 'training.learningRate': [0.001, -1], 'training.beta1': [0, 0.5, 2] };
    const lines = (await refusal({ recipe: 'mini/smoke', grid })).split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^points 2, 5: training\.beta1: found 2\./),
      expect.stringMatching(/^points 3, 4, 5: training\.learningRate: found -1\./),
    ]);
  });

  it('names points that would be one run, and why', async () => {
    expect(await refusal({ recipe: 'mini/smoke', grid: { seed: [1, 2, 1] } })).toMatch(
      /^points 0 and 2: .*smoke-.*: they are the same/,
    );
    expect(await refusal({ recipe: 'mini/smoke', grid: { 'saving.samples': [1, 2] } })).toMatch(
      /^points 0 and 1: .*they differ only in saving\.samples/,
    );
  });

  it('ends when it is asked to', async () => {
    const sweep = { recipe: 'mini/smoke', grid: { seed: Array.from({ length: 9000 }, (_, i) => i) } };
    await expect(planSweep(write(sweep), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
