import { plus } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import type { Convolution } from './weights.js';

/** A convolution of one tap. */
export function pointwise(x: tf.Tensor3D, { kernel, biases }: Convolution): tf.Tensor3D {
  return tf.tidy(() => plus(pointwiseProduct(x, tf.reshape(kernel, kernel.shape.slice(2) as [number, number])), biases));
}

/**
 * @param x [batch, samples, channels]
 * @param matrix [channels, outputs]
 */
export function pointwiseProduct(x: tf.Tensor3D, matrix: tf.Tensor2D): tf.Tensor3D {
  const [batch, samples, channels] = x.shape;
  return tf.tidy(() =>
    tf.reshape(tf.matMul(tf.reshape(x, [batch * samples, channels]), matrix), [batch, samples, matrix.shape[1]]),
  );
}
