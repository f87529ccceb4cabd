import * as tf from '@tensorflow/tfjs-core';
import type { LossConfig } from './loss-config.js';

/** A critic as a function of images alone: [batch, height, width, channels] -> scores [batch, 1]. */
export type ScoreFunction = (images: tf.Tensor4D) => tf.Tensor;

/** Points on the lines between real and generated images: real + mixing * (generated - real), one factor an example. */
export function mixImages(real: tf.Tensor4D, generated: tf.Tensor4D, mixing: tf.Tensor1D): tf.Tensor4D {
  return tf.tidy(() => tf.add(real, tf.mul(tf.reshape(mixing, [-1, 1, 1, 1]), tf.sub(generated, real))));
}

/**
 * How steep the critic is: the Euclidean norm of its gradient with respect to each image.
 *
 * @param boxArea pixels of the finished image that one pixel stands for: of k equal pixels each takes 1/k of the gradient, so the norm at
 * the finished size is smaller by sqrt(k)
 * @param units what one unit of slope is a change of, per channel or bin and channel: the gradient is multiplied by it; default 1
 * @returns [batch], differentiable with respect to whatever `score` depends on
 */
export function slopes(score: ScoreFunction, images: tf.Tensor4D, boxArea = 1, epsilon = 0, units?: tf.Tensor): tf.Tensor1D {
  const plain = tf.grad((x) => tf.sum(score(x as tf.Tensor4D)))(images);
  const gradient = units === undefined ? plain : tf.mul(plain, units);
  const squares = tf.mul(tf.sum(tf.square(gradient), [1, 2, 3]), 1 / boxArea);
  return tf.sqrt(epsilon === 0 ? squares : tf.add(squares, epsilon)) as tf.Tensor1D;
}

/**
 * The two-sided gradient penalty, unweighted: mean((slope / target - 1)^2) at `images`.
 *
 * @see Gulrajani et al. 2017, section 4; `wasserstein_gradient_penalty` of TF-GAN
 */
export function gradientPenalty(
  score: ScoreFunction,
  images: tf.Tensor4D,
  { penaltyTarget, penaltyEpsilon }: Pick<LossConfig, 'penaltyTarget' | 'penaltyEpsilon'>,
  boxArea = 1,
  units?: tf.Tensor,
): tf.Scalar {
  const steepness = tf.div(slopes(score, images, boxArea, penaltyEpsilon, units), penaltyTarget);
  return tf.mean(tf.square(tf.sub(steepness, 1)));
}
