import * as tf from '@tensorflow/tfjs-core';
import { leakyReluGradKernel } from './kernel-names.js';
import { piecewiseLinear } from './masked.js';
import { runOptionalKernel } from './optional-kernel.js';

/**
 * Leaky ReLU that can be differentiated any number of times, on every backend: x where x > 0, else slope * x.
 *
 * `tf.leakyRelu` itself fails at its second derivative (no gradient is registered for `Greater`).
 *
 * @param x any shape, float32
 * @param slope for x <= 0; the networks of the paper use 0.2
 * @returns same shape
 */
export function leakyRelu<T extends tf.Tensor>(x: T, slope = 0.2): T {
  return piecewiseLinear(
    x,
    (x) => tf.leakyRelu(x, slope),
    (dy, x) => runOptionalKernel(leakyReluGradKernel, { dy, x }, { alpha: slope }, () => tf.mul(dy, tf.step(x, slope)))[0]!,
  );
}
