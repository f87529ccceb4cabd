import { randomStream, randomStreamFrom, registerSecondOrderGradients, type RandomStream } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError, DivergenceError, StateError } from '../errors.js';
import type { Weights } from '../network/tensor-graph.js';
import type { Variable } from '../network/variables.js';
import { product } from '../operations/operation.js';
import type { StepLosses } from '../trainer/events.js';
import type { ImageBatch, ImageSource } from '../trainer/image-source.js';
import { chunks, lossGradients, type LossGradients } from '../trainer/loss-gradients.js';
import { TrainableNetwork } from '../trainer/trainable-network.js';
import type { RunOptions } from '../trainer/trainer-options.js';
import { waveGanConfig, type WaveGanConfig } from './wavegan-config.js';
import { waveGanCriticTerms, waveGanGeneratorTerms } from './wavegan-losses.js';
import { pitchRows, shuffledLayers, waveGanGenerator } from './wavegan-networks.js';
import {
  checkWaveGanState,
  type LiveWaveGanState,
  waveGanStreams,
  waveGanTrainingConfig,
  type WaveGanEvent,
  type WaveGanState,
  type WaveGanStepEvent,
  type WaveGanStream,
  type WaveGanTrainingConfig,
  type WaveGanTrainingOptions,
} from './wavegan-training.js';
import { waveGanVariables } from './wavegan-variables.js';

export interface WaveGanTrainerOptions {
  readonly network: WaveGanConfig;
  readonly training?: WaveGanTrainingOptions;
  /** Decides initial weights and all draws. Whole number. */
  readonly seed: number;
  /** Clips as images [batch, samples, 1, channels] in [-1, 1], with their labels. */
  readonly data: ImageSource;
}

/** A WaveGAN training: both networks, their optimisers, random streams and data cursor. */
export class WaveGanTrainer {
  readonly network: WaveGanConfig;
  readonly training: WaveGanTrainingConfig;
  readonly seed: number;
  readonly #data: ImageSource;
  readonly #generator: TrainableNetwork;
  readonly #critic: TrainableNetwork;
  readonly #streams = new Map<WaveGanStream, RandomStream>();
  #steps = 0;
  #dataState: unknown;
  #lastLosses: StepLosses | undefined;
  #busy = false;

  /** @throws ConfigError if a setting cannot be right */
  constructor({ network, training, seed, data }: WaveGanTrainerOptions) {
    registerSecondOrderGradients();
    this.network = waveGanConfig(network);
    this.training = waveGanTrainingConfig(this.network, training);
    this.seed = seed;
    this.#data = data;
    this.#dataState = data.state();
    for (const name of waveGanStreams) this.#streams.set(name, randomStream(seed, `wavegan/${name}`));
    const { adam, learningRate } = this.training;
    this.#generator = new TrainableNetwork({ ...adam, learningRate });
    this.#critic = new TrainableNetwork({ ...adam, learningRate });
    this.#generator.grow(waveGanVariables('generator', this.network), (variable) => glorotUniform(variable, seed), 'reset');
    this.#critic.grow(waveGanVariables('critic', this.network), (variable) => glorotUniform(variable, seed), 'reset');
  }

  /** Steps made so far. */
  get steps(): number {
    return this.#steps;
  }

