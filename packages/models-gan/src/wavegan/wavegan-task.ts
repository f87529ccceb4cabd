import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import {
  dataCursor,
  registerSecondOrderGradients,
  TrainableParameters,
  TrainingProgress,
  toJson,
  updateParameters,
  type Json,
  type Phase,
  type StepContext,
  type StepResult,
  type TrainingTask,
  type Update,
} from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import type { CriticTerms, GeneratorTerms } from '../progressive/losses/gan-losses.js';
import type { Weights } from '../progressive/network/tensor-graph.js';
import type { ImageSource } from '../gan/image-source.js';
import { stepLosses, type StepLosses } from '../gan/step-losses.js';
import { checkClips } from './check-clips.js';
import { glorotUniform } from './initial-values.js';
import { waveGanConfig, type WaveGanConfig } from './wavegan-config.js';
import { drawOffsets, drawRequests, waveGanStreams, type WaveGanStreams } from './wavegan-draws.js';
import { waveGanCriticTerms, waveGanGeneratorTerms } from './wavegan-losses.js';
import { pitchRows, waveGanGenerator } from './wavegan-networks.js';
import { waveGanTrainingConfig, type WaveGanTrainingConfig, type WaveGanTrainingOptions } from './wavegan-training-config.js';
import { waveGanVariables } from './wavegan-variables.js';

export interface WaveGanTaskOptions {
  readonly network: WaveGanConfig;
  readonly training?: WaveGanTrainingOptions;
  /** Decides initial weights and all draws. Whole number. */
  readonly seed: number;
  /** Clips as images [batch, samples, 1, channels] in [-1, 1], with their labels. */
  readonly data: ImageSource;
}

const waveGanTaskOptionNames: OptionNames<WaveGanTaskOptions> = { network: true, training: true, seed: true, data: true };

/**
 * The training of a WaveGAN: both networks, their optimisers, random streams and data cursor. A step is the critic's updates, each on a fresh
 * batch, then one of the generator; losses and norms of the critic are those of its last update. Run it by `runTraining` of
 * `@gansynth/training`, save it by `stateOf`, go on with a saved one by {@link resumeWaveGanTask}.
 */
export class WaveGanTask implements TrainingTask<StepLosses> {
  static readonly kind = 'wavegan';
  static readonly version = 1;
  readonly kind: string = WaveGanTask.kind;
  readonly version: number = WaveGanTask.version;
  readonly unit = 'clips';
  readonly phase: Phase = { index: 0, label: 'its only stage' };
  readonly progress: TrainingProgress = new TrainingProgress();
  readonly network: WaveGanConfig;
  readonly training: WaveGanTrainingConfig;
  readonly seed: number;
  readonly config: Json;
  readonly parts: TrainingTask['parts'];
  readonly #data: ImageSource;
  readonly #generator: TrainableParameters;
  readonly #critic: TrainableParameters;
  readonly #streams: WaveGanStreams;

  /** @throws ConfigError if a setting cannot be right */
  constructor(options: WaveGanTaskOptions) {
    checkOptions('new WaveGanTask', options, waveGanTaskOptionNames);
    const { network, training, seed, data } = options;
    registerSecondOrderGradients();
    this.network = waveGanConfig(network);
    this.training = waveGanTrainingConfig(this.network, training);
    this.seed = seed;
    this.config = toJson('WaveGAN: config', { network: this.network, training: this.training, seed });
    this.#data = data;
    this.#streams = waveGanStreams(seed);
    const { adam, learningRate } = this.training;
    const parameters = (name: 'generator' | 'critic'): TrainableParameters => {
      const made = new TrainableParameters({ ...adam, learningRate });
      made.grow(waveGanVariables(name, this.network), (variable) => glorotUniform(variable, seed));
      return made;
    };
    this.#generator = parameters('generator');
    this.#critic = parameters('critic');
    this.parts = { generator: this.#generator, critic: this.#critic, streams: this.#streams, data: dataCursor(data) };
  }

  get total(): number {
    return this.training.totalSteps * this.#clipsPerStep;
  }

  get divergenceLimit(): number {
    return this.training.divergenceLimit;
  }

  async step(context: StepContext): Promise<StepResult<StepLosses>> {
    let critic = await this.#updateCritic(context);
    for (let update = 1; update < this.training.criticUpdates; update++) critic = await this.#updateCritic(context);
    const generator = await this.#updateGenerator(context);
    return {
      examples: this.#clipsPerStep,
      losses: stepLosses(generator.losses, critic.losses),
      gradientNorms: { generator: generator.gradientNorm, critic: critic.gradientNorm },
    };
  }

  /** The generator's weights by variable name. They belong to the task and change with the next step. */
  generatorWeights(): Weights {
    return { ...this.#generator.weights };
  }

  /** See {@link generatorWeights}. */
  criticWeights(): Weights {
    return { ...this.#critic.weights };
  }

  /** Frees all tensors of the training. The source of clips is the caller's. */
  dispose(): void {
    this.#generator.dispose();
    this.#critic.dispose();
  }

  /** Clips the critic sees in a step. */
  get #clipsPerStep(): number {
    return this.training.criticUpdates * this.training.batchSize;
  }

  get #weights(): Weights {
    return { ...this.#generator.weights, ...this.#critic.weights };
  }

  async #updateCritic(context: StepContext): Promise<Update<CriticTerms>> {
    const { network, training } = this;
    const { batchSize, microBatchSize, losses } = training;
    const { signal } = context;
    const batch = await this.#data.next(batchSize, { size: [network.samples, 1], ...(signal ? { signal } : {}) });
    try {
      await checkClips(batch, batchSize, network);
      const requests = drawRequests(this.#streams, network, training);
      const mixing = this.#streams.stream('mixing').uniformValues(batchSize);
      const [real, generated, mixed] = [this.#offsets(), this.#offsets(), this.#offsets()];
      const weights = this.#weights;
      return await updateParameters(this.#critic, { name: 'critic', batchSize, microBatchSize }, context, (part) => {
        const { start, size } = part;
        const { latent, pitch } = requests(part);
        const judged = {
          real: tf.slice(batch.images, [start, 0, 0, 0], [size, -1, -1, -1]),
          realPitch: pitchRows(batch.labels.slice(start, start + size), network.pitches.length),
          generated: waveGanGenerator(weights, network, latent, pitch),
          mixing: tf.tensor1d(mixing.slice(start, start + size)),
          offsets: { real, generated, mixed },
        };
        return waveGanCriticTerms(weights, network, judged, losses);
      });
    } finally {
      batch.images.dispose();
    }
  }

  #updateGenerator(context: StepContext): Promise<Update<GeneratorTerms>> {
    const { network, training } = this;
    const { batchSize, microBatchSize, losses } = training;
    const requests = drawRequests(this.#streams, network, training);
    const offsets = this.#offsets();
    const weights = this.#weights;
    return updateParameters(this.#generator, { name: 'generator', batchSize, microBatchSize }, context, (part) =>
      waveGanGeneratorTerms(weights, network, { ...requests(part), offsets }, losses),
    );
  }

  #offsets(): Int32Array {
    return drawOffsets(this.#streams, this.network);
  }
}
