import * as tf from '@tensorflow/tfjs-core';
import { leakyReluGradKernel } from './kernel-names.js';

/** The part of tfjs-node's backend that runs an operation of TensorFlow by name. */
interface TensorflowBackend {
  readonly binding: { readonly TF_ATTR_FLOAT: number; readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number };
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly tf.TensorInfo[]): tf.Tensor;
}

/**
 * Lets tfjs-node use TensorFlow's own gradient of leaky ReLU: one pass over memory instead of the six of `step`. Registering a kernel
 * loads nothing; where there is no such backend, it is never called.
 */
export function registerTensorflowKernels(): void {
  if (tf.getKernel(leakyReluGradKernel, 'tensorflow')) return;
  tf.registerKernel({
    kernelName: leakyReluGradKernel,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { dy, x } = inputs as Record<'dy' | 'x', tf.TensorInfo>;
      const { binding, executeSingleOutput } = backend as TensorflowBackend;
      return executeSingleOutput.call(
        backend,
        leakyReluGradKernel,
        [
          { name: 'alpha', type: binding.TF_ATTR_FLOAT, value: attrs?.['alpha'] },
          { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        ],
        [dy, x],
      );
    },
  });
}
