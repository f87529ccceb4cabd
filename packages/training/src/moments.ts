import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from './check-options.js';
import * as tf from '@tensorflow/tfjs-core';

/** The value of `x`, of which no derivative is taken. */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) }))(x) as T;
}

export interface MomentsOptions {
  /** Keep reduced axes with size 1. Default false. */
  readonly keepDims?: boolean;
  /**
   * Whether the variance, when differentiated, sees the mean move with `x`.
   *
   * `stopped` (default) is what TensorFlow's `tf.nn.moments` does, and so the original. The first derivative is the same either way
   * (the omitted term sums to zero); the second is not, and inside a gradient penalty that changes the weights' gradient by 2 to 97 per
   * cent in small networks. `exact` is the true derivative, and what `tf.moments` does.
   */
  readonly meanGradient?: 'stopped' | 'exact';
}

/** Their names, each once. */
export const momentsOptionNames: OptionNames<MomentsOptions> = { keepDims: true, meanGradient: true };

/**
 * Mean and population variance over `axes`, with a choice of derivative. The minibatch standard deviation of a progressive GAN's
 * critic is `tf.sqrt(tf.add(moments(x, 0).variance, 1e-6))`.
 *
 * @param x any shape, float32
 * @param axes axes to reduce; all of them if left out
 */
export function moments(
  x: tf.Tensor,
  axes?: number | number[],
  options: MomentsOptions = {},
): { mean: tf.Tensor; variance: tf.Tensor } {
  checkOptions('moments', options, momentsOptionNames);
  const { keepDims = false, meanGradient = 'stopped' } = options;
  const [mean, variance] = tf.tidy(() => {
    const kept = tf.mean(x, axes, true);
    const centred = tf.sub(x, meanGradient === 'stopped' ? stopGradient(kept) : kept);
    const variance = tf.mean(tf.square(centred), axes, keepDims);
    return [tf.reshape(kept, variance.shape), variance] as [tf.Tensor, tf.Tensor];
  });
  return { mean, variance };
}
