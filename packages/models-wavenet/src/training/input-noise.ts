import { randomStream } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Adds normal noise to what a network hears of the past. What it is to predict stays as it is, so that it learns to come back from what is a little off: its
 * own samples, when it runs freely, always are.
 *
 * @param deviation in units of the network's input: 1/128 is one mu-law code
 * @param seeds one an example, so that an example hears the same noise in a batch of any size
 * @see Valin & Skoglund 2019, "LPCNet: Improving Neural Speech Synthesis through Linear Prediction", which injects noise so
 */
export function inputNoise(deviation: number, seeds: ArrayLike<number>): (input: tf.Tensor2D) => tf.Tensor2D {
  return (input) => {
    const [, samples] = input.shape;
    const noise = new Float32Array(input.size);
    for (let example = 0; example < seeds.length; example++) {
      noise.set(randomStream(seeds[example]!, 'noise').normalValues(samples), example * samples);
    }
    return tf.add(input, tf.mul(tf.tensor2d(noise, input.shape), deviation));
  };
}
