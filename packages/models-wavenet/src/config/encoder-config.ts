import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { ConfigError } from '../errors.js';
import { checkWhole } from './checks.js';
import { ranges } from './ranges.js';

/** The encoder of the autoencoder. Its bottleneck is as wide as the conditioning it makes, one frame for each hop. */
export interface EncoderConfig {
  /** Residual layers, of dilation 2^(i mod cycle). 30. */
  readonly layers: number;
  /** Layers until the dilation is 1 again. 10. */
  readonly cycle: number;
  /** Channels of the residual stream. 128. */
  readonly width: number;
  /** Taps of a convolution, odd: it is centred. 3. */
  readonly kernelLength: number;
}

/** NSynth's. */
export const defaultEncoder: EncoderConfig = { layers: 30, cycle: 10, width: 128, kernelLength: 3 };

const encoderNames: OptionNames<EncoderConfig> = { layers: true, cycle: true, width: true, kernelLength: true };

export function completeEncoder(encoder: Partial<EncoderConfig>): EncoderConfig {
  checkOptions('conditioning.encoder', encoder, encoderNames);
  const complete = { ...defaultEncoder, ...encoder };
  const field = 'conditioning.encoder';
  checkWhole(`${field}.layers`, complete.layers, ranges.layers);
  checkWhole(`${field}.cycle`, complete.cycle, ranges.cycle);
  checkWhole(`${field}.width`, complete.width, ranges.width);
  checkWhole(`${field}.kernelLength`, complete.kernelLength, ranges.kernelLength);
  if (complete.kernelLength % 2 === 0)
    throw new ConfigError(
      `${field}.kernelLength`,
      `expected an odd number, found ${complete.kernelLength}.`,
      complete.kernelLength,
    );
  return complete;
}
