import * as tf from '@tensorflow/tfjs-core';

/** Whether the current backend has a kernel. */
export const hasKernel = (name: string): boolean => Boolean(tf.getKernel(name, tf.getBackend()));

/** Runs a kernel if the current backend has it, else the composition. No gradient is recorded for the kernel. */
export function runOptionalKernel(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown>,
  compose: () => tf.Tensor | tf.Tensor[],
): tf.Tensor[] {
  const result = hasKernel(name)
    ? tf.engine().runKernel(name, inputs, attributes as Parameters<ReturnType<typeof tf.engine>['runKernel']>[2])
    : compose();
  return Array.isArray(result) ? (result as tf.Tensor[]) : [result as tf.Tensor];
}
