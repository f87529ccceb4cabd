import type { OptionNames } from '@gansynth/common/check-options';
import { checkLearningRate, type AdamOptions, type LearningRate } from '@gansynth/training';
import { checkOptions } from '../check-options.js';
import { checkNumber, checkWhole } from '../config/checks.js';
import { hopOf } from '../config/conditioning-config.js';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import { ConfigError } from '../errors.js';
import type { InputNoise } from './input-noise.js';

/** Everything that defines a WaveNet training besides the network, the data and the seed. Plain JSON. */
export interface WaveNetTrainingConfig {
  /** Steps until the training is done. 200,000; the paper trains 150,000. */
  readonly totalSteps: number;
  /** Pieces of notes in a step, one of each note. 32. */
  readonly batchSize: number;
  /** Pieces computed at a time. null: the whole batch. */
  readonly microBatchSize: number | null;
  /** Length of a note as it comes from the source. 64,000, or what the pitch conditioning says. */
  readonly noteSamples: number;
  /** Length of the piece that is cut out of it. 6,144. */
  readonly cropSamples: number;
  /**
   * Share of the pieces that begin with their note. The others begin anywhere, where zeros stand for what came before: a network that is
   * shown few beginnings sings as if it had been cut in. 0, as NSynth.
   */
  readonly onsetShare: number;
  /**
   * Samples at the head of a piece that is cut out of the middle of a note: heard, so that it knows what came before, and not judged. 0, as NSynth. The receptive
   * field is as much as it can use.
   */
  readonly leadSamples: number;
  /** NSynth's: 2e-4, falling in steps from 90,000 on. */
  readonly learningRate: LearningRate;
  /** Adam besides the rate: beta1 0.9, beta2 0.999, epsilon 1e-8 in TF1's position. */
  readonly adam: Omit<Required<AdamOptions>, 'learningRate'>;
  /** Of the weights' average over time; it rises to this from 0.1, as (1 + steps) / (10 + steps). 0.9999. */
  readonly averageDecay: number;
  /**
   * Share of the first convolution's outputs that are left out at random, so that the network leans on its conditioning. 0, as NSynth; 0.5 in
   * `bfs18/nsynth_wavenet` for 16-bit output.
   */
  readonly inputDropout: number;
  /**
   * Noise in what the network hears of the past, as a share of its level there: it learns to come back from what is a little off, as its own samples
   * are. 0, as NSynth. See {@link inputNoise}.
   */
  readonly inputNoise: InputNoise;
  /** A loss beyond this (or not finite) counts as divergence. 1e6: an untrained mixture of logistics may cost thousands of nats. */
  readonly divergenceLimit: number;
}

/** What the caller may leave out. */
export interface WaveNetTrainingOptions extends Partial<Omit<WaveNetTrainingConfig, 'adam'>> {
  readonly adam?: Partial<WaveNetTrainingConfig['adam']>;
}

/** Their names, each once. */
export const waveNetTrainingOptionNames: OptionNames<WaveNetTrainingOptions> = {
  totalSteps: true,
  batchSize: true,
  microBatchSize: true,
  noteSamples: true,
  cropSamples: true,
  onsetShare: true,
  leadSamples: true,
  learningRate: true,
  adam: true,
  averageDecay: true,
  inputDropout: true,
  inputNoise: true,
  divergenceLimit: true,
};

/** NSynth's learning rate by step. @see `magenta/models/nsynth/wavenet/h512_bo16.py` */
export const nsynthLearningRate: LearningRate = [
  { from: 0, rate: 2e-4 },
  { from: 90_000, rate: 4e-4 / 3 },
  { from: 120_000, rate: 6e-5 },
  { from: 150_000, rate: 4e-5 },
  { from: 180_000, rate: 2e-5 },
  { from: 210_000, rate: 6e-6 },
  { from: 240_000, rate: 2e-6 },
];

/**
 * A complete, checked training configuration: NSynth's, changed by `options`.
 *
 * @throws ConfigError naming the first setting that cannot be right
 * @see `magenta/models/nsynth/wavenet/train.py`
 */
export function waveNetTrainingConfig(network: WaveNetConfig, options: WaveNetTrainingOptions = {}): WaveNetTrainingConfig {
  checkOptions('waveNetTrainingConfig', options, waveNetTrainingOptionNames);
  const { conditioning } = network;
  const { adam, ...rest } = options;
  const config: WaveNetTrainingConfig = {
    totalSteps: 200_000,
    batchSize: 32,
    microBatchSize: null,
    noteSamples: conditioning.kind === 'pitch' ? conditioning.samples : 64_000,
    cropSamples: 6144,
    onsetShare: 0,
    leadSamples: 0,
    learningRate: nsynthLearningRate,
    averageDecay: 0.9999,
    inputDropout: 0,
    inputNoise: 0,
    divergenceLimit: 1e6,
    ...rest,
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, epsilonPosition: 'tf1', ...adam },
  };
  checkWhole('totalSteps', config.totalSteps, { from: 1, to: 2 ** 31 });
  checkWhole('batchSize', config.batchSize, { from: 1, to: 2 ** 20 });
  if (config.microBatchSize !== null) checkWhole('microBatchSize', config.microBatchSize, { from: 1, to: 2 ** 20 });
  checkLearningRate('learningRate', config.learningRate);
  checkNumber('averageDecay', config.averageDecay, { from: 0, to: 1 });
  checkNumber('inputDropout', config.inputDropout, { from: 0, to: 0.99 });
  checkInputNoise(config.inputNoise);
  checkNumber('onsetShare', config.onsetShare, { from: 0, to: 1 });
  if (!(config.divergenceLimit > 0))
    throw new ConfigError(
      'divergenceLimit',
      `expected a number above 0, found ${config.divergenceLimit}.`,
      config.divergenceLimit,
    );
  checkCrops(network, config);
  return config;
}

function checkCrops({ conditioning }: WaveNetConfig, { noteSamples, cropSamples, leadSamples }: WaveNetTrainingConfig): void {
  const hop = hopOf(conditioning);
  checkWhole('noteSamples', noteSamples, { from: 1, to: 2 ** 26 });
  checkWhole('cropSamples', cropSamples, { from: 1, to: noteSamples });
  checkWhole('leadSamples', leadSamples, { from: 0, to: cropSamples - 1 });
  if (cropSamples % hop !== 0)
    throw new ConfigError(
      'cropSamples',
      `expected a multiple of the conditioning's hop, ${hop}, found ${cropSamples}.`,
      cropSamples,
    );
  if (conditioning.kind === 'pitch' && noteSamples !== conditioning.samples)
    throw new ConfigError(
      'noteSamples',
      `expected the length that the pitch conditioning is made for, ${conditioning.samples}, found ${noteSamples}.`,
      noteSamples,
    );
  if (conditioning.kind === 'frames' && conditioning.encoder === null)
    throw new ConfigError(
      'conditioning.encoder',
      'expected an encoder: without one a training has no frames to condition on, found null.',
      null,
    );
}

function checkInputNoise(noise: InputNoise): void {
  if (typeof noise === 'number') return checkNumber('inputNoise', noise, { from: 0, to: 10 });
  if (!Array.isArray(noise) || noise.length !== 2)
    throw new ConfigError('inputNoise', `expected a share or the least and the greatest, found ${JSON.stringify(noise)}.`, noise);
  for (const [index, share] of noise.entries()) checkNumber(`inputNoise[${index}]`, share, { from: 0, to: 10 });
  if (noise[0] > noise[1])
    throw new ConfigError('inputNoise', `expected the least share first, found [${noise.join(', ')}].`, noise);
}
