import { moments } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { defineOperation, type Operation } from './operation.js';

export interface MinibatchStddevConfig {
  /** Whether the mean is held constant when the gradient is differentiated again, as in the original, or not. */
  readonly gradient: 'stopped' | 'exact';
}

/**
 * Appends one constant channel: how much the examples of the batch differ, as the mean over all positions and channels of
 * sqrt(variance over the batch + 1e-6). Lets the critic see a generator that makes the same image again and again.
 *
 * @see Karras et al. 2018, section 3; `layers.scalar_concat` and `minibatch_mean_stddev` of the original
 */
export const minibatchStddev: Operation<MinibatchStddevConfig> = defineOperation({
  className: 'GansynthMinibatchStddev',
  outputShape: (_config, [input]) => {
    const [height, width, channels] = input as [number, number, number];
    return [height, width, channels + 1];
  },
  run: ({ gradient }, [input]) => {
    const x = input as tf.Tensor4D;
    const { variance } = moments(x, 0, { meanGradient: gradient });
    const deviation = tf.mean(tf.sqrt(tf.add(variance, 1e-6)));
    const [batch, height, width] = x.shape;
    return tf.concat([x, tf.mul(tf.ones([batch, height, width, 1]), deviation)], 3);
  },
});
