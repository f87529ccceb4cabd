import { disposeEmaState, ema, type Ema, type EmaState } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { assignSaved, averageName, holdValue, type SavedTensors, type TrainableNetwork } from './trainable-network.js';

/** The generator's weights averaged over time: what is sampled from. */
export class AveragedWeights {
  readonly #ema: Ema;
  #names: string[] = [];
  #state: EmaState = { averages: [] };

  constructor(decay: number) {
    this.#ema = ema({ decay });
  }

  /** Follows a network that has grown: averages of new variables start at the variables' values. */
  grow(network: TrainableNetwork): void {
    const old = this.#state;
    const oldNames = this.#names;
    this.#names = network.names;
    this.#state = this.#ema.init(network.variables);
    for (const [index, name] of oldNames.entries()) {
      this.#state.averages[this.#names.indexOf(name)]?.assign(old.averages[index] as tf.Variable);
    }
    disposeEmaState(old);
  }

  update(network: TrainableNetwork): void {
    this.#ema.update(this.#state, network.variables);
  }

  /** The averages under the names of the variables themselves, with the network's frozen tables. */
  weights(network: TrainableNetwork): Record<string, tf.Tensor> {
    const weights: Record<string, tf.Tensor> = { ...network.weights };
    for (const [index, name] of this.#names.entries()) weights[name] = this.#state.averages[index] as tf.Variable;
    return weights;
  }

  /** See {@link TrainableNetwork.remember}. */
  remember(): { restore(): void; forget(): void } {
    const held = this.#state.averages;
    const values = held.map(holdValue);
    return {
      restore: () => {
        for (const [index, variable] of held.entries()) variable.assign(values[index] as tf.Tensor);
        tf.dispose(values);
      },
      forget: () => tf.dispose(values),
    };
  }

  /** Everything to be saved, by name. */
  tensors(): Record<string, tf.Tensor> {
    return Object.fromEntries(this.#names.map((name, index) => [averageName(name), this.#state.averages[index] as tf.Variable]));
  }

  load(saved: SavedTensors): void {
    for (const [name, tensor] of Object.entries(this.tensors())) assignSaved(tensor as tf.Variable, name, saved);
  }

  dispose(): void {
    disposeEmaState(this.#state);
  }
}
