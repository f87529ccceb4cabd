import type { AdamOptions, RandomStreamState } from '@gansynth/training';
import type * as tf from '@tensorflow/tfjs-core';
import { ConfigError, StateError } from '../errors.js';
import { lossConfig, type LossConfig } from '../losses/loss-config.js';
import type { StepLosses } from '../trainer/events.js';
import type { SavedTensors } from '../trainer/trainable-network.js';
import type { WaveGanConfig } from './wavegan-config.js';

/** Everything that defines a WaveGAN training besides the networks, the data and the seed. Plain JSON. */
export interface WaveGanTrainingConfig {
  /** Steps (of several critic updates and one generator update) until the training is done. */
  readonly totalSteps: number;
  /** 64. */
  readonly batchSize: number;
  /** Critic updates before each generator update. 5. */
  readonly criticUpdates: number;
  /** 1e-4, for both networks. */
  readonly learningRate: number;
  /** Adam besides the rate: beta1 0.5, beta2 0.9, epsilon 1e-8 in TF1's position. */
  readonly adam: Omit<Required<AdamOptions>, 'learningRate'>;
  /** No drift term; pitch weights 10, as the package's other models, where there are pitches. */
  readonly losses: LossConfig;
  /** Clips computed at a time; see the progressive trainer. null: the whole batch. */
  readonly microBatchSize: number | null;
  /** How often each pitch occurs; generated pitches are drawn in proportion. null: all alike. */
  readonly pitchCounts: readonly number[] | null;
  /** A loss term beyond this (or not finite) counts as divergence. */
  readonly divergenceLimit: number;
}

/** What the caller may leave out. */
export interface WaveGanTrainingOptions extends Partial<Omit<WaveGanTrainingConfig, 'losses' | 'adam'>> {
  readonly losses?: Partial<LossConfig>;
  readonly adam?: Partial<WaveGanTrainingConfig['adam']>;
}

/**
 * A complete, checked training configuration: the original's, changed by `options`.
 *
 * @throws ConfigError naming the first setting that cannot be right
 * @see `train_wavegan.py` of the original (wgan-gp)
 */
export function waveGanTrainingConfig(
  network: WaveGanConfig,
  { losses, adam, ...rest }: WaveGanTrainingOptions = {},
): WaveGanTrainingConfig {
  const config: WaveGanTrainingConfig = {
    totalSteps: 200_000,
    batchSize: 64,
    criticUpdates: 5,
    learningRate: 1e-4,
    microBatchSize: null,
    pitchCounts: null,
    divergenceLimit: 1e5,
    ...rest,
    losses: lossConfig({ driftWeight: 0, ...losses }),
    adam: { beta1: 0.5, beta2: 0.9, epsilon: 1e-8, epsilonPosition: 'tf1', ...adam },
  };
  for (const field of ['totalSteps', 'batchSize', 'criticUpdates'] as const)
    if (!Number.isInteger(config[field]) || config[field] < 1)
      throw new ConfigError(field, `expected a positive whole number, found ${config[field]}.`, config[field]);
  for (const field of ['learningRate', 'divergenceLimit'] as const)
    if (!(Number.isFinite(config[field]) && config[field] > 0))
      throw new ConfigError(field, `expected a finite number above 0, found ${config[field]}.`, config[field]);
  const { microBatchSize, pitchCounts } = config;
  if (microBatchSize !== null && !(Number.isInteger(microBatchSize) && microBatchSize > 0))
    throw new ConfigError('microBatchSize', `expected a positive whole number or null, found ${microBatchSize}.`, microBatchSize);
  if (pitchCounts !== null && pitchCounts.length !== network.pitches.length)
    throw new ConfigError(
      'pitchCounts',
      `expected one count for each of the ${network.pitches.length} pitches, found ${pitchCounts.length}.`,
      pitchCounts,
    );
  return config;
}

/** The random streams of a WaveGAN training. */
export const waveGanStreams = ['latent', 'label', 'mixing', 'shuffle'] as const;
export type WaveGanStream = (typeof waveGanStreams)[number];

/** Everything of a training state but the tensors: plain JSON. */
export interface WaveGanManifest {
  readonly format: 'gansynth-wavegan-training';
  readonly version: 1;
  readonly network: WaveGanConfig;
  readonly training: WaveGanTrainingConfig;
  readonly seed: number;
  readonly steps: number;
  readonly optimiserSteps: { readonly generator: number; readonly critic: number };
  readonly streams: Readonly<Record<WaveGanStream, RandomStreamState>>;
  readonly data: unknown;
}

/** A training at rest (plain tensors) or alive (tensors of a backend), as the checkpoint store of `@gansynth/training/node` takes it. */
export interface WaveGanState<Tensors extends SavedTensors = SavedTensors> {
  readonly manifest: WaveGanManifest;
  readonly tensors: Tensors;
}

/** A state whose tensors belong to the trainer and change with its next step. */
export type LiveWaveGanState = WaveGanState<Readonly<Record<string, tf.Tensor>>>;

/** @throws StateError if this is no WaveGAN training state, or one that this version cannot read */
export function checkWaveGanState({ manifest }: WaveGanState): void {
  if (manifest?.format !== 'gansynth-wavegan-training')
    throw new StateError(
      `expected a manifest of format gansynth-wavegan-training, found ${JSON.stringify(manifest?.format)}.`,
      manifest,
    );
  if (manifest.version !== 1)
    throw new StateError(
      `expected version 1, found ${manifest.version}. Update @gansynth/models-gan to read it.`,
      manifest.version,
    );
}

/** One step of a WaveGAN training is done. Losses and norms of the critic are those of its last update. */
export interface WaveGanStepEvent {
  readonly type: 'step';
  readonly step: number;
  readonly totalSteps: number;
  readonly losses: StepLosses;
  readonly gradientNorms: { readonly generator: number; readonly critic: number };
  readonly milliseconds: number;
  /** Real clips the critic saw, a second. */
  readonly clipsPerSecond: number;
  readonly memory: { readonly tensors: number; readonly bytes: number };
}

export interface WaveGanEndEvent {
  readonly type: 'end';
  readonly reason: 'complete' | 'aborted' | 'limit';
  readonly steps: number;
}

export type WaveGanEvent = WaveGanStepEvent | WaveGanEndEvent;
