import { randomStream } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';
import { checkCount } from '../check.js';
import type { Representation } from './representation.js';

/**
 * Which frames of an image say nothing of what comes after so many samples: what may be compared with a recording that ends there.
 *
 * @param samples a whole number, 0 or more
 * @param pitch MIDI, for kinds that need one
 * @returns [frames], 1 where it does not depend on what follows, 0 where it does
 * @throws OptionError for samples that cannot be counted, and as `encode` for the pitch
 */
export async function framesBefore(representation: Representation, samples: number, pitch: number): Promise<Float32Array> {
  checkCount(samples, 'framesBefore', 'samples', 0);
  if (samples >= representation.samples) return new Float32Array(representation.frames).fill(1);
  const apart = tf.tidy(() => {
    // Loud and without a period: no frame that hears of it stays what it is in silence.
    const followed = randomStream(0, 'frames-before')
      .uniformValues(representation.samples)
      .map((value) => 2 * value - 1);
    const audio = tf.stack([tf.zeros([representation.samples]), tf.tensor1d(followed.fill(0, 0, samples))]) as tf.Tensor2D;
    const [silent, heard] = tf.split(representation.encode(audio, [pitch, pitch]), 2);
    return tf.max(tf.abs(tf.sub(silent!, heard!)), [0, 2, 3]);
  });
  const values = await apart.data();
  apart.dispose();
  return Float32Array.from(values, (value) => (value <= 1e-6 ? 1 : 0));
}
