import * as tf from '@tensorflow/tfjs-core';

/**
 * Shifts all examples by the same number of samples; what leaves at one end is replaced by a reflection at the other. It keeps a critic
 * from telling generated sound by the phase of its upsampling artefacts. Twice differentiable.
 *
 * @param x [batch, samples, 1, channels]
 * @param offset samples to delay by; negative: to advance by. Its size must be below the number of samples.
 * @see Donahue et al. 2019, section 3.3
 */
export function phaseShuffle(x: tf.Tensor4D, offset: number): tf.Tensor4D {
  if (offset === 0) return x;
  return tf.tidy(() => {
    const [batch, samples, width, channels] = x.shape;
    const count = Math.abs(offset);
    const part = (start: number, length: number): tf.Tensor4D => tf.slice(x, [0, start, 0, 0], [batch, length, width, channels]);
    return offset > 0
      ? tf.concat([tf.reverse(part(1, count), 1), part(0, samples - count)], 1)
      : tf.concat([part(count, samples - count), tf.reverse(part(samples - 1 - count, count), 1)], 1);
  });
}
