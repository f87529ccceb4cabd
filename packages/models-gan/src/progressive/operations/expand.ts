import * as tf from '@tensorflow/tfjs-core';
import { activate } from './activation.js';
import { kernelAndBias, scaledKernel, type KernelConfig } from './kernel.js';
import { defineOperation, product, type Operation, type Shape } from './operation.js';

export interface ExpandConfig extends KernelConfig {
  readonly filters: number;
  readonly size: readonly [height: number, width: number];
}

const kernelShape = ({ size, filters }: ExpandConfig, [input]: readonly Shape[]): Shape => [...size, input![0]!, filters];

/**
 * The generator's first layer: [batch, inputs] -> [batch, height, width, filters]. The original pads the 1x1 input with zeros on all
 * sides and convolves (VALID) with a kernel of the output's size; each output pixel (i, j) then meets one kernel tap,
 * (height - 1 - i, width - 1 - j). Computed as one matrix product a tap.
 */
export const expand: Operation<ExpandConfig> = defineOperation({
  className: 'GansynthExpand',
  variables: (config, inputs) => kernelAndBias(config, 'conv2d', kernelShape(config, inputs), config.filters),
  outputShape: ({ size, filters }) => [...size, filters],
  multiplyAdds: (config, inputs) => product(kernelShape(config, inputs)),
  run: ({ size, filters, gain }, [x], [storedKernel, bias]) => {
    const taps = size[0] * size[1];
    const kernel = scaledKernel(storedKernel as tf.Tensor4D, gain);
    const inputs = kernel.shape[2];
    // A product with ones, as the wasm backend tiles many times slower than it multiplies.
    const copies = tf.mul(tf.ones([taps, 1, 1]), tf.expandDims(x as tf.Tensor2D, 0));
    const byTap = tf.matMul(copies, tf.reshape(kernel, [taps, inputs, filters]));
    // Reversing the flat tap index turns the kernel in both directions at once.
    const y = tf.reshape(tf.transpose(tf.reverse(byTap, 0), [1, 0, 2]), [-1, size[0], size[1], filters]);
    return activate(tf.add(y, bias!), 'leakyRelu');
  },
});
