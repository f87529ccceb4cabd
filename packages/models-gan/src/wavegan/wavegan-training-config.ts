import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import type { AdamOptions } from '@gansynth/training';
import { ConfigError } from '../errors.js';
import { adamNames } from '../gan/adam-names.js';
import { lossConfig, type LossConfig } from '../gan/loss-config.js';
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

const waveGanTrainingOptionNames: OptionNames<WaveGanTrainingOptions> = {
  losses: true,
  adam: true,
  microBatchSize: true,
  pitchCounts: true,
  divergenceLimit: true,
  totalSteps: true,
  batchSize: true,
  criticUpdates: true,
  learningRate: true,
};

/**
 * A complete, checked training configuration: the original's, changed by `options`.
 *
 * @throws ConfigError naming the first setting that cannot be right; ArgumentError naming one that there is not
 * @see `train_wavegan.py` of the original (wgan-gp)
 */
export function waveGanTrainingConfig(network: WaveGanConfig, options: WaveGanTrainingOptions = {}): WaveGanTrainingConfig {
  checkOptions('waveGanTrainingConfig', options, waveGanTrainingOptionNames);
  const { losses, adam, ...rest } = options;
  checkOptions('waveGanTrainingConfig: adam', adam, adamNames);
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
