import * as tf from '@tensorflow/tfjs-core';
import { checkTensor } from './check.js';

/**
 * The level of what a model decodes: a note whose peak lies beyond full scale is lowered as a whole until its peak is 1; every other note stays
 * as it is. A note alone is judged, never its batch; the sound keeps its shape, where clipping would distort it. Differentiable.
 *
 * @param audio [batch, samples], full scale 1
 * @returns [batch, samples] within [-1, 1]
 * @throws ShapeError unless [batch, samples] of float32
 */
export function withinFullScale(audio: tf.Tensor2D): tf.Tensor2D {
  checkTensor(audio, 'withinFullScale: audio', ['batch', 'samples']);
  return tf.tidy(() => tf.div(audio, tf.maximum(tf.max(tf.abs(audio), 1, true), 1)));
}
