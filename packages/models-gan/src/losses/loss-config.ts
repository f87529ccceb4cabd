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
  /** Weight of mean(score(real)^2), which keeps the scores from drifting away. 0.001. */
  readonly driftWeight: number;
}

export function lossConfig(options: Partial<LossConfig> = {}): LossConfig {
  const config: LossConfig = {
    generatorPitchWeight: 10,
    criticPitchWeight: 10,
    penaltyWeight: 10,
    penaltyTarget: 1,
    penaltyEpsilon: 0,
    driftWeight: 0.001,
    ...options,
  };
  for (const [field, value] of Object.entries(config) as [keyof LossConfig, number][]) {
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
