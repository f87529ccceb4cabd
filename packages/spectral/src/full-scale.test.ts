import { describeOnBackends, directionalDerivatives, expectClose } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { ShapeError } from './errors.js';
import { withinFullScale } from './full-scale.js';

describeOnBackends('withinFullScale', () => {
  it('lowers a note beyond full scale as a whole, and leaves its neighbours alone', async () => {
    const audio = tf.tensor2d([
      [0.5, -2, 1],
      [0.25, -1, 0.5],
      [0, 0, 0],
    ]);
    expectClose(await withinFullScale(audio).data(), [0.25, -1, 0.5, 0.25, -1, 0.5, 0, 0, 0], { absolute: 1e-6 });
    expect(() => withinFullScale(tf.cast(audio, 'int32'))).toThrow(ShapeError);
  });

  it('has the gradient that finite differences have, below full scale and beyond', async () => {
    const audio = tf.tensor2d([
      [0.5, -2, 1],
      [0.25, -0.7, 0.5],
    ]);
    const weight = tf.tensor2d([
      [1, 2, -3],
      [4, -5, 6],
    ]);
    const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(withinFullScale(x as tf.Tensor2D), weight));
    for (const [numeric, analytic] of await directionalDerivatives(loss, audio, { step: 1e-3 })) {
      expect(Math.abs(numeric - analytic)).toBeLessThan(0.01 * Math.abs(numeric) + 0.01);
    }
  });
});
