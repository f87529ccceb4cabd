import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkConfig } from '../progressive/config.js';
import { ArgumentError } from '../errors.js';
import { normalise } from '../progressive/operations/affine.js';

export interface ImageDistanceOptions {
  /** How much each channel of the image counts. Default: all alike. */
  readonly channelWeights?: readonly number[];
  /**
   * How much each pixel counts besides, [height, width, channels] or a shape that broadcasts to it; for example the loudness, where the phase
   * of silence must not count.
   */
  readonly pixelWeights?: tf.Tensor;
}

/** Their names, each once. */
export const imageDistanceOptionNames: OptionNames<ImageDistanceOptions> = { channelWeights: true, pixelWeights: true };

/** How far images are from a given one. */
export interface ImageDistance {
  /** Weighted mean of squared differences in normalised units, one an image: [batch, height, width, channels] -> [batch]. */
  measure(images: tf.Tensor4D): tf.Tensor1D;
  dispose(): void;
}

/**
 * The distance that {@link findLatent} makes small: mean_i w_i (a_i - b_i)^2 / mean_i w_i over pixels and channels, where a and b are
 * normalised and clipped to [-1, 1] as the critic sees them.
 *
 * @param target un-normalised, [1, height, width, channels]
 */
export function imageDistance(config: NetworkConfig, target: tf.Tensor4D, options: ImageDistanceOptions = {}): ImageDistance {
  checkOptions('imageDistance', options, imageDistanceOptionNames);
  const { channelWeights, pixelWeights } = options;
  const { channels, normaliser } = config;
  const own = channelWeights ?? Array.from({ length: channels }, () => 1);
  if (
    own.length !== channels ||
    !own.every((weight) => Number.isFinite(weight) && weight >= 0) ||
    own.every((weight) => weight === 0)
  )
    throw new ArgumentError(
      'findLatent',
      `expected ${channels} channel weights of at least 0, not all 0, found [${own}].`,
      channelWeights,
    );
  const normalised = (image: tf.Tensor4D): tf.Tensor4D =>
    normaliser ? (normalise.run(normaliser, [image], []) as tf.Tensor4D) : image;
  const wanted = tf.tidy(() => tf.clone(normalised(target)));
  const weights = tf.tidy(() => {
    const both = tf.mul(tf.mul(tf.tensor1d([...own]), pixelWeights ?? 1), tf.onesLike(wanted));
    return tf.div(both, tf.mean(both)) as tf.Tensor4D;
  });
  return {
    measure: (images) =>
      tf.tidy(() => tf.mean(tf.mul(weights, tf.square(tf.sub(normalised(images), wanted))), [1, 2, 3]) as tf.Tensor1D),
    dispose: () => tf.dispose([wanted, weights]),
  };
}
