import * as tf from '@tensorflow/tfjs-core';
import type { FoldedKernel } from './folded-kernel.js';

/** One convolution of the compiled graph, its constants already on the backend. */
export interface CompiledPart {
  /**
   * [batch, height, width, in] -> [batch, height', width', out], bias added. Leaves x alone. Batch 1 for the forms that say so.
   */
  apply(x: tf.Tensor4D): tf.Tensor4D;
  /** Whether leaky ReLU and pixel norm have been applied, too. Default false. */
  readonly activated?: boolean;
  /** For one example whose input is height x width. */
  multiplyAdds(height: number, width: number): number;
  /** Float32 values alive at once while it is applied, its input and output counted. */
  peakValues(height: number, width: number): number;
}

/** Takes charge of a constant: it is freed with the compiled generator. */
export type Keep = <T extends tf.Tensor>(tensor: T) => T;

export const kernelTensor = ({ shape, data }: FoldedKernel): tf.Tensor4D => tf.tensor4d(data, [...shape]);
