import * as tf from '@tensorflow/tfjs-core';
import { piecewiseLinear } from './masked.js';

/**
 * `tf.clipByValue` that can be differentiated any number of times: the gradient is `dy` where x lies in [minimum, maximum], else zero.
 *
 * @param x any shape, float32
 */
export function clip<T extends tf.Tensor>(x: T, minimum: number, maximum: number): T {
  return piecewiseLinear(
    x,
    (x) => tf.clipByValue(x, minimum, maximum),
    (dy, x) => tf.mul(dy, tf.cast(tf.logicalAnd(tf.greaterEqual(x, minimum), tf.lessEqual(x, maximum)), 'float32')),
  );
}
