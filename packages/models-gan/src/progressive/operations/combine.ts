import * as tf from '@tensorflow/tfjs-core';
import { defineOperation, type Operation, type Shape } from './operation.js';

export interface WeightedSumConfig {
  readonly weights: readonly number[];
}

/** Blending: sum of weight_i * input_i. */
export const weightedSum: Operation<WeightedSumConfig> = defineOperation({
  className: 'GansynthWeightedSum',
  run: ({ weights }, inputs) => inputs.map((x, index) => tf.mul(x, weights[index]!)).reduce((sum, term) => tf.add(sum, term)),
});

/** Vectors side by side: [batch, a], [batch, b] -> [batch, a + b]. */
export const concatVectors: Operation = defineOperation({
  className: 'GansynthConcat',
  outputShape: (_config, inputs) => [inputs.reduce((sum, shape) => sum + shape[0]!, 0)],
  run: (_config, inputs) => tf.concat([...inputs] as tf.Tensor2D[], 1),
});

export interface ReshapeConfig {
  readonly shape: Shape;
}

/** Same values, other shape of each example. */
export const reshape: Operation<ReshapeConfig> = defineOperation({
  className: 'GansynthReshape',
  outputShape: ({ shape }) => shape,
  run: ({ shape }, [x]) => tf.reshape(x!, [-1, ...shape]),
});