  /** The generator's weights by variable name. They belong to the trainer and change with the next step. */
  generatorWeights(): Weights {
    return { ...this.#generator.weights };
  }

  /** See {@link generatorWeights}. */
  criticWeights(): Weights {
    return { ...this.#critic.weights };
  }

  /**
   * One step: the critic's updates, each on a fresh batch, then one of the generator.
   *
   * @throws DivergenceError if a loss or gradient is out of bounds; then, as after any error, weights and optimisers are what they were
   */
  async step({ signal }: { readonly signal?: AbortSignal } = {}): Promise<WaveGanStepEvent> {
    if (this.#busy)
      throw new ArgumentError('waveGanTrainer.step', 'expected no other step in progress, found one. Await it first.', 'step');
    this.#busy = true;
    const began = tf.util.now();
    const held = [this.#generator.remember(), this.#critic.remember()];
    const streams = [...this.#streams].map(([name, { state }]) => [name, state] as const);
    try {
      const { criticUpdates, batchSize, totalSteps } = this.training;
      let ofCritic: CriticGradients | undefined;
      for (let update = 0; update < criticUpdates; update++) ofCritic = await this.#updateCritic(signal);
      const ofGenerator = await this.#updateGenerator();
      for (const values of held) values.forget();
      this.#steps++;
      this.#dataState = this.#data.state();
      const critic = ofCritic as CriticGradients;
      this.#lastLosses = stepLosses(ofGenerator.terms, critic.terms);
      const { numTensors, numBytes } = tf.memory();
      const milliseconds = tf.util.now() - began;
      return {
        type: 'step',
        step: this.#steps,
        totalSteps,
        losses: this.#lastLosses,
        gradientNorms: { generator: ofGenerator.gradientNorm, critic: critic.gradientNorm },
        milliseconds,
        clipsPerSecond: (1000 * criticUpdates * batchSize) / milliseconds,
        memory: { tensors: numTensors, bytes: numBytes },
      };
    } catch (error) {
      for (const values of held) values.restore();
      for (const [name, state] of streams) this.#streams.set(name, randomStreamFrom(state));
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  /** Trains, as a stream of events: one after every step, one at the end. */
  async *run({ signal, steps = Number.POSITIVE_INFINITY }: RunOptions = {}): AsyncGenerator<WaveGanEvent, void, undefined> {
    const end = (reason: 'complete' | 'aborted' | 'limit'): WaveGanEvent => ({ type: 'end', reason, steps: this.#steps });
    for (let done = 0; ; done++) {
      if (signal?.aborted) return yield end('aborted');
      if (this.#steps >= this.training.totalSteps) return yield end('complete');
      if (done >= steps) return yield end('limit');
      try {
        yield await this.step(signal ? { signal } : {});
      } catch (error) {
        if (signal?.aborted && !DivergenceError.isInstance(error)) return yield end('aborted');
        throw error;
      }
    }
  }

  /** The whole training as it is now, for a checkpoint store. Its tensors change with the next step. */
  state(): LiveWaveGanState {
    const streams = [...this.#streams].map(([name, { state }]) => [name, state] as const);
    return {
      manifest: {
        format: 'gansynth-wavegan-training',
        version: 1,
        network: this.network,
        training: this.training,
        seed: this.seed,
        steps: this.#steps,
        optimiserSteps: { generator: this.#generator.optimiserSteps, critic: this.#critic.optimiserSteps },
        streams: Object.fromEntries(streams) as Record<WaveGanStream, RandomStream['state']>,
        data: this.#dataState,
      },
      tensors: { ...this.#generator.tensors(), ...this.#critic.tensors() },
    };
  }

  /** Takes over a saved state; see {@link resumeWaveGanTrainer}. */
  async restore(state: WaveGanState): Promise<void> {
    checkWaveGanState(state);
    if (!this.#data.restore)
      throw new StateError('expected an image source that can go on where it was (restore), found none.', this.#data);
    const { manifest, tensors } = state;
    this.#generator.load(tensors, manifest.optimiserSteps.generator);
    this.#critic.load(tensors, manifest.optimiserSteps.critic);
    for (const name of waveGanStreams) this.#streams.set(name, randomStreamFrom(manifest.streams[name]));
    this.#steps = manifest.steps;
    await this.#data.restore(manifest.data);
    this.#dataState = manifest.data;
  }

  /** Frees all tensors of the training. The image source is the caller's. */
  dispose(): void {
    this.#generator.dispose();
    this.#critic.dispose();
  }

  async #updateCritic(signal: AbortSignal | undefined): Promise<CriticGradients> {
    const { network, training } = this;
    const { batchSize, microBatchSize, losses } = training;
    const weights = { ...this.#generator.weights, ...this.#critic.weights };
    const request = { size: [network.samples, 1] as const, ...(signal ? { signal } : {}) };
    const batch = await this.#data.next(batchSize, request);
    try {
      checkClips(batch, batchSize, network);
      const draws = this.#draw();
      const mixing = this.#stream('mixing').uniformValues(batchSize);
      const offsets = { real: this.#offsets(), generated: this.#offsets(), mixed: this.#offsets() };
      const found = await lossGradients<CriticTerm>(
        this.#critic.variables,
        chunks(batchSize, microBatchSize),
        ({ start, size }) => {
          const { latent, pitch } = draws(start, size);
          return {
            ...waveGanCriticTerms(
              weights,
              network,
              {
                real: tf.slice(batch.images, [start, 0, 0, 0], [size, -1, -1, -1]),
                realPitch: pitchRows(batch.labels.slice(start, start + size), network.pitches.length),
                generated: waveGanGenerator(weights, network, latent, pitch),
                mixing: tf.tensor1d(mixing.slice(start, start + size)),
                offsets,
              },
              losses,
            ),
          };
        },
      );
      this.#apply('critic', this.#critic, found);
      return found;
    } finally {
      batch.images.dispose();
    }
  }

  async #updateGenerator(): Promise<LossGradients<'wasserstein' | 'pitch'>> {
    const { network, training } = this;
    const weights = { ...this.#generator.weights, ...this.#critic.weights };
    const draws = this.#draw();
    const offsets = this.#offsets();
    const parts = chunks(training.batchSize, training.microBatchSize);
    const found = await lossGradients<'wasserstein' | 'pitch'>(this.#generator.variables, parts, ({ start, size }) => ({
      ...waveGanGeneratorTerms(weights, network, { ...draws(start, size), offsets }, training.losses),
    }));
    this.#apply('generator', this.#generator, found);
    return found;
  }

  #stream(name: WaveGanStream): RandomStream {
    return this.#streams.get(name) as RandomStream;
  }

  /** Latents, uniform in [-1, 1), and pitches of one batch, to be taken in parts. */
  #draw(): (start: number, size: number) => { latent: tf.Tensor2D; pitch: tf.Tensor2D } {
    const { latentSize, pitches } = this.network;
    const { batchSize, pitchCounts } = this.training;
    const latents = this.#stream('latent')
      .uniformValues(batchSize * latentSize)
      .map((value) => 2 * value - 1);
    const labels =
      pitches.length > 0
        ? this.#stream('label').categorical(pitchCounts ?? pitches.map(() => 1), batchSize)
        : new Int32Array(batchSize).fill(-1);
    return (start, size) => ({
      latent: tf.tensor2d(latents.slice(start * latentSize, (start + size) * latentSize), [size, latentSize]),
      pitch: pitchRows(labels.slice(start, start + size), pitches.length),
    });
  }

  #offsets(): Int32Array {
    const { phaseShuffle: radius } = this.network;
    return this.#stream('shuffle')
      .integers(2 * radius + 1, shuffledLayers)
      .map((value) => value - radius);
  }

  #apply(name: 'generator' | 'critic', network: TrainableNetwork, found: LossGradients<string>): void {
    try {
      const limit = this.training.divergenceLimit;
      const values = Object.entries(found.terms).map(([term, value]) => [`${term} loss`, value] as const);
      const unsound =
        values.find(([, value]) => !(Math.abs(value) <= limit)) ??
        (Number.isFinite(found.gradientNorm) ? undefined : (['gradient norm', found.gradientNorm] as const));
      if (unsound) {
        const images = this.#steps * this.training.criticUpdates * this.training.batchSize;
        const lastLosses = this.#lastLosses ? { lastLosses: { ...this.#lastLosses } } : {};
        throw new DivergenceError(
          { network: name, quantity: unsound[0], value: unsound[1], images, stage: 0, progress: 0, ...lastLosses },
          limit,
        );
      }
      network.update(found.gradients);
    } finally {
      tf.dispose(found.gradients.filter((gradient) => gradient !== null));
    }
  }
}

type CriticTerm = 'wasserstein' | 'penalty' | 'drift' | 'pitch';
type CriticGradients = LossGradients<CriticTerm>;

const stepLosses = (
  generator: LossGradients<'wasserstein' | 'pitch'>['terms'],
  critic: CriticGradients['terms'],
): StepLosses => ({
  generator: generator.total,
  generatorWasserstein: generator.wasserstein,
  generatorPitch: generator.pitch,
  critic: critic.total,
  criticWasserstein: critic.wasserstein,
  criticPitch: critic.pitch,
  penalty: critic.penalty,
  drift: critic.drift,
});

/** Uniform with the variance the variable's specification gives, as the original starts; a stream of its own for each variable. */
function glorotUniform({ name, shape, initial }: Variable, seed: number): Float32Array {
  const size = product(shape);
  if (initial.kind !== 'normal') return new Float32Array(size);
  const limit = Math.sqrt(3) * initial.deviation;
  return randomStream(seed, `init/${name}`)
    .uniformValues(size)
    .map((value) => limit * (2 * value - 1));
}

function checkClips({ images, labels }: ImageBatch, batchSize: number, { samples, channels }: WaveGanConfig): void {
  const expected = [batchSize, samples, 1, channels];
  if (images.shape.join() !== expected.join() || labels.length !== batchSize)
    throw new ArgumentError(
      'image source',
      `expected clips [${expected}] and as many labels, found [${images.shape}] and ${labels.length} labels.`,
      images.shape,
    );
}

/**
 * Goes on with a saved training: bit for bit as if it had never stopped, unless `training` changes a setting.
 *
 * @throws StateError if the state is none, of a newer version, or lacks a tensor
 */
export async function resumeWaveGanTrainer(
  state: WaveGanState,
  { data, training }: { readonly data: ImageSource; readonly training?: WaveGanTrainingOptions },
): Promise<WaveGanTrainer> {
  checkWaveGanState(state);
  const { network, training: saved, seed } = state.manifest;
  const merged = {
    ...saved,
    ...training,
    losses: { ...saved.losses, ...training?.losses },
    adam: { ...saved.adam, ...training?.adam },
  };
  const trainer = new WaveGanTrainer({ network, training: merged, seed, data });
  try {
    await trainer.restore(state);
  } catch (error) {
    trainer.dispose();
    throw error;
  }
  return trainer;
}
