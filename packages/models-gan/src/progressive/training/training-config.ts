import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../../check-options.js';
import type { AdamOptions } from '@gansynth/training';
import type { NetworkConfig } from '../config.js';
import { ConfigError } from '../../errors.js';
import { adamNames } from '../../gan/adam-names.js';
import { lossConfig, type LossConfig } from '../../gan/loss-config.js';
import { stages, type StageSchedule } from '../schedule/stages.js';

/** Everything that defines a training besides the networks, the data and the seed. Plain JSON. */
export interface TrainingConfig {
  readonly schedule: StageSchedule;
  readonly losses: LossConfig;
  /** Paper: 8e-4, for both networks, in every stage. */
  readonly generatorLearningRate: number;
  readonly criticLearningRate: number;
  /**
   * Images after which both rates fall, along half a cosine, to 0 at the schedule's `totalImages`. null: they stay, as in the paper.
   *
   * @see Loshchilov & Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", equation 5, without restarts
   */
  readonly annealAfter: number | null;
  /**
   * Images after which the critic comes in: until then the generator alone learns, by the L1 term, at a fraction of the cost. 0, as the paper; the schedule's
   * `totalImages`: never. Terms of one's own count from then on.
   */
  readonly adversarialAfter: number;
  /** Adam besides the rate; the original has beta1 0, beta2 0.99, epsilon 1e-8 in TF1's position. */
  readonly adam: Omit<Required<AdamOptions>, 'learningRate'>;
  /** Decay per step of the averaged generator that is sampled from. 0.999. */
  readonly averageDecay: number;
  /** `reset`: every stage starts with fresh optimisers, as the original. `keep`: moments live on, new variables start at zero. */
  readonly optimiserAtStage: 'reset' | 'keep';
  /**
   * Images that are computed at a time. A larger batch is split into micro-batches whose gradients are averaged: the same step in less
   * memory, except that the minibatch standard deviation sees a micro-batch, as on one of several devices. null: no split.
   */
  readonly microBatchSize: number | null;
  /** The gradient penalty in every n-th step only, n times as heavy there. 1, as the original. */
  readonly penaltyEvery: number;
  /**
   * How often each pitch occurs; generated pitches are drawn in proportion. The paper's are {@link nsynthPitchCounts}. null: all alike.
   */
  readonly pitchCounts: readonly number[] | null;
  /**
   * By how much the vote of a training note's instrument leads every other, at least (see `latentWithInstrument`). 0: as drawn, so that latents between
   * two instruments are shown notes of the one that is a little ahead.
   */
  readonly instrumentLead: number;
  /** A loss term beyond this (or not finite) counts as divergence. */
  readonly divergenceLimit: number;
}

/** What the caller may leave out. */
export interface TrainingOptions extends Partial<Omit<TrainingConfig, 'schedule' | 'losses' | 'adam'>> {
  readonly schedule?: Partial<StageSchedule>;
  readonly losses?: Partial<LossConfig>;
  readonly adam?: Partial<TrainingConfig['adam']>;
}

const trainingOptionNames: OptionNames<TrainingOptions> = {
  schedule: true,
  losses: true,
  adam: true,
  generatorLearningRate: true,
  criticLearningRate: true,
  annealAfter: true,
  adversarialAfter: true,
  averageDecay: true,
  optimiserAtStage: true,
  microBatchSize: true,
  penaltyEvery: true,
  pitchCounts: true,
  instrumentLead: true,
  divergenceLimit: true,
};

const scheduleNames: OptionNames<StageSchedule> = {
  stableImages: true,
  transitionImages: true,
  totalImages: true,
  progressive: true,
  batchSizes: true,
};

/**
 * A complete, checked training configuration: the paper's high-resolution training, changed by `options`.
 *
 * @throws ConfigError naming the first setting that cannot be right; ArgumentError naming one that there is not
 */
