import * as tf from '@tensorflow/tfjs-core';
import { product, type Shape, type VariableSpec } from './operation.js';

/** How a layer's kernel is stored and used. */
export interface KernelConfig {
  /**
   * Equalised learning rate: the kernel is stored with unit variance and multiplied by gain / sqrt(fanIn) at run time. `null`: stored as
   * it is used.
   */
  readonly gain: number | null;
}

/** Inputs that feed one output: all kernel axes but the last. */
const fanIn = (kernel: Shape): number => product(kernel.slice(0, -1));

/** Kernel and bias of a layer, named as the original names them: an equalised kernel lies one level deeper (`conv2d/kernel`). */
export function kernelAndBias(config: KernelConfig, level: 'conv2d' | 'dense', kernel: Shape, units: number): VariableSpec[] {
  const equalised = config.gain !== null;
  return [
    {
      name: equalised ? `${level}/kernel` : 'kernel',
      shape: kernel,
      // The plain variant starts as TF-Slim's variance scaling does: factor 2, truncated normal.
      initial: equalised
        ? { kind: 'normal', deviation: 1 }
        : { kind: 'truncatedNormal', deviation: Math.sqrt((1.3 * 2) / fanIn(kernel)) },
    },
    { name: 'bias', shape: [units], initial: { kind: 'zeros' } },
  ];
}

/** The kernel as it multiplies: stored kernel times gain / sqrt(fanIn). */
export function scaledKernel<T extends tf.Tensor>(kernel: T, gain: number | null): T {
  return gain === null ? kernel : tf.mul(kernel, gain / Math.sqrt(fanIn(kernel.shape)));
}
