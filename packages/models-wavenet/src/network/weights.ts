import type * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from '../errors.js';

/** Tensors by variable name. */
export type Weights = Readonly<Record<string, tf.Tensor>>;

/** A convolution's parameters. */
export interface Convolution {
  /** [1, taps, inputs, outputs] */
  readonly kernel: tf.Tensor4D;
  /** [outputs] */
  readonly biases: tf.Tensor1D;
}

/** @throws ArgumentError if the convolution is not among the weights */
export function convolutionOf(weights: Weights, name: string): Convolution {
  const [kernel, biases] = [weights[`${name}/W`], weights[`${name}/biases`]];
  if (kernel?.rank !== 4 || biases?.rank !== 1)
    throw new ArgumentError(
      'WaveNet',
      `expected weights ${name}/W and ${name}/biases, found ${kernel ? 'no biases' : 'none'}.`,
      name,
    );
  return { kernel: kernel as tf.Tensor4D, biases: biases as tf.Tensor1D };
}
