import type { OptionNames } from '@gansynth/common/check-options';
import type { PlainTensor } from '@gansynth/model-files';
import { AveragedParameters, TrainableParameters } from '@gansynth/training';
import { checkOptions } from '../../check-options.js';
import { networkConfig, type NetworkConfig } from '../config.js';
import { networkVariables, type Variable } from '../network/variables.js';
import { initialValue } from './initial-values.js';
import { progressiveNames } from './progressive-names.js';
import { trainingConfig, type TrainingOptions } from './training-config.js';

/** Both networks, and the average of the generator. */
export interface Players {
  readonly generator: TrainableParameters;
  readonly critic: TrainableParameters;
  readonly average: AveragedParameters;
}

export interface GanPlayersOptions {
  readonly network: NetworkConfig;
  /** Of these: `adam`, the learning rates, `averageDecay`, `optimiserAtStage`. */
  readonly training?: TrainingOptions;
  /** Decides initial weights. Whole number. */
  readonly seed: number;
  /** The frozen table of a network with conditioning planes, [pitches, width, features]. */
  readonly conditioning?: PlainTensor<Float32Array>;
}

/** Their names, each once. */
export const ganPlayersOptionNames: OptionNames<GanPlayersOptions> = {
  network: true,
  training: true,
  seed: true,
  conditioning: true,
};

/**
 * The variables of both networks of a progressive GAN, their optimisers, and the generator's average. Each of the three is a part of a
 * training that can be saved (`Stateful` of `@gansynth/training`). Without variables until it has grown.
 */
export class GanPlayers implements Players {
  readonly generator: TrainableParameters;
  readonly critic: TrainableParameters;
  readonly average: AveragedParameters;
  readonly #network: NetworkConfig;
  readonly #optimiserAtStage: 'reset' | 'keep';
  readonly #initial: (variable: Variable) => Float32Array;

  /** @throws ConfigError if a setting cannot be right */
  constructor(options: GanPlayersOptions) {
    checkOptions('new GanPlayers', options, ganPlayersOptionNames);
    const { seed, conditioning } = options;
    this.#network = networkConfig(options.network);
    const training = trainingConfig(this.#network, options.training);
    const { adam, generatorLearningRate, criticLearningRate, averageDecay, optimiserAtStage } = training;
    const names = progressiveNames;
    this.generator = new TrainableParameters({ ...adam, learningRate: generatorLearningRate, names });
    this.critic = new TrainableParameters({ ...adam, learningRate: criticLearningRate, names });
    this.average = new AveragedParameters(this.generator, { decay: averageDecay, names });
    this.#optimiserAtStage = optimiserAtStage;
    this.#initial = (variable) => initialValue(variable, seed, conditioning ?? null);
  }

  /**
   * Makes the variables that networks of `blocks` blocks have besides those that exist.
   *
   * @param blocks default: all
   * @param initial values of new variables; default: those of the seed
   */
  grow(blocks: number = this.#network.blocks, initial: (variable: Variable) => Float32Array = this.#initial): this {
    for (const name of ['generator', 'critic'] as const) {
      this[name].grow(networkVariables(name, this.#network, blocks), initial, this.#optimiserAtStage);
    }
    this.average.grow();
    return this;
  }

  /** Frees all tensors. */
  dispose(): void {
    for (const player of [this.generator, this.critic, this.average]) player.dispose();
  }
}
