import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { ConfigError } from '../errors.js';

/** Weights of the losses. The defaults are those of the paper's models (`mel_prog_hires` of the original). */
export interface LossConfig {
  /** Weight of the pitch cross-entropy of generated images in the generator's loss. 10. */
  readonly generatorPitchWeight: number;
  /** Weight of the pitch cross-entropy of real images in the critic's loss. 10. */
  readonly criticPitchWeight: number;
  /** 10. */
  readonly penaltyWeight: number;
  /** Gradient norm the penalty pulls towards, from both sides. 1. */
  readonly penaltyTarget: number;
  /** Added under the root of the gradient norm. 0. */
  readonly penaltyEpsilon: number;
  /**
   * In which units the gradient norm is measured: per unit of the un-normalised `image` (default, as the original, where a unit of log
   * power then counts 1/12 of a unit of frequency), or per unit of the `normalised` one, in which both channels span the same range.
   */
  readonly penaltyUnits: 'image' | 'normalised';
  /**
   * Weight of the mean absolute difference between a generated image and a real one of the same pitch (and instrument), normalised, in the
   * generator's loss. It settles quickly what all sounds of a label have in common. 0: none, as the paper.
   *
   * @see Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial Networks", equation 4
   */
  readonly l1Weight: number;
  /** Weight of mean(score(real)^2), which keeps the scores from drifting away. 0.001. */
  readonly driftWeight: number;
}

const lossOptionNames: OptionNames<LossConfig> = {
  generatorPitchWeight: true,
  criticPitchWeight: true,
  penaltyWeight: true,
  penaltyTarget: true,
  penaltyEpsilon: true,
  penaltyUnits: true,
  l1Weight: true,
  driftWeight: true,
};

/**
 * Complete, checked weights of the losses: those of the paper's models, changed by `options`.
 *
 * @throws ConfigError naming the first weight that cannot be right; ArgumentError naming one that there is not
 */
export function lossConfig(options: Partial<LossConfig> = {}): LossConfig {
  checkOptions('lossConfig', options, lossOptionNames);
  const config: LossConfig = {
    generatorPitchWeight: 10,
    criticPitchWeight: 10,
    penaltyWeight: 10,
    penaltyTarget: 1,
    penaltyEpsilon: 0,
    penaltyUnits: 'image',
    l1Weight: 0,
    driftWeight: 0.001,
    ...options,
  };
  const { penaltyUnits, ...numbers } = config;
  if (penaltyUnits !== 'image' && penaltyUnits !== 'normalised') {
    throw new ConfigError(
      'losses.penaltyUnits',
      `expected "image" or "normalised", found ${JSON.stringify(penaltyUnits)}.`,
      penaltyUnits,
    );
  }
  for (const [field, value] of Object.entries(numbers)) {
    if (!Number.isFinite(value) || value < 0 || (field === 'penaltyTarget' && value === 0)) {
      throw new ConfigError(
        `losses.${field}`,
        `expected a finite number ${field === 'penaltyTarget' ? 'above' : 'of at least'} 0, found ${value}.`,
        value,
      );
    }
  }
  return config;
}
