import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { checkChoice, checkNumber, checkWhole } from './checks.js';
import { ranges } from './ranges.js';

/** 256 classes of mu-law codes, drawn by their softmax. */
export interface MuLawOutput {
  readonly kind: 'mu-law';
}

/** A mixture of logistic distributions over the 65,536 values of 16-bit samples. */
export interface LogisticsOutput {
  readonly kind: 'logistics';
  /** Logistic distributions in the mixture. 10. */
  readonly mixtures: number;
  /**
   * Least log-scale of a distribution. -7 (a scale of 30 steps of 16-bit audio) is the original mixtures' for images and what keeps young
   * networks stable; -16 lets a distribution be narrower than a step, as 16-bit vocoders set it.
   */
  readonly logScaleFloor: number;
}

export type OutputConfig = MuLawOutput | LogisticsOutput;

/** 16-bit output as the originals have it. */
export const defaultLogistics: LogisticsOutput = { kind: 'logistics', mixtures: 10, logScaleFloor: -7 };

/** Values that the network gives for each sample. */
export const outputChannels = (output: OutputConfig): number => (output.kind === 'mu-law' ? 256 : 3 * output.mixtures);

const muLawNames: OptionNames<MuLawOutput> = { kind: true };
const logisticsNames: OptionNames<LogisticsOutput> = { kind: true, mixtures: true, logScaleFloor: true };

export function completeOutput(output: OutputConfig): OutputConfig {
  checkChoice('output.kind', output.kind, ['mu-law', 'logistics']);
  if (output.kind === 'mu-law') {
    checkOptions('output', output, muLawNames);
    return { kind: 'mu-law' };
  }
  checkOptions('output', output, logisticsNames);
  const complete = { ...defaultLogistics, ...output };
  checkWhole('output.mixtures', complete.mixtures, ranges.mixtures);
  checkNumber('output.logScaleFloor', complete.logScaleFloor, ranges.logScaleFloor);
  return complete;
}
