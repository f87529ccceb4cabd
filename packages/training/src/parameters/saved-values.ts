import * as tf from '@tensorflow/tfjs-core';
import { StateError } from '../loop/errors.js';
import type { Held, SavedTensors, TensorAtRest } from '../loop/stateful.js';

export function toVariable({ shape, data }: TensorAtRest, trainable: boolean): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(data, [...shape], 'float32'), trainable));
}

/** Remembers the present values of variables without copying them. */
export function holdVariables(variables: readonly tf.Variable[], restored?: () => void): Held {
  // A variable shares the value it is made of on every backend; a clone copies it on wasm.
  const values = variables.map((variable) => tf.variable(variable, false));
  return {
    restore: () => {
      for (const [index, value] of values.entries()) variables[index]?.assign(value);
      tf.dispose(values);
      restored?.();
    },
    forget: () => tf.dispose(values),
  };
}

/** @throws StateError if the value is missing or of another shape */
export function assignSaved(variable: tf.Variable, name: string, saved: SavedTensors): void {
  const tensor = saved[name];
  if (tensor === undefined || tensor.shape.join() !== variable.shape.join()) {
    throw new StateError(
      `expected ${name} of shape [${variable.shape}], found ${tensor ? `[${tensor.shape}]` : 'nothing'}. It belongs to another network or stage.`,
      name,
    );
  }
  tf.tidy(() =>
    variable.assign(tensor instanceof tf.Tensor ? tf.clone(tensor) : tf.tensor(tensor.data, [...tensor.shape], 'float32')),
  );
}
