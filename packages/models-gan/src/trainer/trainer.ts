import { randomStream, randomStreamFrom, type RandomStream } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { breathe } from '../breathe.js';
import { networkConfig, type NetworkConfig } from '../config.js';
import { ArgumentError, DivergenceError, StateError } from '../errors.js';
import type { PlainTensor } from '../import/plain-tensor.js';
import { canvasSize, type Growth } from '../network/stage-shape.js';
import type { Weights } from '../network/tensor-graph.js';
import { networkVariables, type Variable } from '../network/variables.js';
import { product } from '../operations/operation.js';
import { progressAt, stages, type Stage } from '../schedule/stages.js';
import { AveragedWeights } from './averaged-weights.js';
import type { StepEvent, StepLosses, TrainerEvent, TrainingPosition } from './events.js';
import type { ImageBatch, ImageSource } from './image-source.js';
import { initialValue } from './initial-values.js';
import { iterate, type Draws, type Players } from './iteration.js';
import type { LossGradients } from './loss-gradients.js';
import { TrainableNetwork } from './trainable-network.js';
import { trainingConfig, type TrainingConfig, type TrainingOptions } from './training-config.js';
import { checkState, streamNames, type LiveTrainingState, type StreamName, type TrainingState } from './training-state.js';

export interface TrainerOptions {
  readonly network: NetworkConfig;
  readonly training?: TrainingOptions;
  /** Decides initial weights, latents, generated pitches and mixing factors. Whole number. */
  readonly seed: number;
  readonly data: ImageSource;
  /** The frozen table of a network with conditioning planes, [pitches, width, features]. */
  readonly conditioning?: PlainTensor<Float32Array>;
}

export interface RunOptions {
  /** Ends the run after the step in progress. */
  readonly signal?: AbortSignal;
  /** Ends the run after so many steps; default: when the schedule is done. */
  readonly steps?: number;
}

/** Which of the generator's weights: the average over time (default, for sampling) or those of the last step. */
export type WeightsOf = 'average' | 'current';

/**
 * A training: generator, critic, optimisers, schedule, random streams and data cursor. Create it with {@link createTrainer}, or go on
 * with a saved one by {@link resumeTrainer}.
 */
export class Trainer {
  readonly network: NetworkConfig;
  readonly training: TrainingConfig;
  readonly seed: number;
  readonly #stages: readonly Stage[];
  readonly #data: ImageSource;
  readonly #conditioning: PlainTensor<Float32Array> | null;
  readonly #players: Players;
  readonly #streams = new Map<StreamName, RandomStream>();
  #stage: Stage | null = null;
  #images = 0;
  #steps = 0;
  #dataState: unknown;
  #lastLosses: StepLosses | null = null;
  #announced: number | null = null;
  #busy = false;

