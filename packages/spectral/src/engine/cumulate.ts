import * as tf from '@tensorflow/tfjs-core';
import { applyLinear } from './linear.js';

/**
 * Running sum along the frames. Its derivative is the sum from behind. Around tfjs 4.22: `cumsum`'s own gradient fails on any axis but
 * the last, and its `reverse` on webgpu compiles the length into a shader that is then used for other lengths.
 */
export const cumulate = (x: tf.Tensor3D): tf.Tensor3D =>
  applyLinear(
    x,
    (y) => tf.cumsum<tf.Tensor3D>(y, 1),
    (dy) => tf.reverse(tf.cumsum(tf.reverse(dy, 1), 1), 1),
  );
