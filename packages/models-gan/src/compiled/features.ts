import * as tf from '@tensorflow/tfjs-core';

/** Slope of every leaky ReLU of the generator. */
export const slope = 0.2;

/** Leaky ReLU in one pass. `slopes` is the slope once a channel. On wasm the stock LeakyRelu takes fifteen times as long as PReLU. */
export function leaky(x: tf.Tensor4D, slopes: tf.Tensor1D): tf.Tensor4D {
  return tf.getBackend() === 'wasm' ? (tf.prelu<tf.Tensor>(x, slopes) as tf.Tensor4D) : tf.leakyRelu(x, slope);
}

export const leakySlopes = (channels: number): tf.Tensor1D => tf.tidy(() => tf.mul(tf.ones([channels]), slope));

/** 1 / sqrt(mean_c(x^2) + epsilon), [..., 1]. What the pixel norm multiplies by. */
export function inverseNorm<T extends tf.Tensor>(x: T, epsilon: number): tf.Tensor {
  return tf.tidy(() => tf.rsqrt(tf.add(tf.mean(tf.mul(x, x), -1, true), epsilon)));
}

/** Leaky ReLU, then pixel norm. Frees `x`. */
export function activated(x: tf.Tensor4D, slopes: tf.Tensor1D, epsilon: number): tf.Tensor4D {
  const y = tf.tidy(() => {
    const positive = leaky(x, slopes);
    return tf.mul(positive, inverseNorm(positive, epsilon)) as tf.Tensor4D;
  });
  x.dispose();
  return y;
}

/**
 * The activation of the image layers. On wasm the logistic function is threaded SIMD code and tanh is not:
 * tanh(x) = 2 sigmoid(2 x) - 1, exact to 2^-22.
 */
export function squash(x: tf.Tensor4D, activation: 'tanh' | 'linear'): tf.Tensor4D {
  if (activation === 'linear') return x;
  if (tf.getBackend() !== 'wasm') return tf.tanh(x);
  return tf.tidy(() => tf.sub(tf.mul(tf.sigmoid(tf.add(x, x)), 2), 1));
}
