import * as tf from '@tensorflow/tfjs-core';
import { activate, type Activation } from './activation.js';
import { kernelAndBias, scaledKernel, type KernelConfig } from './kernel.js';
import { defineOperation, type Operation, type Shape } from './operation.js';

export interface DenseConfig extends KernelConfig {
  readonly units: number;
  readonly activation: Activation;
}

const kernelShape = ({ units }: DenseConfig, [input]: readonly Shape[]): Shape => [input![0]!, units];

/** Matrix product, bias, activation: [batch, inputs] -> [batch, units]. */
export const dense: Operation<DenseConfig> = defineOperation({
  className: 'GansynthDense',
  variables: (config, inputs) => kernelAndBias(config, 'dense', kernelShape(config, inputs), config.units),
  outputShape: ({ units }) => [units],
  multiplyAdds: (config, inputs) => config.units * inputs[0]![0]!,
  run: ({ gain, activation }, [x], [kernel, bias]) =>
    activate(tf.add(tf.matMul(x as tf.Tensor2D, scaledKernel(kernel as tf.Tensor2D, gain)), bias!), activation),
});
