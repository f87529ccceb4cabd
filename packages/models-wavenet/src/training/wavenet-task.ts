import type { OptionNames } from '@gansynth/common/check-options';
import {
  AveragedParameters,
  dataCursor,
  learningRateAt,
  rampedDecay,
  toJson,
  TrainableParameters,
  TrainingProgress,
  updateParameters,
  type Json,
  type MicroBatch,
  type Phase,
  type StepContext,
  type StepResult,
  type TrainingTask,
} from '@gansynth/training';
import { checkOptions } from '../check-options.js';
import { waveNetConfig, type WaveNetConfig } from '../config/wavenet-config.js';
import { waveNetVariables } from '../network/variables.js';
import type { Weights } from '../network/weights.js';
import { checkNotes } from './check-notes.js';
import { drawStarts, waveNetStreams, type WaveNetStreams } from './crops.js';
import { initialValues } from './initial-values.js';
import { inputDropout } from './input-dropout.js';
import { hasNoise, inputNoise } from './input-noise.js';
import type { NoteSource } from './note-source.js';
import { waveNetLoss, type Pieces } from './wavenet-loss.js';
import { waveNetTrainingConfig, type WaveNetTrainingConfig, type WaveNetTrainingOptions } from './wavenet-training-config.js';

export interface WaveNetTaskOptions {
  readonly network: WaveNetConfig;
  readonly training?: WaveNetTrainingOptions;
  /** Decides initial weights, which pieces are cut, dropout and noise. Whole number. */
  readonly seed: number;
  readonly data: NoteSource;
}

/** Their names, each once. */
export const waveNetTaskOptionNames: OptionNames<WaveNetTaskOptions> = { network: true, training: true, seed: true, data: true };

/** Losses of a step, by which a training is judged. */
export type WaveNetLosses = {
  /** Mean negative log-likelihood of the pieces, nats a sample. A uniform guess: 5.55 in 8 bits, 11.09 in 16. */
  readonly nats: number;
};

/**
 * The training of a WaveNet, with its encoder where it has one: weights and their average over time, random streams and data cursor. A step is an
 * update on a piece of each note of a batch. Run it by `runTraining` of `@gansynth/training`, save it by `stateOf`, go on with a saved one by
 * {@link resumeWaveNetTask}.
 */
export class WaveNetTask implements TrainingTask<WaveNetLosses> {
  static readonly kind = 'wavenet';
  static readonly version = 1;
  readonly kind: string = WaveNetTask.kind;
  readonly version: number = WaveNetTask.version;
  readonly unit = 'clips';
  readonly phase: Phase = { index: 0, label: 'its only stage' };
  readonly progress: TrainingProgress = new TrainingProgress();
  readonly network: WaveNetConfig;
  readonly training: WaveNetTrainingConfig;
  readonly seed: number;
  readonly config: Json;
  readonly parts: TrainingTask['parts'];
  readonly #data: NoteSource;
  readonly #parameters: TrainableParameters;
  readonly #average: AveragedParameters;
  readonly #streams: WaveNetStreams;

  /** @throws ConfigError if a setting cannot be right */
  constructor(options: WaveNetTaskOptions) {
    checkOptions('new WaveNetTask', options, waveNetTaskOptionNames);
    const { network, training, seed, data } = options;
    this.network = waveNetConfig(network);
    this.training = waveNetTrainingConfig(this.network, training);
    this.seed = seed;
    this.config = toJson('WaveNet: config', { network: this.network, training: this.training, seed });
    this.#data = data;
    this.#streams = waveNetStreams(seed);
    const { adam, averageDecay } = this.training;
    this.#parameters = new TrainableParameters({ ...adam, learningRate: this.#learningRate });
    this.#parameters.grow(waveNetVariables(this.network), (variable) => initialValues(variable, seed));
    this.#average = new AveragedParameters(this.#parameters, { decay: averageDecay });
    this.parts = { network: this.#parameters, average: this.#average, streams: this.#streams, data: dataCursor(data) };
  }

  get total(): number {
    return this.training.totalSteps * this.training.batchSize;
  }

  get divergenceLimit(): number {
    return this.training.divergenceLimit;
  }

  async step(context: StepContext): Promise<StepResult<WaveNetLosses>> {
    const { batchSize, microBatchSize, averageDecay } = this.training;
    const pieces = await this.#pieces(context);
    const { weights } = this.#parameters;
    const { losses, gradientNorm } = await updateParameters(
      this.#parameters,
      { name: 'network', batchSize, microBatchSize, learningRate: this.#learningRate },
      context,
      (part) => ({ total: waveNetLoss(weights, this.network, pieces(part)) }),
    );
    this.#average.update(rampedDecay(averageDecay, this.#parameters.optimiserSteps));
    return { examples: batchSize, losses: { nats: losses.total }, gradientNorms: { network: gradientNorm } };
  }

  /**
   * The network's weights by variable name. They belong to the task and change with the next step.
   *
   * @param which `average` (default): over time, what one samples from; `raw`: as they were last trained
   */
  weights(which: 'average' | 'raw' = 'average'): Weights {
    return which === 'raw' ? { ...this.#parameters.weights } : this.#average.weights();
  }

  /** Frees all tensors of the training. The source of notes is the caller's. */
  dispose(): void {
    this.#average.dispose();
    this.#parameters.dispose();
  }

  get #learningRate(): number {
    return learningRateAt(this.training.learningRate, this.progress.steps);
  }

  /** A piece of each note of the next batch, to be taken in parts. */
  async #pieces({ signal }: StepContext): Promise<(part: MicroBatch) => Pieces> {
    const { batchSize, noteSamples, cropSamples, leadSamples, inputDropout: rate, inputNoise: noise } = this.training;
    const batch = await this.#data.next(batchSize, { samples: noteSamples, ...(signal ? { signal } : {}) });
    checkNotes(batch, batchSize, noteSamples, this.network);
    const starts = drawStarts(this.#streams, this.network, this.training);
    const seeds =
      rate === 0 && !hasNoise(noise) ? new Int32Array() : this.#streams.stream('dropout').integers(2 ** 31, batchSize);
    return ({ start, size }) => ({
      audio: Array.from(starts.subarray(start, start + size), (at, index) =>
        batch.audio[start + index]!.subarray(at, at + cropSamples),
      ),
      labels: batch.labels.slice(start, start + size),
      starts: starts.slice(start, start + size),
      ...(leadSamples > 0 && { leads: starts.slice(start, start + size).map((at) => (at === 0 ? 0 : leadSamples)) }),
      ...(rate > 0 && { dropout: inputDropout(rate, seeds.slice(start, start + size)) }),
      ...(hasNoise(noise) && { hearing: inputNoise(noise, seeds.slice(start, start + size)) }),
    });
  }
}
