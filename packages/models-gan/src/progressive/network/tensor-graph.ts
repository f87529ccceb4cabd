import type * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from '../../errors.js';
import type { Graph } from './graph.js';

/** Values of a network's variables by their full names. */
export type Weights = Readonly<Record<string, tf.Tensor>>;

/** Runs operations on tensors, with the variables looked up in `weights`. */
export function tensorGraph(weights: Weights): Graph<tf.Tensor> {
  return {
    shape: (value) => value.shape.slice(1),
    apply: (operation, name, config, inputs) => {
      const specs = operation.variables(
        config,
        inputs.map((input) => input.shape.slice(1)),
      );
      const variables = specs.map((spec) => lookUp(weights, `${name}/${spec.name}`, spec.shape));
      return operation.run(config, inputs, variables);
    },
  };
}

function lookUp(weights: Weights, name: string, shape: readonly number[]): tf.Tensor {
  const weight = weights[name];
  if (weight === undefined) {
    throw new ArgumentError(
      'weights',
      `expected a variable ${name} [${shape}], found none. These weights are of another network, or of an earlier stage.`,
      name,
    );
  }
  if (weight.shape.length !== shape.length || weight.shape.some((size, axis) => size !== shape[axis])) {
    throw new ArgumentError(
      'weights',
      `${name}: expected shape [${shape}], found [${weight.shape}]. These weights are of another network.`,
      weight.shape,
    );
  }
  return weight;
}
