import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from './errors.js';

/**
 * `tf.add`, for networks whose activations fill the memory: its gradient needs neither summand, and keeps neither, where that of `tf.add` keeps both. It can
 * be differentiated any number of times.
 *
 * @param b of a shape that is broadcast to that of `a`
 * @returns of the shape of `a`
 * @throws ArgumentError if `b` is not, or `a` would have to be
 */
export function plus<T extends tf.Tensor>(a: T, b: tf.Tensor): T {
  if (!isBroadcast(b.shape, a.shape))
    throw new ArgumentError('plus', `expected a second summand that is broadcast to [${a.shape}], found [${b.shape}].`, b.shape);
  return tf.customGrad((a, b) => {
    const shape = (b as tf.Tensor).shape;
    return {
      value: tf.add(a as tf.Tensor, b as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => [tf.clone(dy), summedTo(shape, dy)],
    };
  })(a, b) as T;
}

const isBroadcast = (from: readonly number[], to: readonly number[]): boolean =>
  from.length <= to.length && from.every((side, axis) => side === 1 || side === to[to.length - from.length + axis]);

const summedTo = (shape: number[], dy: tf.Tensor): tf.Tensor => {
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape);
  return axes.length === 0 ? tf.clone(dy) : tf.tidy(() => tf.reshape(tf.sum(dy, axes), shape));
};
