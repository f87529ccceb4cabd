import * as tf from '@tensorflow/tfjs-core';

/**
 * Central finite differences of a scalar function along random directions, beside its gradient: pairs [numeric, analytic].
 * Directions instead of elements: every element takes part, and rounding averages out.
 */
export function directionalDerivatives(
  f: (x: tf.Tensor) => tf.Scalar,
  x: tf.Tensor,
  { step = 1e-2, directions = 4, seed = 1 }: { step?: number; directions?: number; seed?: number } = {},
): [numeric: number, analytic: number][] {
  return tf.tidy(() => {
    const gradient = tf.grad((input) => f(input))(x);
    return Array.from({ length: directions }, (_, k): [number, number] => {
      const v = tf.randomNormal(x.shape, 0, 1, 'float32', seed + k);
      const up = f(tf.add(x, tf.mul(v, step))).dataSync()[0] as number;
      const down = f(tf.sub(x, tf.mul(v, step))).dataSync()[0] as number;
      return [(up - down) / (2 * step), tf.sum(tf.mul(gradient, v)).dataSync()[0] as number];
    });
  });
}
