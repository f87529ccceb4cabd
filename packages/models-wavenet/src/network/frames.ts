import { plus } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from '../errors.js';

/**
 * Adds to each sample the frame it lies in: every frame holds for `hop` samples, without a transition.
 *
 * @param x [batch, samples, channels]
 * @param frames [batch, frames, channels]
 * @throws ArgumentError if there are fewer frames than the samples need, or more
 * @see `magenta/models/nsynth/wavenet/h512_bo16.py`, _condition
 */
export function addFrames(x: tf.Tensor3D, frames: tf.Tensor3D, hop: number): tf.Tensor3D {
  const [batch, samples, channels] = x.shape;
  const count = Math.ceil(samples / hop);
  if (frames.shape.join() !== [batch, count, channels].join())
    throw new ArgumentError(
      'WaveNet',
      `expected frames [${[batch, count, channels]}] for ${samples} samples (a frame for each ${hop}), found [${frames.shape}].`,
      frames.shape,
    );
  return tf.tidy(() => {
    const missing = count * hop - samples;
    const whole =
      missing === 0
        ? x
        : tf.pad(x, [
            [0, 0],
            [0, missing],
            [0, 0],
          ]);
    const sum = plus(tf.reshape(whole, [batch, count, hop, channels]), tf.reshape(frames, [batch, count, 1, channels]));
    const flat = tf.reshape(sum, [batch, count * hop, channels]) as tf.Tensor3D;
    return missing === 0 ? flat : tf.slice(flat, 0, [batch, samples, channels]);
  });
}
