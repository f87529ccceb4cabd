import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../../check-options.js';
import {
  dataCursor,
  TrainingProgress,
  toJson,
  type Json,
  type StepContext,
  type StepResult,
  type TrainingTask,
} from '@gansynth/training';
import { networkConfig, type NetworkConfig, type Size } from '../config.js';
import type { PlainTensor } from '@gansynth/model-files';
import { checkOwnTerms, ownTermWeights, type OwnTerms } from '../losses/own-terms.js';
import { canvasSize, type Growth } from '../network/stage-shape.js';
import type { Weights } from '../network/tensor-graph.js';
import { progressAt, stages, type Stage } from '../schedule/stages.js';
import { ganDraws, ganStreams, type GanStreams } from './draws.js';
import { ganIteration } from './gan-iteration.js';
import type { ImageSource } from '../../gan/image-source.js';
import { GanPlayers } from './players.js';
import { ProgressiveGrowth } from './progressive-growth.js';
import type { StepLosses } from '../../gan/step-losses.js';
import { annealing, trainingConfig, type TrainingConfig, type TrainingOptions } from './training-config.js';

export interface ProgressiveGanTaskOptions {
  readonly network: NetworkConfig;
  readonly training?: TrainingOptions;
  /** Decides initial weights, latents, generated pitches and mixing factors. Whole number. */
  readonly seed: number;
  readonly data: ImageSource;
  /** The frozen table of a network with conditioning planes, [pitches, width, features]. */
  readonly conditioning?: PlainTensor<Float32Array>;
  /** Terms of one's own in the losses. Functions cannot be saved: a training that is resumed is given them again. */
  readonly ownTerms?: OwnTerms;
}

const progressiveGanTaskOptionNames: OptionNames<ProgressiveGanTaskOptions> = {
  network: true,
  training: true,
  seed: true,
  data: true,
  conditioning: true,
  ownTerms: true,
};

/** Which of the generator's weights: the average over time (default, for sampling) or those of the last step. */
export type WeightsOf = 'average' | 'current';

/** A stage of growth as a phase of the training. */
export interface ProgressivePhase extends Stage {
  readonly label: string;
  /** Image size that is trained in this stage. */
  readonly size: Size;
  /** See `progressAt`. It moves within a transition. */
  readonly progress: number;
}

/**
 * The training of a progressive GAN: generator, critic, optimisers, schedule, random streams and data cursor. Run it by `runTraining` of
 * `@gansynth/training`, save it by `stateOf`, go on with a saved one by {@link resumeProgressiveGanTask}.
 */
export class ProgressiveGanTask implements TrainingTask<StepLosses, ProgressivePhase> {
  static readonly kind = 'progressive-gan';
  static readonly version = 1;
  readonly kind: string = ProgressiveGanTask.kind;
  readonly version: number = ProgressiveGanTask.version;
  readonly unit = 'images';
  readonly progress: TrainingProgress = new TrainingProgress();
  readonly network: NetworkConfig;
  readonly training: TrainingConfig;
  readonly seed: number;
  readonly config: Json;
  readonly parts: TrainingTask['parts'];
  readonly #stages: readonly Stage[];
  readonly #data: ImageSource;
  readonly #players: GanPlayers;
  readonly #ownTerms: OwnTerms;
  readonly #growth: ProgressiveGrowth;
  readonly #streams: GanStreams;

  /** @throws ConfigError if a setting cannot be right */
  constructor(options: ProgressiveGanTaskOptions) {
    checkOptions('new ProgressiveGanTask', options, progressiveGanTaskOptionNames);
    const { seed, data, ownTerms = {}, training, ...players } = options;
    checkOwnTerms(ownTerms);
    this.network = networkConfig(options.network);
    this.training = trainingConfig(this.network, training);
    this.seed = seed;
    const weights = ownTermWeights(ownTerms);
    this.config = toJson('progressive GAN: config', {
      network: this.network,
      training: this.training,
      seed,
      ...(Object.keys(weights).length > 0 ? { ownTerms: weights } : {}),
    });
    this.#ownTerms = ownTerms;
    this.#data = data;
    this.#stages = stages(this.training.schedule, this.network.blocks);
    const { adam, generatorLearningRate, criticLearningRate, averageDecay, optimiserAtStage } = this.training;
    const learning = { adam, generatorLearningRate, criticLearningRate, averageDecay, optimiserAtStage };
    this.#players = new GanPlayers({ ...players, seed, training: learning });
    this.#growth = new ProgressiveGrowth(this.#stages, ({ blocks }, initial) => this.#players.grow(blocks, initial));
    this.#streams = ganStreams(seed);
    const { generator, critic, average } = this.#players;
    this.parts = { growth: this.#growth, generator, critic, average, streams: this.#streams, data: dataCursor(data) };
  }

  get total(): number {
    return this.#lastStage.endImages;
  }

  get divergenceLimit(): number {
    return this.training.divergenceLimit;
  }

  get phase(): ProgressivePhase {
    const stage = this.#dueStage;
    const size = canvasSize(this.network, { blocks: stage.blocks, progress: null });
    const progress = progressAt(this.progress.done, stage.blocks, this.training.schedule);
    return { ...stage, size, progress, label: `stage ${stage.index}, ${size.join(' x ')}, progress ${progress.toFixed(3)}` };
  }

  /** How far the networks have grown. */
  get growth(): Growth {
    const { blocks, progress } = this.phase;
    return { blocks, progress };
  }

  /** Makes the variables of the stage that is due, unless they are there. */
  prepare(): void {
    this.#growth.enter(this.#dueStage);
  }

  async step(context: StepContext): Promise<StepResult<StepLosses>> {
    const { network, growth, training } = this;
    const { batchSize } = this.#dueStage;
    const { penaltyEvery, losses, microBatchSize, pitchCounts, adversarialAfter, instrumentLead } = training;
    const { done, steps } = this.progress;
    const rate = annealing(done, training);
    const size = canvasSize(network, growth);
    const batch = await this.#data.next(batchSize, { size, ...(context.signal ? { signal: context.signal } : {}) });
    try {
      const penaltyWeight = steps % penaltyEvery === 0 ? losses.penaltyWeight * penaltyEvery : 0;
      return await ganIteration(
        {
          network,
          growth,
          players: this.#players,
          batch,
          draws: ganDraws(this.#streams, batchSize, network, pitchCounts),
          losses: { ...losses, penaltyWeight },
          ownTerms: this.#ownTerms,
          microBatchSize,
          instrumentLead,
          adversarial: done >= adversarialAfter,
          learningRates: {
            generator: rate * training.generatorLearningRate,
            critic: rate * training.criticLearningRate,
          },
        },
        context,
      );
    } finally {
      batch.images.dispose();
    }
  }

  /**
   * Weights of the present generator under the variables' names. They belong to the task and change with the next step.
   */
  generatorWeights(which: WeightsOf = 'average'): Weights {
    this.prepare();
    const { generator, average } = this.#players;
    return which === 'average' ? average.weights() : { ...generator.weights };
  }

  /** Weights of the present critic; see {@link generatorWeights}. */
  criticWeights(): Weights {
    this.prepare();
    return { ...this.#players.critic.weights };
  }

  /** Frees all tensors of the training. The image source is the caller's. */
  dispose(): void {
    this.#players.dispose();
  }

  /** The stage that the next step belongs to; the last one when all are done. */
  get #dueStage(): Stage {
    return this.#stages.find(({ endImages }) => this.progress.done < endImages) ?? this.#lastStage;
  }

  get #lastStage(): Stage {
    return this.#stages.at(-1)!;
  }
}
