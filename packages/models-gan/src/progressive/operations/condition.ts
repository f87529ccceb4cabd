import * as tf from '@tensorflow/tfjs-core';
import { defineOperation, type Operation } from './operation.js';

/** Adds a vector to every pixel: [batch, height, width, channels], [batch, channels] -> [batch, height, width, channels]. */
export const addToPixels: Operation = defineOperation({
  className: 'GansynthAddToPixels',
  run: (_config, [image, vector]) =>
    tf.add(image as tf.Tensor4D, tf.reshape(vector as tf.Tensor2D, [-1, 1, 1, (image as tf.Tensor4D).shape[3]])),
});

/** Picks each example's own value: [batch, classes], one-hot [batch, classes] -> [batch, 1]. */
export const pickClass: Operation = defineOperation({
  className: 'GansynthPickClass',
  outputShape: () => [1],
  run: (_config, [values, classes]) => tf.sum(tf.mul(values as tf.Tensor2D, classes as tf.Tensor2D), 1, true),
});
