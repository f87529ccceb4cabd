import * as tf from '@tensorflow/tfjs-core';
import type { Representation } from './representation.js';

/** Loud and without a period, so that no frame that reaches it stays what it is in silence. */
const noise = (n: number): number => 0.9 * Math.sin(1e4 * Math.sin(1 + n * n));

/**
 * Which frames of an image say nothing of what comes after so many samples: what may be compared with a recording that ends there.
 *
 * @param samples 0 or more
 * @param pitch MIDI, for kinds that need one
 * @returns [frames], 1 where it does not depend on what follows, 0 where it does
 */
export async function framesBefore(representation: Representation, samples: number, pitch: number): Promise<Float32Array> {
  if (samples >= representation.samples) return new Float32Array(representation.frames).fill(1);
  const apart = tf.tidy(() => {
    const followed = Float32Array.from({ length: representation.samples }, (_, n) => (n < samples ? 0 : noise(n)));
    const audio = tf.stack([tf.zeros([representation.samples]), tf.tensor1d(followed)]) as tf.Tensor2D;
    const [silent, heard] = tf.split(representation.encode(audio, [pitch, pitch]), 2);
    return tf.max(tf.abs(tf.sub(silent!, heard!)), [0, 2, 3]);
  });
  const values = await apart.data();
  apart.dispose();
  return Float32Array.from(values, (value) => (value <= 1e-6 ? 1 : 0));
}
