import { randomStream } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';

/** Samples that the level of a sound is taken over. */
const span = 256;

/** Root mean square of each sample and those before it, `span` in all. [batch, samples] */
function levels(input: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const [batch, samples] = input.shape;
    const squares = tf.pad(tf.square(input), [
      [0, 0],
      [span - 1, 0],
    ]);
    const means = tf.avgPool(tf.reshape(squares, [batch, samples + span - 1, 1, 1]) as tf.Tensor4D, [span, 1], 1, 'valid');
    return tf.sqrt(tf.reshape(means, [batch, samples]));
  });
}

/** A share of the level, or the least and the greatest, between which each example has its own. */
export type InputNoise = number | readonly [from: number, to: number];

/** Whether there is any. */
export const hasNoise = (noise: InputNoise): boolean => (typeof noise === 'number' ? noise : noise[1]) > 0;

/**
 * Adds normal noise to what a network hears of the past, as loud as the sound there is. What it is to predict stays as it is, so that it learns to come back
 * from what is a little off: its own samples, when it runs freely, always are. Silence stays silent, and the quiet beginning of a note audible.
 *
 * @param share of the level of the last 256 samples, in units of the network's input (mu-law codes, or 16-bit samples)
 * @param seeds one an example, so that an example hears the same noise in a batch of any size
 * @see Valin & Skoglund 2019, "LPCNet: Improving Neural Speech Synthesis through Linear Prediction", which injects noise so
 */
export function inputNoise(share: InputNoise, seeds: ArrayLike<number>): (input: tf.Tensor2D) => tf.Tensor2D {
  const [from, to] = typeof share === 'number' ? [share, share] : share;
  return (input) =>
    tf.tidy(() => {
      const [, samples] = input.shape;
      const noise = new Float32Array(input.size);
      for (let example = 0; example < seeds.length; example++) {
        noise.set(randomStream(seeds[example]!, 'noise').normalValues(samples), example * samples);
      }
      const shares = Float32Array.from(
        seeds,
        (seed) => from + (to - from) * randomStream(seed, 'share of noise').uniformValues(1)[0]!,
      );
      const deviations = tf.mul(levels(input), tf.tensor2d(shares, [seeds.length, 1]));
      return tf.add<tf.Tensor2D>(input, tf.mul(tf.tensor2d(noise, input.shape), deviations));
    });
}
