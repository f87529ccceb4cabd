import { leakyRelu } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';

export type Activation = 'leakyRelu' | 'relu' | 'tanh' | 'linear';

/** Slope of every leaky ReLU of the networks. */
const slope = 0.2;

export function activate<T extends tf.Tensor>(x: T, activation: Activation): T {
  if (activation === 'leakyRelu') return leakyRelu(x, slope);
  // A leaky ReLU of slope 0: unlike `tf.relu` it can be differentiated twice.
  if (activation === 'relu') return leakyRelu(x, 0);
  return activation === 'tanh' ? tf.tanh(x) : x;
}
