import * as tf from '@tensorflow/tfjs-core';

const read = async (scalar: tf.Tensor): Promise<number> => {
  const [value] = await scalar.data();
  scalar.dispose();
  return value!;
};

/**
 * Central finite differences of a scalar function along random directions, beside its gradient: pairs [numeric, analytic].
 * Directions instead of elements: every element takes part, and rounding averages out. Values are read asynchronously: on webgpu a
 * synchronous read gives zeros, and zeros always agree.
 */
export async function directionalDerivatives(
  f: (x: tf.Tensor) => tf.Scalar,
  x: tf.Tensor,
  { step = 1e-2, directions = 4, seed = 1 }: { step?: number; directions?: number; seed?: number } = {},
): Promise<[numeric: number, analytic: number][]> {
  const gradient = tf.tidy(() => tf.grad((input) => f(input))(x));
  const pairs: [numeric: number, analytic: number][] = [];
  for (let k = 0; k < directions; k++) {
    const v = tf.randomNormal(x.shape, 0, 1, 'float32', seed + k);
    const up = await read(tf.tidy(() => f(tf.add(x, tf.mul(v, step)))));
    const down = await read(tf.tidy(() => f(tf.sub(x, tf.mul(v, step)))));
    const analytic = await read(tf.tidy(() => tf.sum(tf.mul(gradient, v))));
    v.dispose();
    pairs.push([(up - down) / (2 * step), analytic]);
  }
  gradient.dispose();
  return pairs;
}
