import * as tf from '@tensorflow/tfjs-core';
import { clipGradKernel } from './kernel-names.js';
import { piecewiseLinear } from './masked.js';
import { runOptionalKernel } from './optional-kernel.js';

/**
 * `tf.clipByValue` that can be differentiated any number of times: the gradient is `dy` where x lies in [minimum, maximum], else zero.
 *
 * @param x any shape, float32
 */
export function clip<T extends tf.Tensor>(x: T, minimum: number, maximum: number): T {
  return piecewiseLinear(
    x,
    (x) => tf.clipByValue(x, minimum, maximum),
    (dy, x) =>
      runOptionalKernel(clipGradKernel, { dy, x }, { minimum, maximum }, () =>
        tf.mul(dy, tf.cast(tf.logicalAnd(tf.greaterEqual(x, minimum), tf.lessEqual(x, maximum)), 'float32')),
      )[0]!,
  );
}
