import * as tf from '@tensorflow/tfjs-core';
import { activate } from './activation.js';
import { defineOperation, product, type Operation, type Shape } from './operation.js';

export interface TransposedConvConfig {
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
}

const stride = 2;

const kernelShape = ({ kernelSize, filters }: TransposedConvConfig, [input]: readonly Shape[]): Shape => [
  ...kernelSize,
  filters,
  input![2]!,
];

/** Transposed convolution of stride 2 (SAME), bias, ReLU: [batch, h, w, channels] -> [batch, 2h, 2w, filters]. `simple` networks only. */
export const transposedConv: Operation<TransposedConvConfig> = defineOperation({
  className: 'GansynthConv2DTranspose',
  variables: (config, inputs) => {
    const shape = kernelShape(config, inputs);
    const deviation = Math.sqrt((1.3 * 2) / product(shape.slice(0, 3)));
    return [
      { name: 'kernel', shape, initial: { kind: 'truncatedNormal', deviation } },
      { name: 'bias', shape: [config.filters], initial: { kind: 'zeros' } },
    ];
  },
  outputShape: ({ filters }, [input]) => {
    const [height, width] = input as [number, number];
    return [height * stride, width * stride, filters];
  },
  multiplyAdds: (config, [input]) => {
    const [height, width] = input as [number, number];
    return height * width * product(kernelShape(config, [input!]));
  },
  run: ({ filters }, [input], [kernel, bias]) => {
    const x = input as tf.Tensor4D;
    const [batch, height, width] = x.shape;
    const y = tf.conv2dTranspose(x, kernel as tf.Tensor4D, [batch, height * stride, width * stride, filters], stride, 'same');
    return activate(tf.add(y, bias!), 'relu');
  },
});
