import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { recipeHash, recipeId } from '../recipes/canonical.js';
import { workOf } from '../recipes/cost.js';
import { documentFields } from '../recipes/fields.js';
import { loadRecipe } from '../recipes/library.js';
import { parseKeptRecipe, parseRecipe, RecipeError } from '../recipes/parse.js';
import { families, familyOf } from './index.js';

const problems = (input: unknown): string[] => {
  try {
    parseRecipe(input);
    return [];
  } catch (error) {
    if (!(error instanceof RecipeError)) throw error;
    return error.problems.map(({ field, message }) => `${field}: ${message}`);
  }
};
const waveGan = (training: object, rest: object = {}): object => ({
  name: 'x',
  representation: { kind: 'waveform' },
  normaliser: { kind: 'none' },
  model: { family: 'wavegan' },
  training,
  ...rest,
});

describe('a family', () => {
  it('is what the recipe says, the progressive GAN where it says nothing', () => {
    expect(familyOf(parseRecipe({ name: 'x' })).name).toBe('progressive-gan');
    expect(familyOf(parseRecipe(waveGan({}))).name).toBe('wavegan');
    expect(problems({ name: 'x', model: { family: 'wavegn' } })).toEqual([
      'model.family: found "wavegn". Expected one of progressive-gan, wavegan, wavenet, nsynth-autoencoder. Did you mean "wavegan"?',
    ]);
    for (const family of [3, null, {}, []]) expect(problems({ name: 'x', model: { family } })).toHaveLength(1);
  });

  it.each([
    'progressive',
    'stableImages',
    'transitionImages',
    'criticLearningRate',
    'penaltyEvery',
    'penaltyUnits',
    'ema',
    'resetOptimiser',
    'l1',
  ])('does not know a field that it does not use: wavegan and training.%s', (field) => {
    expect(problems(waveGan({ [field]: 1 }))).toEqual([
      `training.${field}: no field of wavegan, only of progressive-gan${field === 'ema' ? ', wavenet, nsynth-autoencoder' : ''}. Leave it out.`,
    ]);
  });

  it('does not know the fields of another, and suggests its own', () => {
    expect(problems({ name: 'x', training: { criticSteps: 5 } })).toEqual([
      'training.criticSteps: no field of progressive-gan, only of wavegan. Leave it out.',
    ]);
    expect(problems({ name: 'x', model: { family: 'progressive-gan', dim: 8 } })).toEqual([
      'model.dim: no field of progressive-gan, only of wavegan. Leave it out.',
    ]);
    expect(problems(waveGan({ criticStep: 5 }))).toEqual(['training.criticStep: no such field. Did you mean "criticSteps"?']);
    expect(problems(waveGan({ batchSize: [8, 16] }))).toEqual([expect.stringMatching(/^training\.batchSize: found \[8,16\]/)]);
  });

  it('says what its parts contradict', () => {
    expect(problems(waveGan({}, { representation: { kind: 'if-mel' } })).join()).toContain('Expected "waveform"');
    expect(problems(waveGan({}, { normaliser: { kind: 'measured' } }))).toEqual([
      'normaliser.kind: found "measured": wavegan takes samples as they are. Expected "none".',
    ]);
    expect(problems(waveGan({}, { data: { samples: 16_000 } }))).toEqual([
      expect.stringMatching(/^model\.samples: found 65536.*padded to 16384/),
    ]);
    expect(problems(waveGan({ microBatch: 3 }))).toEqual([expect.stringMatching(/^training\.microBatch: found 3/)]);
    const pitch = { dilations: [], plainLayers: 0, heldSamples: 70_000 };
    const steps = [{ from: 0, rate: 1e-3 }, { from: 0, rate: 1e-4 }]; // prettier-ignore
    const waveNet = { family: 'wavenet', pitch };
    expect(
      problems({ name: 'x', model: waveNet, training: { cropSamples: 65_000, microBatch: 3, learningRate: steps } }),
    ).toEqual([
      'training.cropSamples: found 65000: notes have 64000 samples (data.samples).',
      'training.cropSamples: found 65000: not a multiple of model.pitch.hop, 512. The nearest that is: 64000.',
      'training.learningRate[1].from: expected steps that begin at 0 and rise.',
      'training.microBatch: found 3: it does not divide a batch of 32.',
      'model.pitch.heldSamples: found 70000: notes have 64000 samples (data.samples).',
      'model.pitch.plainLayers: found no layer at all. Expected at least one, dilated or ordinary.',
    ]);
    expect(problems({ name: 'x', model: waveNet, training: { leadSamples: 6144 } })).toContain(
      'training.leadSamples: found 6144: of pieces of 6144 samples (training.cropSamples) nothing would be judged.',
    );
    expect(problems({ name: 'x', model: { family: 'progressive-gan', dense: [8] } })).toContain(
      'model.dense: found with 7 blocks. Set blocks 1 and start to the size of the image, or leave dense out.',
    );
    expect(problems({ name: 'x', model: { family: 'wavenet' }, representation: { kind: 'waveform' } })).toHaveLength(1);
    const autoencoder = { family: 'nsynth-autoencoder', hop: 100 };
    expect(problems({ name: 'x', data: { samples: 6000 }, model: autoencoder })).toEqual([
      'training.cropSamples: found 6144: notes have 6000 samples (data.samples).',
      'training.cropSamples: found 6144: not a multiple of model.hop, 100. The nearest that is: 6000.',
    ]);
    expect(problems({ name: 'x', model: { ...autoencoder, pitch: {} } })).toEqual([
      'model.pitch: no field of nsynth-autoencoder, only of wavenet. Leave it out.',
    ]);
  });

  it('has bounds for every number that decides how much memory is taken', () => {
    for (const [path, value] of [
      ['representation', { kind: 'if-mel-harmonic', fullBins: 2 ** 26 }],
      ['representation', { kind: 'if-mel', frames: 2 ** 40 }],
      ['data', { samples: 2 ** 40 }],
      ['model', { family: 'progressive-gan', latentSize: 1e12 }],
      ['model', { family: 'progressive-gan', blocks: 1e9 }],
      ['model', { family: 'progressive-gan', kernelSize: [1e9, 3] }],
      ['model', { family: 'wavegan', dim: 1e9 }],
      ['training', { batchSize: 1e12 }],
      ['saving', { samples: 1e9 }],
    ] as const) {
      expect(problems({ name: 'x', [path]: value }).join(), JSON.stringify(value)).toMatch(/Too big: expected .* to be <=/);
    }
  });

  it('keeps the id of a run from when it had more fields', () => {
    const recipe = loadRecipe('mini/wavegan');
    const old = {
      ...recipe,
      training: {
        ...recipe.training,
        progressive: false,
        stableImages: 800_000,
        transitionImages: 800_000,
        penaltyEvery: 1,
        penaltyUnits: 'image',
        ema: 0.999,
        resetOptimiser: true,
      },
    };
    expect(recipeHash(parseKeptRecipe(old, 'recipe.json'))).toBe(recipeHash(recipe));
    expect(recipeId(parseKeptRecipe(old, 'recipe.json'))).toBe('wavegan-27c775ef');
    const progressive = loadRecipe('mini/smoke');
    const kept = { ...progressive, training: { ...progressive.training, criticSteps: 1 } };
    expect(recipeId(parseKeptRecipe(kept, 'recipe.json'))).toBe(recipeId(progressive));
    expect(() => parseKeptRecipe({ ...old, training: { ...old.training, emma: 1 } }, 'recipe.json')).toThrow(
      /emma: no such field/,
    );
    for (const input of [null, 3, [], { name: 'x', training: 4 }])
      expect(() => parseKeptRecipe(input, 'it')).toThrow(RecipeError);
  });

  it('documents what only it has under its own name, and what all have once', () => {
    const names = documentFields().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        'training(wavegan).learningRate',
        'training(wavenet).learningRate',
        'seed',
        'training(progressive-gan).ema',
        'training(wavegan).criticSteps',
        'model(wavegan).dim',
        'model(progressive-gan).filters.base',
        'data.filter.pitches',
      ]),
    );
    expect(names).not.toContain('training(wavegan).ema');
    expect(documentFields().filter(({ description }) => description === '')).toEqual([]);
    expect(families.map(({ name }) => name)).toEqual(['progressive-gan', 'wavegan', 'wavenet', 'nsynth-autoencoder']);
  });

  it('documents a part that only some have, saying which', () => {
    const plain = { name: 'plain', schema: z.strictObject({ seed: z.int().describe('decides all') }) };
    const fields = documentFields([plain, ...families]);
    expect(fields.find(({ name }) => name === 'representation')?.description).toMatch(/ \(only progressive-gan, wavegan\)$/);
    expect(fields.find(({ name }) => name === 'data')?.description).toMatch(/only/);
    expect(documentFields([plain])).toEqual([{ name: 'seed', type: 'whole number', description: 'decides all' }]);
  });
});

describe('the rest of the program', () => {
  it('names no family: what differs between them, they say themselves', () => {
    const root = new URL('..', import.meta.url);
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('families/'),
    );
    expect(sources).toContain(join('training', 'train-run.ts'));
    const names = new RegExp(`['"\`](${families.map(({ name }) => name).join('|')})['"\`]`);
    expect(sources.filter((file) => names.test(readFileSync(new URL(file, root), 'utf8')))).toEqual([]);
  });
});

describe('the work of a training', () => {
  it('grows with images, and most of it lies in the late stages', async () => {
    const recipe = loadRecipe('mini/if-mel');
    const work = await workOf(recipe);
    const totalImages = familyOf(recipe).total(recipe);
    const shares = [0, 0.25, 0.5, 0.75, 1].map((share) => work(share * totalImages) / work(totalImages));
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    expect(shares[0]).toBe(0);
    expect(shares[2]).toBeLessThan(0.5);
  });

  it('is even where all images are alike', async () => {
    const work = await workOf(loadRecipe('mini/wavegan'));
    expect(work(30_000) / work(60_000)).toBeCloseTo(0.5, 9);
  });
});
