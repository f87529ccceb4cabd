import { describe, expect, it } from 'vitest';
import {
  classifierSource,
  createPitchClassifier,
  diversity,
  inceptionScore,
  nearestNotes,
  ndb,
  noteQuality,
  pitchEntropy,
  resumeClassifierTask,
  smallClassifier,
} from './index.js';

const settings = smallClassifier();

describe('options that there are not', () => {
  it.each<[name: string, call: (options: never) => unknown]>([
    ['createPitchClassifier', (options) => createPitchClassifier(settings, options)],
    ['classifierSource', (options) => classifierSource([], settings, options)],
    ['pitchEntropy', (options) => pitchEntropy(options)],
    ['diversity', (options) => diversity(options)],
    ['nearestNotes', (options) => nearestNotes(options)],
    ['noteQuality', (options) => noteQuality(options)],
    ['inceptionScore', (options) => inceptionScore(options)],
    ['ndb', (options) => ndb(options)],
  ])('are refused by %s', (_name, call) => {
    expect(() => call({ sede: 1 } as never)).toThrow(/expected options .*, found "sede"/);
  });

  it('are refused by resumeClassifierTask before anything is made', async () => {
    const state = { manifest: {}, tensors: {} };
    await expect(resumeClassifierTask(state, { sorce: 1 } as never)).rejects.toThrow(/found "sorce". Did you mean source\?/);
  });
});
