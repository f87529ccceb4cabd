import { memoryFiles, memorySink, type WeightPrecision } from '@gansynth/model-files';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { networkConfig } from '../progressive/config.js';
import { images, randomModel } from '../test-support/random-model.js';
import { tinyNetwork } from '../test-support/synthetic.js';
import { withEvenRanges } from './even-ranges.js';
import { GeneratorModel } from './generator-model.js';
import { loadGenerator, saveModel } from './save-load.js';

const options = { ...tinyNetwork, dense: [7, 5], blocks: 1, start: [4, 6] } as const;
const name = (part: string): string => `Generator/progressive_gan_generator/progressive_gan_block_1/${part}`;
const last = name('to_rgb/dense/kernel');

/** One whose hidden values' weights are of sizes from a hundredth to a hundred, and one that nothing listens to. */
function uneven(): GeneratorModel {
  const plain = randomModel(networkConfig(options));
  const scaled = tf.tidy(() => tf.mul(plain.weights[last]!, tf.tensor2d([0.01, 1, 0, 100, 3], [5, 1])));
  const made = new GeneratorModel({ config: plain.config, weights: { ...plain.weights, [last]: scaled } });
  scaled.dispose();
  plain.dispose();
  return made;
}

const lastInEight = (weight: { name: string }): WeightPrecision => (weight.name === last ? 'uint8' : 'float32');
const reach = (model: GeneratorModel, weight: string): number[] =>
  tf.tidy(() => [...tf.max(tf.abs(model.weights[weight]!), 1).dataSync()]);

describeOnBackends('a generator with even ranges', () => {
  test('makes the same images, with weights that reach equally far from each hidden value', async () => {
    await expectNoLeak(() => {
      const model = uneven();
      const even = withEvenRanges(model);
      const [before, after] = [images(model), images(even)];
      // Rounding of single precision at the largest values.
      expectClose(after, before, { absolute: 3e-6 * Math.max(...before.map(Math.abs)) });
      for (const weight of [last, name('dense_2/dense/kernel')]) {
        const far = reach(even, weight).filter((one) => one > 0);
        expectClose(Float32Array.from(far), new Float32Array(far.length).fill(Math.max(...far)), { relative: 1e-6 });
      }
      expect(reach(even, last)[2]).toBe(0);
      even.dispose();
      model.dispose();
    });
  });

  test('loses little of them in a quarter of the bytes, where it lost much as it was', async () => {
    const model = uneven();
    const even = withEvenRanges(model);
    const exact = images(model);
    const largest = Math.max(...exact.map(Math.abs));
    const lost = async (one: GeneratorModel): Promise<number> => {
      const sink = memorySink();
      await saveModel(one, sink, {}, { precision: lastInEight });
      const { model: loaded } = await loadGenerator(memoryFiles(sink.files));
      const back = images(loaded);
      loaded.dispose();
      return Math.sqrt(exact.reduce((sum, value, i) => sum + (value - back[i]!) ** 2, 0) / exact.length) / largest;
    };
    const [before, after] = [await lost(model), await lost(even)];
    expect(after).toBeLessThan(0.01);
    expect(after).toBeLessThan(before);
    even.dispose();
    model.dispose();
  });
});

describe('a generator of convolutions', () => {
  test('has no such ranges', () => {
    const model = randomModel(tinyNetwork, { blocks: 3, progress: 2 });
    expect(() => withEvenRanges(model)).toThrow(/withEvenRanges: expected a fully connected generator \(dense\)/);
    model.dispose();
  });
});
