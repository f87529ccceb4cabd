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

/** What of a training's settings decides how the networks learn. */
export type GanPlayersTraining = Pick<
  TrainingOptions,
  'adam' | 'generatorLearningRate' | 'criticLearningRate' | 'averageDecay' | 'optimiserAtStage'
>;

export interface GanPlayersOptions {
  readonly network: NetworkConfig;
  readonly training?: GanPlayersTraining;
  /** Decides initial weights. Whole number. */
  readonly seed: number;
  /** The frozen table of a network with conditioning planes, [pitches, width, features]. */
  readonly conditioning?: PlainTensor<Float32Array>;
}

const trainingNames: OptionNames<GanPlayersTraining> = {
  adam: true,
  generatorLearningRate: true,
  criticLearningRate: true,
  averageDecay: true,
  optimiserAtStage: true,
};

const ganPlayersOptionNames: OptionNames<GanPlayersOptions> = {
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
    checkOptions('new GanPlayers: training', options.training, trainingNames);
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
   * @throws ArgumentError if the conditioning table of a network that has one is missing or of another shape, before anything is made
   */
  grow(blocks: number = this.#network.blocks, initial: (variable: Variable) => Float32Array = this.#initial): this {
    const variables = {
      generator: networkVariables('generator', this.#network, blocks),
      critic: networkVariables('critic', this.#network, blocks),
    };
    // The one value that may be wrong comes before the first variable: those made by then could be freed by nobody.
    for (const name of ['generator', 'critic'] as const) {
      const table = variables[name].find((variable) => variable.initial.kind === 'table');
      if (table && !Object.hasOwn(this[name].weights, table.name)) initial(table);
    }
    for (const name of ['generator', 'critic'] as const) this[name].grow(variables[name], initial, this.#optimiserAtStage);
    this.average.grow();
    return this;
  }

  /** Frees all tensors. */
  dispose(): void {
    for (const player of [this.generator, this.critic, this.average]) player.dispose();
  }
}