  /** Use {@link createTrainer} or {@link resumeTrainer}. */
  constructor({ network, training, seed, data, conditioning }: TrainerOptions) {
    this.network = networkConfig(network);
    this.training = trainingConfig(this.network, training);
    this.seed = seed;
    this.#data = data;
    this.#conditioning = conditioning ?? null;
    this.#dataState = data.state();
    this.#stages = stages(this.training.schedule, this.network.blocks);
    const { adam, generatorLearningRate, criticLearningRate, averageDecay } = this.training;
    for (const name of streamNames) this.#streams.set(name, randomStream(seed, name));
    this.#players = {
      generator: new TrainableNetwork({ ...adam, learningRate: generatorLearningRate }),
      critic: new TrainableNetwork({ ...adam, learningRate: criticLearningRate }),
      average: new AveragedWeights(averageDecay),
    };
  }

  /** Where the training stands. */
  get position(): TrainingPosition {
    const stage = this.#dueStage();
    return {
      images: this.#images,
      steps: this.#steps,
      stage,
      progress: progressAt(this.#images, stage.blocks, this.training.schedule),
      finished: this.#images >= (this.#stages.at(-1) as Stage).endImages,
    };
  }

  /**
   * One iteration: a generator update and a critic update on one batch.
   *
   * @throws DivergenceError if a loss or gradient is out of bounds; ArgumentError if the schedule is done or the data do not fit. After
   * an error the trainer is as it was before the step.
   */
  async step(options: { readonly signal?: AbortSignal } = {}): Promise<StepEvent> {
    if (this.position.finished) {
      throw new ArgumentError(
        'trainer.step',
        `expected images left in the schedule, found all ${this.#images} seen. Raise schedule.totalImages to train on.`,
        this.#images,
      );
    }
    return this.#exclusively('step', () => this.#step(options));
  }

  /**
   * Trains, as a stream of events: one at every new stage, one after every step, one at the end. Leaving the loop early (`break`) is
   * fine at any event. A run that goes on in the middle of a stage announces that stage first.
   *
   * @throws DivergenceError, see {@link step}
   */
  async *run({ signal, steps = Number.POSITIVE_INFINITY }: RunOptions = {}): AsyncGenerator<TrainerEvent, void, undefined> {
    const end = (reason: 'complete' | 'aborted' | 'limit'): TrainerEvent => ({
      type: 'end',
      reason,
      images: this.#images,
      steps: this.#steps,
    });
    for (let done = 0; ; done++) {
      await breathe();
      if (signal?.aborted) return yield end('aborted');
      if (this.position.finished) return yield end('complete');
      if (done >= steps) return yield end('limit');
      const { stage } = this.position;
      if (this.#announced !== stage.index) {
        this.#announced = stage.index;
        const size = canvasSize(this.network, { blocks: stage.blocks, progress: null });
        yield { type: 'stage', images: this.#images, stage, size };
      }
      try {
        yield await this.step(signal ? { signal } : {});
      } catch (error) {
        if (signal?.aborted && !DivergenceError.isInstance(error)) return yield end('aborted');
        throw error;
      }
    }
  }

  /**
   * Weights of the present generator under the variables' names. They belong to the trainer and change with the next step.
   */
  generatorWeights(which: WeightsOf = 'average'): Weights {
    this.#enterDueStage();
    const { generator, average } = this.#players;
    return which === 'average' ? average.weights(generator) : { ...generator.weights };
  }

  /** Weights of the present critic; see {@link generatorWeights}. */
  criticWeights(): Weights {
    this.#enterDueStage();
    return { ...this.#players.critic.weights };
  }

  /** How far the networks have grown. */
  get growth(): Growth {
    const { stage, progress } = this.position;
    return { blocks: stage.blocks, progress };
  }

  /**
   * The whole training as it is now, to be handed to a checkpoint store. The tensors belong to the trainer and change with the next
   * step; see {@link snapshot} for a copy that does not. Not during a step.
   */
  state(): LiveTrainingState {
    this.#checkIdle('state');
    return this.#liveState();
  }

  #liveState(): LiveTrainingState {
    this.#enterDueStage();
    const { generator, critic, average } = this.#players;
    const stage = this.#stage as Stage;
    const streams = [...this.#streams].map(([name, stream]) => [name, stream.state] as const);
    return {
      manifest: {
        format: 'gansynth-gan-training',
        version: 1,
        network: this.network,
        training: this.training,
        seed: this.seed,
        images: this.#images,
        steps: this.#steps,
        stage: stage.index,
        blocks: stage.blocks,
        optimiserSteps: { generator: generator.optimiserSteps, critic: critic.optimiserSteps },
        streams: Object.fromEntries(streams) as Record<StreamName, RandomStream['state']>,
        data: this.#dataState,
      },
      tensors: { ...generator.tensors(), ...average.tensors(), ...critic.tensors() },
    };
  }

  /** The whole training at rest, to be saved and resumed. Not during a step. */
  async snapshot(): Promise<TrainingState> {
    return this.#exclusively('snapshot', async () => {
      const { manifest, tensors: live } = this.#liveState();
      const tensors: Record<string, PlainTensor<Float32Array>> = {};
      for (const [name, tensor] of Object.entries(live)) {
        tensors[name] = { shape: tensor.shape, data: Float32Array.from(await tensor.data<'float32'>()) };
      }
      return { manifest, tensors };
    });
  }

  /** Frees all tensors of the training. The image source is the caller's. */
  dispose(): void {
    for (const player of Object.values(this.#players)) (player as { dispose(): void }).dispose();
  }

  /** Takes over a saved state; see {@link resumeTrainer}. */
  async restore(state: TrainingState | LiveTrainingState): Promise<void> {
    checkState(state);
    const { manifest, tensors } = state;
    const stage = this.#stages.find(({ index }) => index === manifest.stage);
    if (stage === undefined) {
      throw new StateError(`expected a stage of this schedule, found stage ${manifest.stage}.`, manifest.stage);
    }
    if (!this.#data.restore) {
      throw new StateError('expected an image source that can go on where it was (restore), found none.', this.#data);
    }
    this.#enter(stage, ({ shape }) => new Float32Array(product(shape)));
    const { generator, critic, average } = this.#players;
    generator.load(tensors, manifest.optimiserSteps.generator);
    critic.load(tensors, manifest.optimiserSteps.critic);
    average.load(tensors);
    for (const name of streamNames) this.#streams.set(name, randomStreamFrom(manifest.streams[name]));
    this.#images = manifest.images;
    this.#steps = manifest.steps;
    await this.#data.restore(manifest.data);
    this.#dataState = manifest.data;
  }

  async #step({ signal }: { readonly signal?: AbortSignal }): Promise<StepEvent> {
    const began = tf.util.now();
    this.#enterDueStage();
    const stage = this.#stage as Stage;
    const { growth } = this;
    const request = { size: canvasSize(this.network, growth), ...(signal ? { signal } : {}) };
    const batch = await this.#data.next(stage.batchSize, request);
    const streams = new Map([...this.#streams].map(([name, stream]) => [name, stream.state] as const));
    try {
      await checkBatch(batch, stage.batchSize, this.network);
      const { penaltyEvery, losses, microBatchSize } = this.training;
      const penaltyWeight = this.#steps % penaltyEvery === 0 ? losses.penaltyWeight * penaltyEvery : 0;
      const { losses: found, gradientNorms } = await iterate(
        this.#players,
        {
          network: this.network,
          growth,
          losses: { ...losses, penaltyWeight },
          microBatchSize,
          check: (network, result) => this.#checkSound(network, result),
        },
        this.#draw(stage.batchSize),
        batch,
      );
      this.#lastLosses = found;
      this.#images += stage.batchSize;
      this.#steps++;
      this.#dataState = this.#data.state();
      return this.#stepEvent(found, gradientNorms, stage, growth, tf.util.now() - began);
    } catch (error) {
      for (const [name, state] of streams) this.#streams.set(name, randomStreamFrom(state));
      throw error;
    } finally {
      batch.images.dispose();
    }
  }

  #draw(batchSize: number): Draws {
    const stream = (name: StreamName): RandomStream => this.#streams.get(name) as RandomStream;
    const { latentSize, pitches } = this.network;
    const counts = this.training.pitchCounts ?? Array.from(pitches, () => 1);
    return {
      generatorLatents: stream('generator/latent').normalValues(batchSize * latentSize),
      generatorLabels: stream('generator/label').categorical(counts, batchSize),
      criticLatents: stream('critic/latent').normalValues(batchSize * latentSize),
      criticLabels: stream('critic/label').categorical(counts, batchSize),
      mixing: stream('critic/mixing').uniformValues(batchSize),
    };
  }

  #checkSound(network: 'generator' | 'critic', { terms, gradientNorm }: LossGradients<string>): void {
    const limit = this.training.divergenceLimit;
    const unsound = Object.entries({ ...terms }).find(([, value]) => !(Math.abs(value) <= limit));
    const found = unsound ?? (Number.isFinite(gradientNorm) ? undefined : (['gradient norm', gradientNorm] as const));
    if (found === undefined) return;
    const { images, stage, progress } = this.position;
    throw new DivergenceError(
      {
        network,
        quantity: unsound ? `${found[0]} loss` : found[0],
        value: found[1],
        images,
        stage: stage.index,
        progress,
        ...(this.#lastLosses ? { lastLosses: { ...this.#lastLosses } } : {}),
      },
      limit,
    );
  }

  #stepEvent(
    losses: StepLosses,
    gradientNorms: StepEvent['gradientNorms'],
    stage: Stage,
    growth: Growth,
    milliseconds: number,
  ): StepEvent {
    const { numTensors, numBytes } = tf.memory();
    return {
      type: 'step',
      step: this.#steps,
      images: this.#images,
      totalImages: (this.#stages.at(-1) as Stage).endImages,
      stage: stage.index,
      blocks: stage.blocks,
      progress: growth.progress as number,
      batchSize: stage.batchSize,
      losses,
      gradientNorms,
      milliseconds,
      imagesPerSecond: (1000 * stage.batchSize) / milliseconds,
      memory: { tensors: numTensors, bytes: numBytes },
    };
  }

  /** The stage that the next step belongs to; the last one when all are done. */
  #dueStage(): Stage {
    return this.#stages.find(({ endImages }) => this.#images < endImages) ?? (this.#stages.at(-1) as Stage);
  }

  /** Makes the variables of the stage that is due, unless they are there. */
  #enterDueStage(): void {
    const due = this.#dueStage();
    if (this.#stage?.index !== due.index) this.#enter(due);
  }

  /** @param initial values of new variables */
  #enter(
    stage: Stage,
    initial = (variable: Variable): Float32Array => initialValue(variable, this.seed, this.#conditioning),
  ): void {
    const { generator, critic, average } = this.#players;
    const { optimiserAtStage } = this.training;
    generator.grow(networkVariables('generator', this.network, stage.blocks), initial, optimiserAtStage);
    critic.grow(networkVariables('critic', this.network, stage.blocks), initial, optimiserAtStage);
    average.grow(generator);
    this.#stage = stage;
  }

  #checkIdle(what: string): void {
    if (!this.#busy) return;
    throw new ArgumentError(
      `trainer.${what}`,
      'expected no other step or snapshot in progress, found one. Await it first.',
      what,
    );
  }

  async #exclusively<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    this.#checkIdle(what);
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
    }
  }
}

