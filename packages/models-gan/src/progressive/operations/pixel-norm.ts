import * as tf from '@tensorflow/tfjs-core';
import { defineOperation, type Operation } from './operation.js';

export interface PixelNormConfig {
  readonly epsilon: number;
}

/** Every pixel's channel vector to unit mean square: x / sqrt(mean_c(x^2) + epsilon). Any rank. @see Engel et al. 2019, equation 1 */
export const pixelNorm: Operation<PixelNormConfig> = defineOperation({
  className: 'GansynthPixelNorm',
  run: ({ epsilon }, [x]) => {
    const meanSquare = tf.mean(tf.square(x!), -1, true);
    return tf.mul(x!, tf.rsqrt(tf.add(meanSquare, epsilon)));
  },
});
