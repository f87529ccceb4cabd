import * as tf from '@tensorflow/tfjs-core';

/** Runs a kernel if the current backend has it, else the composition. No gradient is recorded for the kernel. */
export function runOptionalKernel(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown>,
  compose: () => tf.Tensor | tf.Tensor[],
): tf.Tensor[] {
  const result =
    tf.getKernel(name, tf.getBackend()) === undefined || tf.getKernel(name, tf.getBackend()) === null
      ? compose()
      : tf.engine().runKernel(name, inputs, attributes as Parameters<ReturnType<typeof tf.engine>['runKernel']>[2]);
  return Array.isArray(result) ? (result as tf.Tensor[]) : [result as tf.Tensor];
}
