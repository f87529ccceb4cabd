import * as tf from '@tensorflow/tfjs-core';

/**
 * A product of `dy` with a mask made from `x`: its own gradient with respect to `dy`, and constant in `x` almost everywhere.
 *
 * `x` is saved, but is no input of the node: adding its zero derivative would cost two passes over memory.
 */
export function masked(dy: tf.Tensor, x: tf.Tensor, apply: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.customGrad((dy, save) => {
    (save as (tensors: tf.Tensor[]) => void)([x]);
    return {
      value: apply(dy as tf.Tensor, x),
      gradFunc: (ddy: tf.Tensor, saved: tf.Tensor[]) => masked(ddy, saved[0]!, apply),
    };
  })(dy);
}

/** A piecewise linear function of one tensor: `value` forwards, `slope` times `dy` backwards, to every order. */
export function piecewiseLinear<T extends tf.Tensor>(
  x: T,
  value: (x: tf.Tensor) => tf.Tensor,
  applySlope: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor,
): T {
  return tf.customGrad((x, save) => {
    (save as (tensors: tf.Tensor[]) => void)([x as tf.Tensor]);
    return {
      value: value(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => masked(dy, saved[0]!, applySlope),
    };
  })(x) as T;
}
