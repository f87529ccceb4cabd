import { adam, disposeAdamState, type Adam, type AdamState, type AdamOptions } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { StateError } from '../errors.js';
import type { PlainTensor } from '../import/plain-tensor.js';
import type { Variable } from '../network/variables.js';

/** Names of what belongs to a variable, as the original's checkpoints have them. */
export const averageName = (variable: string): string => `${variable}/ExponentialMovingAverage`;
export const firstMomentName = (variable: string): string => `progressive_gan_train_ops/${variable}/Adam`;
export const secondMomentName = (variable: string): string => `progressive_gan_train_ops/${variable}/Adam_1`;

/** Values by name, on a backend or at rest. */
export type SavedTensors = Readonly<Record<string, PlainTensor<Float32Array> | tf.Tensor>>;

/** A network's variables and what its optimiser remembers of them. */
export class TrainableNetwork {
  /** All variables by name, frozen tables included. */
  readonly weights: Record<string, tf.Variable> = {};
  /** Names of the variables that are trained, ascending. */
  names: string[] = [];
  readonly #adam: Adam;
  #moments: AdamState = { step: 0, firstMoments: [], secondMoments: [] };

  constructor(options: AdamOptions) {
    this.#adam = adam(options);
  }

  /** The trained variables, in the order of {@link names}. */
  get variables(): tf.Variable[] {
    return this.names.map((name) => this.weights[name] as tf.Variable);
  }

  /** Updates made since the optimiser was last reset. */
  get optimiserSteps(): number {
    return this.#moments.step;
  }

  /**
   * Makes the variables of a new stage; those that exist stay as they are.
   *
   * @param initial value of a new variable
   * @param optimiser `reset`: all moments start at zero; `keep`: those of existing variables live on
   */
  grow(variables: readonly Variable[], initial: (variable: Variable) => Float32Array, optimiser: 'reset' | 'keep'): void {
    for (const variable of variables) {
      if (this.weights[variable.name]) continue;
      this.weights[variable.name] = toVariable({ shape: variable.shape, data: initial(variable) }, variable.trainable);
    }
    const old = this.#moments;
    const oldNames = this.names;
    this.names = variables.filter(({ trainable }) => trainable).map(({ name }) => name);
    const fresh = this.#adam.init(this.variables);
    if (optimiser === 'keep') {
      for (const [index, name] of oldNames.entries()) {
        const at = this.names.indexOf(name);
        fresh.firstMoments[at]?.assign(old.firstMoments[index] as tf.Variable);
        fresh.secondMoments[at]?.assign(old.secondMoments[index] as tf.Variable);
      }
      fresh.step = old.step;
    }
    disposeAdamState(old);
    this.#moments = fresh;
  }

  /** One step of the optimiser; a gradient of null is one of zero. */
  update(gradients: readonly (tf.Tensor | null)[]): void {
    // Without a first moment (beta1 = 0) a zero gradient changes nothing but the decay of the second moment, which must not be left out.
    const complete = gradients.map((gradient, index) => gradient ?? tf.zerosLike(this.variables[index] as tf.Variable));
    this.#adam.update(this.#moments, this.variables, complete);
    tf.dispose(complete.filter((gradient, index) => gradients[index] === null && gradient));
  }

  /** Remembers all values without copying them; the function returned puts them back, or only forgets them. */
  remember(): { restore(): void; forget(): void } {
    const held = [...this.variables, ...this.#moments.firstMoments, ...this.#moments.secondMoments];
    const values = held.map(holdValue);
    const { step } = this.#moments;
    return {
      restore: () => {
        for (const [index, variable] of held.entries()) variable.assign(values[index] as tf.Tensor);
        this.#moments.step = step;
        tf.dispose(values);
      },
      forget: () => tf.dispose(values),
    };
  }

  /** Everything to be saved, by name. */
  tensors(): Record<string, tf.Tensor> {
    const tensors: Record<string, tf.Tensor> = { ...this.weights };
    for (const [index, name] of this.names.entries()) {
      tensors[firstMomentName(name)] = this.#moments.firstMoments[index] as tf.Variable;
      tensors[secondMomentName(name)] = this.#moments.secondMoments[index] as tf.Variable;
    }
    return tensors;
  }

  /** Takes saved values for variables that exist already (see {@link grow}). */
  load(saved: SavedTensors, optimiserSteps: number): void {
    for (const [name, tensor] of Object.entries(this.tensors())) assignSaved(tensor as tf.Variable, name, saved);
    this.#moments.step = optimiserSteps;
  }

  dispose(): void {
    tf.dispose(this.weights);
    disposeAdamState(this.#moments);
  }
}

export function toVariable({ shape, data }: PlainTensor<Float32Array>, trainable: boolean): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(data, [...shape], 'float32'), trainable));
}

/** A second holder of a variable's present value. A variable shares the value it is made of on every backend; a clone copies it on wasm. */
export const holdValue = (variable: tf.Variable): tf.Variable => tf.variable(variable, false);

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
