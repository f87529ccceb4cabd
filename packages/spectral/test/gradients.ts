import * as tf from '@tensorflow/tfjs-core';
import { noise } from './signals.js';

/**
 * Derivative of f along random directions, [central difference, gradient]: asynchronous, since some GPUs cannot be read otherwise.
 */
export async function directional(
  f: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  { step = 1e-2, directions = 3 }: { step?: number; directions?: number } = {},
): Promise<[numeric: number, analytic: number][]> {
  const pairs: [number, number][] = [];
  for (let k = 0; k < directions; k++) {
    const v = tf.tensor(noise(x.size, { seed: 100 + k, scale: 1 }), x.shape);
    const up = tf.tidy(() => tf.sum(f(tf.add(x, tf.mul(v, step)))));
    const down = tf.tidy(() => tf.sum(f(tf.sub(x, tf.mul(v, step)))));
    const slope = tf.tidy(() => tf.sum(tf.mul(tf.grad((input) => tf.sum(f(input)))(x), v)));
    const [a, b, c] = await Promise.all([up, down, slope].map(async (t) => (await t.data())[0] as number));
    pairs.push([((a as number) - (b as number)) / (2 * step), c as number]);
    tf.dispose([v, up, down, slope]);
  }
  return pairs;
}
