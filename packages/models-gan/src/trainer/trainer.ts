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
import { checkBatch } from './check-batch.js';
import { checkLosses } from './check-losses.js';
import type { StepEvent, StepLosses, TrainerEvent, TrainingPosition } from './events.js';
import type { ImageSource } from './image-source.js';
import { initialValue } from './initial-values.js';
import { iterate, type Players } from './iteration.js';
import { TrainableNetwork } from './trainable-network.js';
import type { RunOptions, TrainerOptions, WeightsOf } from './trainer-options.js';
import { trainingConfig, type TrainingConfig } from './training-config.js';
import { checkState, type LiveTrainingState, type TrainingState } from './training-state.js';
import { TrainingStreams } from './training-streams.js';

/**
 * A training: generator, critic, optimisers, schedule, random streams and data cursor. Create it with `createTrainer`, or go on with
 * a saved one by `resumeTrainer`.
 */
export class Trainer {
  readonly network: NetworkConfig;
  readonly training: TrainingConfig;
  readonly seed: number;
  readonly #stages: readonly Stage[];
  readonly #data: ImageSource;
  readonly #conditioning: PlainTensor<Float32Array> | null;
  readonly #players: Players;
  readonly #streams: TrainingStreams;
  #stage: Stage | null = null;
  #images = 0;
  #steps = 0;
  #dataState: unknown;
  #lastLosses: StepLosses | null = null;
  #announced: number | null = null;
  #busy = false;

  /** Use `createTrainer` or `resumeTrainer`. */
  constructor({ network, training, seed, data, conditioning }: TrainerOptions) {
    this.network = networkConfig(network);
    this.training = trainingConfig(this.network, training);
    this.seed = seed;
    this.#data = data;
    this.#conditioning = conditioning ?? null;
    this.#dataState = data.state();
    this.#stages = stages(this.training.schedule, this.network.blocks);
    const { adam, generatorLearningRate, criticLearningRate, averageDecay } = this.training;
    this.#streams = new TrainingStreams(seed);
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
        streams: this.#streams.states,
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

  /** Takes over a saved state; see `resumeTrainer`. */
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
    this.#streams.restore(manifest.streams);
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
    const streams = this.#streams.states;
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
          check: (network, result) =>
            checkLosses(result, this.training.divergenceLimit, {
              network,
              images: this.#images,
              stage: stage.index,
              progress: growth.progress as number,
              ...(this.#lastLosses ? { lastLosses: { ...this.#lastLosses } } : {}),
            }),
        },
        this.#streams.draw(stage.batchSize, this.network, this.training.pitchCounts),
        batch,
      );
      this.#lastLosses = found;
      this.#images += stage.batchSize;
      this.#steps++;
      this.#dataState = this.#data.state();
      return this.#stepEvent(found, gradientNorms, stage, growth, tf.util.now() - began);
    } catch (error) {
      this.#streams.restore(streams);
      throw error;
    } finally {
      batch.images.dispose();
    }
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
