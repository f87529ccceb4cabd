import { describe, expect, it } from 'vitest';
import { canonicalJson, recipeHash, recipeId } from './canonical.js';
import { differences } from './diff.js';
import { loadRecipe, shippedRecipes } from './library.js';
import { parseRecipe, type RecipeError } from './parse.js';

const problems = (input: unknown): string[] => {
  try {
    parseRecipe(input);
    return [];
  } catch (error) {
    return (error as RecipeError).problems.map(({ field, message }) => `${field}: ${message}`);
  }
};

/** Problems of images of harmonic numbers. */
const harmonic = (how: object, data: object = {}): string[] =>
  problems({
    name: 'x',
    data,
    representation: { kind: 'harmonic', ...how },
    normaliser: { kind: 'measured' },
    model: { family: 'progressive-gan', start: [8, 8], blocks: 4 },
  });

/** Problems of images. */
const image = (representation: object, data: object = {}): string[] => problems({ name: 'x', representation, data });

describe('a recipe', () => {
  it('needs no more than a name', () => {
    const recipe = parseRecipe({ name: 'plain' });
    expect(recipe).toMatchObject({
      representation: { kind: 'if-mel', frames: 128, bins: 1024 },
      training: { learningRate: 8e-4 },
    });
  });

  it('has an id that only what is learned decides', () => {
    const recipe = parseRecipe({ name: 'a/b' });
    const { seed: _seed, ...rest } = recipe;
    const same = { ...rest, seed: 0, name: 'a/b', description: 'other', saving: { ...recipe.saving, samples: 0 } };
    expect(recipeId(parseRecipe(same))).toBe(recipeId(recipe));
    expect(recipeId(parseRecipe({ name: 'a/b', data: { path: '/elsewhere' } }))).toBe(recipeId(recipe));
    expect(recipeHash(parseRecipe({ name: 'a/b', seed: 1 }))).not.toBe(recipeHash(recipe));
  });

  it('is refused where its parts contradict each other, with the arithmetic', () => {
    expect(problems({ name: 'x', model: { family: 'progressive-gan', blocks: 6 } })).toEqual([
      expect.stringMatching(/^model\.start: found \[2,16\]: 6 blocks make 64 x 512, the representation has 128 x 1024/),
    ]);
    expect(problems({ name: 'x', representation: { kind: 'if' } })).toEqual([
      expect.stringMatching(/^normaliser\.kind: .*"measured"/),
    ]);
    expect(problems({ name: 'x', model: { family: 'wavegan' } }).join()).toContain('Expected "waveform"');
    expect(problems({ name: 'x', model: { family: 'progressive-gan', filters: [8, 8] } })).toContainEqual(
      expect.stringMatching(/^model\.filters: found 2 widths: 7 blocks need 8/),
    );
    expect(
      problems({ name: 'x', model: { family: 'progressive-gan', latentSize: 1, instruments: ['flute', 'horn'] } }),
    ).toContainEqual(expect.stringMatching(/^model\.latentSize: found 1: the 2 instruments/));
    const attribute = { name: 'velocity', velocities: [[30], [90, 30]] };
    const told = problems({ name: 'x', model: { family: 'progressive-gan', latentSize: 1, attributes: [attribute, attribute] } });
    expect(told).toContainEqual(expect.stringMatching(/^model\.latentSize: found 1: the 2 instruments and attributes/));
    expect(told).toContainEqual('model.attributes[0].velocities: found 30 twice in "velocity": a note has one level.');
    expect(told).toContainEqual('model.attributes[1].name: found "velocity" twice. Give each a name of its own.');
    const crossed = { attributes: ['velocity', 'touch'], anchors: 2 };
    const crossing = {
      name: 'x',
      model: { family: 'progressive-gan', attributes: [{ ...attribute, velocities: [[30], [90]] }], crossed },
    };
    expect(problems(crossing)).toEqual([
      'model.crossed.attributes: found "touch". Expected names of model.attributes: velocity.',
    ]);
    expect(problems({ name: 'x', model: { family: 'progressive-gan' }, training: { instrumentLead: 0.5 } })).toEqual([
      expect.stringMatching(/^training\.instrumentLead: found 0\.5 without model\.instruments/),
    ]);
    const alone = { name: 'x', model: { family: 'progressive-gan' }, training: { adversarialAfter: 0.5 } };
    expect(problems(alone)).toEqual([expect.stringMatching(/^training\.adversarialAfter: found 0\.5: .* training\.l1/)]);
    expect(problems({ ...alone, training: { adversarialAfter: 0.5, l1: 10 } })).toEqual([]);
    expect(problems({ name: 'x', training: { microBatch: 3 } })).toEqual([
      expect.stringMatching(/^training\.microBatch: found 3/),
    ]);
  });

  it('has images of harmonic numbers whose frames and bins are enough', () => {
    expect(harmonic({})).toEqual([]);
    expect(harmonic({ noiseBands: 64 })).toEqual([
      expect.stringMatching(/^representation.noiseBands: expected noiseBands below bins = 64.*found 64/),
    ]);
    expect(harmonic({ halfHarmonics: 2 })).toEqual([]);
    expect(harmonic({ halfHarmonics: 56 })).toEqual([
      expect.stringMatching(/^representation.halfHarmonics: expected halfHarmonics below bins - noiseBands = 56.*found 56/),
    ]);
    expect(harmonic({ modulation: true }, { samples: 48_000 })).toEqual([]);
    expect(harmonic({ modulation: true, noiseBands: 7 }, { samples: 48_000 })).toEqual([
      expect.stringMatching(/^representation.modulation: expected noiseBands of at least 8 to hold it, found 7/),
    ]);
    expect(harmonic({ modulation: true })).toEqual([
      expect.stringMatching(/^representation.modulation: expected frames of at most 62\.5 ms, found 81 ms\. Raise frames/),
    ]);
    expect(harmonic({ onsetFrames: 64 })).toEqual([
      expect.stringMatching(/^representation.onsetFrames: expected onsetFrames below frames = 64, found 64/),
    ]);
    expect(harmonic({}, { samples: 2000 })).toEqual([
      expect.stringMatching(/^representation.onsetHop: expected 2000 samples to hold 16 onset frames of 128/),
    ]);
  });

  it('has images that its notes can become', () => {
    expect(image({ kind: 'if-mel', overlap: 0.6 })).toEqual([
      expect.stringMatching(/^representation.overlap: expected overlap 0\.5, 0\.75.*found 0\.6/),
    ]);
    expect(image({ kind: 'if-mel' }, { samples: 80_000 })).toEqual([
      expect.stringMatching(/^representation.frames: expected an image that covers 80000 samples, found 128 frames of 1024 bins/),
    ]);
    expect(image({ kind: 'if-mel', frames: 65_536, bins: 16_384 })).toEqual([
      expect.stringMatching(/^representation.frames: expected at most 33554432 values/),
      expect.stringMatching(/^model.start: .* the representation has 65536 x 16384/),
    ]);
    const small = { name: 'x', normaliser: { kind: 'measured' }, model: { family: 'progressive-gan', blocks: 5 } };
    const averaged = (sizes: object): string[] =>
      problems({ ...small, representation: { kind: 'if-mel-harmonic', frames: 32, bins: 256, ...sizes } });
    expect(averaged({})).toEqual([]);
    expect(averaged({ bins: 96 })).toEqual([
      expect.stringMatching(/^representation.bins: expected bins to divide fullBins 1024/),
      expect.stringMatching(/^model.start: .* the representation has 32 x 96/),
    ]);
    expect(averaged({ fullFrames: 64 })).toEqual([
      expect.stringMatching(/^representation.fullFrames: expected an image that covers 64000 samples, found 64 frames/),
    ]);
  });

  it('is refused for anything that is no recipe', () => {
    for (const input of [null, 3, 'text', [], { name: 7 }, { name: '../up' }, { name: 'x', data: null }]) {
      expect(problems(input).length, JSON.stringify(input)).toBeGreaterThan(0);
    }
  });

  it.each(shippedRecipes())('%s, as shipped, is valid and bears the name of its file', (name) => {
    expect(loadRecipe(name).name).toBe(name);
  });
});

describe('canonical JSON', () => {
  it('is the same for equal values whatever the order of their keys', () => {
    expect(canonicalJson({ b: [1, { d: 2, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,{"d":2}]}');
  });
});

describe('differences', () => {
  it('name the deepest fields', () => {
    expect(differences({ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 }, d: 4 })).toEqual([
      { field: 'a.c', a: 2, b: 3 },
      { field: 'd', a: undefined, b: 4 },
    ]);
  });
});
