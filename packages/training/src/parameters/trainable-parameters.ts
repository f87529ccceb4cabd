import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import { adam, disposeAdamState, type Adam, type AdamOptions, type AdamState } from '../adam.js';
import { jsonField, type Json } from '../json.js';
import { StateError } from '../loop/errors.js';
import type { Held, SavedTensors, Stateful } from '../loop/stateful.js';
import { tensorflowNames, type ParameterNames } from './parameter-names.js';
import { assignSaved, holdVariables, toVariable } from './saved-values.js';

/** A variable of a network. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** False for given tables and running statistics: saved, but not moved by the optimiser. */
  readonly trainable: boolean;
}

export interface TrainableParametersOptions extends AdamOptions {
  /** Default: TensorFlow 1's. */
  readonly names?: ParameterNames;
}

/** Their names, each once. */
export const trainableParametersOptionNames: OptionNames<TrainableParametersOptions> = {
  names: true,
  learningRate: true,
  beta1: true,
  beta2: true,
  epsilon: true,
  epsilonPosition: true,
};

/** A network's variables, and what Adam remembers of them. */
export class TrainableParameters implements Stateful {
  /** All variables by name, those that are not trained included. */
  readonly weights: Readonly<Record<string, tf.Variable>>;
  readonly #weights: Record<string, tf.Variable>;
  readonly #adam: Adam;
  readonly #names: ParameterNames;
  readonly #owned: boolean;
  #trained: readonly string[] = [];
  #variables: readonly tf.Variable[] = [];
  #moments: AdamState = { step: 0, firstMoments: [], secondMoments: [] };

  /** @param foreign variables that exist and stay their owner's; the trained ones are those with `trainable` */
  constructor(
    options: TrainableParametersOptions,
    foreign?: readonly (readonly [name: string, variable: tf.Variable, trainable: boolean])[],
  ) {
    checkOptions('new TrainableParameters', options, trainableParametersOptionNames);
    const { names = tensorflowNames(), ...settings } = options;
    this.#adam = adam(settings);
    this.#names = names;
    this.#owned = foreign === undefined;
    this.#weights = Object.fromEntries(foreign?.map(([name, variable]) => [name, variable]) ?? []);
    this.weights = this.#weights;
    if (foreign)
      this.#train(
        foreign.filter(([, , trainable]) => trainable).map(([name]) => name),
        'reset',
      );
  }

  /** Names of the variables that are trained, in the order of {@link variables}. */
  get names(): readonly string[] {
    return this.#trained;
  }

  /** The variables that are trained. */
  get variables(): readonly tf.Variable[] {
    return this.#variables;
  }

  /** Updates made since the optimiser was last reset. */
  get optimiserSteps(): number {
    return this.#moments.step;
  }

  /**
   * Makes variables; those that exist stay as they are. Trained are from now on those of `variables` that are trainable.
   *
   * @param initial value of a new variable
   * @param optimiser `reset`: all moments start at zero; `keep`: those of existing variables live on
   */
  grow<Spec extends ParameterSpec>(
    variables: readonly Spec[],
    initial: (variable: Spec) => Float32Array,
    optimiser: 'reset' | 'keep' = 'reset',
  ): void {
    for (const variable of variables) {
      const { name, shape, trainable } = variable;
      this.#weights[name] ??= toVariable({ shape, data: initial(variable) }, trainable);
    }
    this.#train(
      variables.filter(({ trainable }) => trainable).map(({ name }) => name),
      optimiser,
    );
  }

  /** One step of the optimiser; a gradient of null is one of zero. Gradients are not freed. */
  update(gradients: readonly (tf.Tensor | null)[], learningRate?: number): void {
    // Without a first moment (beta1 = 0) a zero gradient changes nothing but the decay of the second moment, which must not be left out.
    const zeros: tf.Tensor[] = [];
    const complete = this.#variables.map((variable, index) => {
      const gradient = gradients[index];
      if (gradient) return gradient;
      const zero = tf.zerosLike(variable);
      zeros.push(zero);
      return zero;
    });
    this.#adam.update(this.#moments, this.#variables, complete, learningRate);
    tf.dispose(zeros);
  }

  json(): Json {
    return { optimiserSteps: this.#moments.step };
  }

  tensors(): Record<string, tf.Variable> {
    return { ...this.#weights, ...Object.fromEntries(this.#slots()) };
  }

  /** Takes saved values for variables that exist already (see {@link grow}). */
  restore(json: unknown, saved: SavedTensors): void {
    const steps = jsonField(json, 'optimiserSteps');
    if (typeof steps !== 'number')
      throw new StateError(`expected optimiserSteps as a number, found ${JSON.stringify(steps)}.`, json);
    for (const [name, variable] of Object.entries(this.tensors())) assignSaved(variable, name, saved);
    this.#moments.step = steps;
  }

  hold(): Held {
    const { step } = this.#moments;
    return holdVariables(Object.values(this.tensors()), () => {
      this.#moments.step = step;
    });
  }

  /** Frees the moments, and the variables unless they are another's. */
  dispose(): void {
    if (this.#owned) tf.dispose(this.#weights);
    disposeAdamState(this.#moments);
  }

  #train(names: readonly string[], optimiser: 'reset' | 'keep'): void {
    const old = new Map(this.#slots());
    const { step } = this.#moments;
    const replaced = this.#moments;
    this.#trained = names;
    this.#variables = names.flatMap((name) => this.#weights[name] ?? []);
    this.#moments = this.#adam.init(this.#variables);
    if (optimiser === 'keep') {
      for (const [name, moment] of this.#slots()) {
        const kept = old.get(name);
        if (kept) moment.assign(kept);
      }
      this.#moments.step = step;
    }
    disposeAdamState(replaced);
  }

  /** The moments by name. */
  #slots(): (readonly [string, tf.Variable])[] {
    const { firstMoments, secondMoments } = this.#moments;
    return this.#trained.flatMap((name, index) => {
      const [first, second] = [firstMoments[index], secondMoments[index]];
      return first && second
        ? [[this.#names.firstMoment(name), first] as const, [this.#names.secondMoment(name), second] as const]
        : [];
    });
  }
}
