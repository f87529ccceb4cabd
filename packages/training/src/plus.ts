import * as tf from '@tensorflow/tfjs-core';

/**
 * `tf.add`, for networks whose activations fill the memory: its gradient needs neither summand, and keeps neither, where that of `tf.add` keeps both. It can
 * be differentiated any number of times.
 *
 * @param b of a shape that is broadcast to that of `a`
 * @returns of the shape of `a`
 */
export const plus = <T extends tf.Tensor>(a: T, b: tf.Tensor): T =>
  tf.customGrad((a, b) => {
    const shape = (b as tf.Tensor).shape;
    return {
      value: tf.add(a as tf.Tensor, b as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => [tf.clone(dy), summedTo(shape, dy)],
    };
  })(a, b) as T;

const summedTo = (shape: number[], dy: tf.Tensor): tf.Tensor => {
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape);
  return axes.length === 0 ? tf.clone(dy) : tf.tidy(() => tf.reshape(tf.sum(dy, axes), shape));
};
