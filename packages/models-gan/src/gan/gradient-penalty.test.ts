import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { gradientPenalty, slopes } from './gradient-penalty.js';
import { lossConfig } from './loss-config.js';

describeOnBackends('slopes in units of the normalised image', () => {
  it('are those of the same critic on normalised images', () => {
    tf.tidy(() => {
      const scale = tf.tensor2d([[0.1, 2]]);
      const offset = tf.tensor2d([[0.3, -0.1]]);
      const weights = tf.randomNormal<tf.Rank.R4>([1, 4, 3, 2], 0, 1, 'float32', 1);
      const judge = (x: tf.Tensor4D): tf.Tensor => tf.sum(tf.tanh(tf.mul(x, weights)), [1, 2, 3]);
      const images = tf.randomNormal<tf.Rank.R4>([3, 4, 3, 2], 0, 0.5, 'float32', 2);
      const normalised = tf.add<tf.Tensor4D>(tf.mul(images, scale), offset);
      const expected = slopes(judge, normalised);
      const found = slopes((x) => judge(tf.add(tf.mul(x, scale), offset)), images, 1, 0, tf.div(1, scale));
      // The same products in another order: float32 rounding.
      expectClose(found.dataSync(), expected.dataSync(), { relative: 1e-5 });
      const losses = lossConfig();
      const penalty = gradientPenalty((x) => judge(tf.add(tf.mul(x, scale), offset)), images, losses, 1, tf.div(1, scale));
      expectClose(penalty.dataSync(), gradientPenalty(judge, normalised, losses).dataSync(), { relative: 1e-4 });
    });
  });
});

it('refuses units that are neither', () => {
  expect(() => lossConfig({ penaltyUnits: 'hertz' as 'image' })).toThrow(
    'losses.penaltyUnits: expected "image" or "normalised", found "hertz"',
  );
});
