import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import type * as tf from '@tensorflow/tfjs-core';
import { disposeEmaState, ema, type Ema, type EmaState } from '../ema.js';
import type { Json } from '../json.js';
import type { Held, SavedTensors, Stateful } from '../loop/stateful.js';
import { tensorflowNames, type ParameterNames } from './parameter-names.js';
import { assignSaved, holdVariables } from './saved-values.js';
import type { TrainableParameters } from './trainable-parameters.js';

export interface AveragedParametersOptions {
  /** See `ema`. */
  readonly decay: number;
  /** Default: TensorFlow 1's. */
  readonly names?: ParameterNames;
}

/** Their names, each once. */
export const averagedParametersOptionNames: OptionNames<AveragedParametersOptions> = { decay: true, names: true };

/** A network's trained variables averaged over time: what is sampled from. */
export class AveragedParameters implements Stateful {
  readonly #of: TrainableParameters;
  readonly #ema: Ema;
  readonly #names: ParameterNames;
  #averaged: readonly string[] = [];
  #state: EmaState = { averages: [] };

  constructor(of: TrainableParameters, options: AveragedParametersOptions) {
    checkOptions('new AveragedParameters', options, averagedParametersOptionNames);
    const { decay, names = tensorflowNames() } = options;
    this.#of = of;
    this.#ema = ema({ decay });
    this.#names = names;
    this.grow();
  }

  /** Follows a network that has grown: averages of new variables start at the variables' values. */
  grow(): void {
    const old = new Map(this.#named());
    const replaced = this.#state;
    this.#averaged = this.#of.names;
    this.#state = this.#ema.init(this.#of.variables);
    for (const [name, average] of this.#named()) {
      const kept = old.get(name);
      if (kept) average.assign(kept);
    }
    disposeEmaState(replaced);
  }

  /** @param decay instead of the option, for ramps: see `rampedDecay` */
  update(decay?: number): void {
    this.#ema.update(this.#state, this.#of.variables, decay);
  }

  /** The averages under the names of the variables themselves, with the network's other variables. */
  weights(): Record<string, tf.Variable> {
    return { ...this.#of.weights, ...Object.fromEntries(this.#named()) };
  }

  json(): Json {
    return null;
  }

  tensors(): Record<string, tf.Variable> {
    return Object.fromEntries(this.#named().map(([name, average]) => [this.#names.average(name), average]));
  }

  restore(_json: unknown, saved: SavedTensors): void {
    for (const [name, variable] of Object.entries(this.tensors())) assignSaved(variable, name, saved);
  }

  hold(): Held {
    return holdVariables(this.#state.averages);
  }

  dispose(): void {
    disposeEmaState(this.#state);
  }

  #named(): (readonly [string, tf.Variable])[] {
    const { averages } = this.#state;
    return this.#averaged.flatMap((name, index) => {
      const average = averages[index];
      return average ? [[name, average] as const] : [];
    });
  }
}
