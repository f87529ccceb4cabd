import * as tf from '@tensorflow/tfjs-core';
import { activate, type Activation } from './activation.js';
import { kernelAndBias, scaledKernel, type KernelConfig } from './kernel.js';
import { defineOperation, product, type Operation, type Shape } from './operation.js';

export interface ConvConfig extends KernelConfig {
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly padding: 'same' | 'valid';
  readonly stride: number;
  readonly activation: Activation;
}

const kernelShape = ({ kernelSize, filters }: ConvConfig, [input]: readonly Shape[]): Shape => [
  ...kernelSize,
  input![2]!,
  filters,
];

function outputShape(config: ConvConfig, [input]: readonly Shape[]): Shape {
  const [height, width] = input as [number, number];
  const along = (size: number, kernel: number): number =>
    Math.ceil((config.padding === 'same' ? size : size - kernel + 1) / config.stride);
  return [along(height, config.kernelSize[0]), along(width, config.kernelSize[1]), config.filters];
}

/** 2-d convolution, bias, activation: [batch, height, width, channels] -> [batch, height', width', filters]. */
export const conv: Operation<ConvConfig> = defineOperation({
  className: 'GansynthConv2D',
  variables: (config, inputs) => kernelAndBias(config, 'conv2d', kernelShape(config, inputs), config.filters),
  outputShape,
  multiplyAdds: (config, inputs) => {
    const [height, width] = outputShape(config, inputs) as [number, number];
    return height * width * product(kernelShape(config, inputs));
  },
  run: (config, [input], [storedKernel, bias]) => {
    const x = input as tf.Tensor4D;
    const kernel = scaledKernel(storedKernel as tf.Tensor4D, config.gain);
    const [kernelHeight, kernelWidth] = config.kernelSize;
    const covers = config.padding === 'valid' && x.shape[1] === kernelHeight && x.shape[2] === kernelWidth;
    const y = covers ? fullSizeProduct(x, kernel) : tf.conv2d(x, kernel, config.stride, config.padding);
    return activate(tf.add(y, bias!), config.activation);
  },
});

/** A kernel as large as the image meets it in one place only: a matrix product. */
function fullSizeProduct(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const [height, width, channels, filters] = kernel.shape;
  const inputs = height * width * channels;
  const y = tf.matMul(tf.reshape(x, [-1, inputs]), tf.reshape(kernel, [inputs, filters]));
  return tf.reshape(y, [-1, 1, 1, filters]);
}