/**
 * Starts a training.
 *
 * @throws ConfigError if a setting cannot be right
 */
export function createTrainer(options: TrainerOptions): Trainer {
  return new Trainer(options);
}

/**
 * Goes on with a saved training; networks, settings and seed come from the state.
 *
 * @param changes settings that shall differ from now on, e.g. a longer schedule; without them the result is bit for bit that of a
 * training which was never interrupted
 * @throws StateError if the state is none, of a newer version, or lacks a tensor
 */
export async function resumeTrainer(
  state: TrainingState | LiveTrainingState,
  { data, training }: { readonly data: ImageSource; readonly training?: TrainingOptions },
): Promise<Trainer> {
  checkState(state);
  const { network, training: saved, seed } = state.manifest;
  const merged: TrainingOptions = {
    ...saved,
    ...training,
    schedule: { ...saved.schedule, ...training?.schedule },
    losses: { ...saved.losses, ...training?.losses },
    adam: { ...saved.adam, ...training?.adam },
  };
  const trainer = new Trainer({ network, training: merged, seed, data });
  try {
    await trainer.restore(state);
  } catch (error) {
    trainer.dispose();
    throw error;
  }
  return trainer;
}

async function checkBatch(
  { images, labels }: ImageBatch,
  batchSize: number,
  { pitches, channels }: NetworkConfig,
): Promise<void> {
  if (images.rank !== 4 || images.shape[0] !== batchSize || images.shape[3] !== channels || labels.length !== batchSize) {
    throw new ArgumentError(
      'image source',
      `expected ${batchSize} images [${batchSize}, height, width, ${channels}] and as many labels, found [${images.shape}] and ` +
        `${labels.length} labels.`,
      images.shape,
    );
  }
  const unknown = labels.find((label) => label < -1 || label >= pitches.length);
  if (unknown !== undefined) {
    throw new ArgumentError(
      'image source',
      `expected labels that are positions in the network's ${pitches.length} pitches (or -1 for none), found ${unknown}. ` +
        `Give the class index, not the MIDI pitch.`,
      unknown,
    );
  }
  // The critic clips images, and some backends clip NaN to a number: it would train on nonsense without a sign of it.
  const sum = tf.sum(images);
  const [total] = await sum.data();
  sum.dispose();
  if (!Number.isFinite(total)) {
    throw new ArgumentError('image source', `expected finite values in all images, found ${total} as their sum.`, total);
  }
}
