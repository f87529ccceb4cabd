import { ModelFileError } from '@gansynth/model-files';
import { describe, expect, it } from 'vitest';
import { magentaHighResolution, magentaProgress, parseMagentaExperiment } from './magenta-experiment.js';

describe('magentaProgress', () => {
  // The schedule of the published model: 800,000 images stable, 800,000 in transition, blocks 1, 2, 2, 3, 3, ...
  it.each([
    [0, 1, 0],
    [800_000, 1, 0],
    [1_200_000, 2, 0.5],
    [2_400_000, 2, 1],
    [11_000_000, 7, 6],
  ])('after %i images with %i blocks is %f', (images, blocks, progress) => {
    expect(magentaProgress(magentaHighResolution, images, blocks)).toBe(progress);
  });
});

describe('parseMagentaExperiment', () => {
  it('fills what a file leaves out with the original library defaults', () => {
    const { network, representation: image } = parseMagentaExperiment('{"start_height": 2, "start_width": 16}');
    expect(network.filters).toEqual({ base: 512, decay: 1, max: 128 });
    expect(image).toEqual({ kind: 'if-mel', frames: 128, bins: 1024, samples: 64_000, sampleRate: 16_000 });
  });

  it.each([
    '[]',
    'null',
    '7',
    '{"kernel_size": "3"}',
    '{"mag_normalizer_a": 0}',
    '{"start_height": 1e300}',
    '{"fmap_max": null, "fmap_base": 0}',
  ])('refuses %s as a malformed file', (text) => {
    expect(() => parseMagentaExperiment(text)).toThrow(ModelFileError);
  });
});
