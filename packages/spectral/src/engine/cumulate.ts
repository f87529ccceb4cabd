import * as tf from '@tensorflow/tfjs-core';
import { applyLinear } from './linear.js';

/** Running sum along the frames. Its derivative is the sum from behind; tfjs 4.22's own fails on any axis but the last. */
export const cumulate = (x: tf.Tensor3D): tf.Tensor3D =>
  applyLinear(
    x,
    (y) => tf.cumsum<tf.Tensor3D>(y, 1),
    (dy) => tf.cumsum(dy, 1, false, true),
  );