export function trainingConfig(network: NetworkConfig, options: TrainingOptions = {}): TrainingConfig {
  checkOptions('trainingConfig', options, trainingOptionNames);
  const { schedule, losses, adam, ...rest } = options;
  checkOptions('trainingConfig: schedule', schedule, scheduleNames);
  checkOptions('trainingConfig: adam', adam, adamNames);
  const progressive = schedule?.progressive ?? true;
  const config: TrainingConfig = {
    generatorLearningRate: 8e-4,
    criticLearningRate: 8e-4,
    annealAfter: null,
    adversarialAfter: 0,
    averageDecay: 0.999,
    optimiserAtStage: 'reset',
    microBatchSize: null,
    penaltyEvery: 1,
    pitchCounts: null,
    instrumentLead: 0,
    divergenceLimit: 1e5,
    ...rest,
    schedule: {
      stableImages: 800_000,
      transitionImages: 800_000,
      totalImages: progressive ? 11_000_000 : 4_000_000,
      progressive,
      batchSizes: [8],
      ...schedule,
    },
    losses: lossConfig(losses),
    adam: { beta1: 0, beta2: 0.99, epsilon: 1e-8, epsilonPosition: 'tf1', ...adam },
  };
  check(config, network);
  return config;
}

/** What learning rates are multiplied by after so many images. */
export function annealing(images: number, { annealAfter, schedule }: Pick<TrainingConfig, 'annealAfter' | 'schedule'>): number {
  if (annealAfter === null || images <= annealAfter) return 1;
  const share = (images - annealAfter) / (schedule.totalImages - annealAfter);
  return share >= 1 ? 0 : (1 + Math.cos(Math.PI * share)) / 2;
}

function check(config: TrainingConfig, network: NetworkConfig): void {
  stages(config.schedule, network.blocks);
  for (const field of ['generatorLearningRate', 'criticLearningRate', 'divergenceLimit'] as const) {
    if (!(Number.isFinite(config[field]) && config[field] > 0)) fail(field, 'a finite number above 0', config[field]);
  }
  if (!(config.averageDecay >= 0 && config.averageDecay < 1)) fail('averageDecay', 'a number in [0, 1)', config.averageDecay);
  if (!['reset', 'keep'].includes(config.optimiserAtStage))
    fail('optimiserAtStage', '"reset" or "keep"', config.optimiserAtStage);
  if (!(config.instrumentLead >= 0 && config.instrumentLead < Number.POSITIVE_INFINITY)) {
    fail('instrumentLead', 'a finite number of 0 or more', config.instrumentLead);
  }
  if (config.instrumentLead > 0 && network.instruments.length === 0) {
    fail('instrumentLead', '0 for a network without instruments', config.instrumentLead);
  }
  const { microBatchSize, penaltyEvery, pitchCounts, annealAfter, adversarialAfter, losses } = config;
  const { totalImages } = config.schedule;
  const within = (images: number): boolean => Number.isInteger(images) && images >= 0 && images < totalImages;
  if (annealAfter !== null && !within(annealAfter)) {
    fail('annealAfter', `a whole number of images below totalImages, ${totalImages}, or null`, annealAfter);
  }
  if (!within(adversarialAfter) && adversarialAfter !== totalImages)
    fail('adversarialAfter', `a whole number of images up to totalImages, ${totalImages}`, adversarialAfter);
  if (adversarialAfter > 0 && losses.l1Weight === 0) {
    fail(
      'adversarialAfter',
      '0 without an L1 term (losses.l1Weight), from which alone the generator could learn',
      adversarialAfter,
    );
  }
  if (microBatchSize !== null && !(Number.isInteger(microBatchSize) && microBatchSize > 0)) {
    fail('microBatchSize', 'a positive whole number or null', microBatchSize);
  }
  if (!(Number.isInteger(penaltyEvery) && penaltyEvery > 0)) fail('penaltyEvery', 'a positive whole number', penaltyEvery);
  if (pitchCounts !== null) {
    const usable = pitchCounts.every((count) => Number.isFinite(count) && count >= 0) && pitchCounts.some((count) => count > 0);
    if (pitchCounts.length !== network.pitches.length || !usable) {
      fail('pitchCounts', `${network.pitches.length} counts (one a pitch), none negative, not all 0`, pitchCounts);
    }
  }
}

function fail(field: string, expected: string, value: unknown): never {
  throw new ConfigError(field, `expected ${expected}, found ${JSON.stringify(value)}.`, value);
}
