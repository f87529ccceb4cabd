import { randomStream } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';
import type { DecoderInputs } from '../network/decoder.js';

/**
 * Leaves out a share of the first convolution's outputs and enlarges the others to make up for it.
 *
 * @param seeds one an example, so that an example loses the same in a batch of any size
 */
export function inputDropout(rate: number, seeds: ArrayLike<number>): NonNullable<DecoderInputs['dropout']> {
  return (x, where) => {
    const [, samples, channels] = x.shape;
    const size = samples * channels;
    const mask = new Float32Array(seeds.length * size);
    for (let example = 0; example < seeds.length; example++) {
      const uniform = randomStream(seeds[example]!, `dropout/${where}`).uniformValues(size);
      for (let index = 0; index < size; index++) mask[example * size + index] = uniform[index]! < rate ? 0 : 1 / (1 - rate);
    }
    return tf.mul<tf.Tensor3D>(x, tf.tensor3d(mask, x.shape));
  };
}
