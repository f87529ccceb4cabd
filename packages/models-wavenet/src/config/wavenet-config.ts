import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { checkWhole } from './checks.js';
import { completeConditioning, type ConditioningConfig, type ConditioningOptions } from './conditioning-config.js';
import { completeOutput, type OutputConfig } from './output-config.js';
import { ranges } from './ranges.js';

/** Everything that defines a WaveNet. Plain JSON. */
export interface WaveNetConfig {
  /** Residual layers; layer i from 0 has dilation 2^(i mod cycle). 30. */
  readonly layers: number;
  /** Layers until the dilation is 1 again. 10. */
  readonly cycle: number;
  /** Channels of the residual stream; a gate has twice as many. 512. */
  readonly width: number;
  /** Channels that the layers' outputs are added up in, and of the head. 256. */
  readonly skipWidth: number;
  /** Taps of a causal convolution. 3. */
  readonly kernelLength: number;
  readonly output: OutputConfig;
  readonly conditioning: ConditioningConfig;
}

/** What the caller may leave out. */
export interface WaveNetOptions extends Partial<Omit<WaveNetConfig, 'output' | 'conditioning'>> {
  /** Default: mu-law. */
  readonly output?: OutputConfig;
  /** Default: frames of NSynth's encoder. */
  readonly conditioning?: ConditioningOptions;
}

/** Their names, each once. */
export const waveNetOptionNames: OptionNames<WaveNetOptions> = {
  layers: true,
  cycle: true,
  width: true,
  skipWidth: true,
  kernelLength: true,
  output: true,
  conditioning: true,
};

/**
 * A complete, checked configuration: the NSynth autoencoder, changed by `options`.
 *
 * @throws ConfigError naming the first setting that cannot be built; ArgumentError naming one that does not exist, here or in a part
 * @see `magenta/models/nsynth/wavenet/h512_bo16.py`
 */
export function waveNetConfig(options: WaveNetOptions = {}): WaveNetConfig {
  checkOptions('waveNetConfig', options, waveNetOptionNames);
  const { output = { kind: 'mu-law' }, conditioning = { kind: 'frames' }, ...sizes } = options;
  const config = {
    layers: 30,
    cycle: 10,
    width: 512,
    skipWidth: 256,
    kernelLength: 3,
    ...sizes,
    output: completeOutput(output),
    conditioning: completeConditioning(conditioning),
  };
  checkWhole('layers', config.layers, ranges.layers);
  checkWhole('cycle', config.cycle, ranges.cycle);
  checkWhole('width', config.width, ranges.width);
  checkWhole('skipWidth', config.skipWidth, ranges.width);
  checkWhole('kernelLength', config.kernelLength, ranges.kernelLength);
  return config;
}

/** Dilations of a stack's layers, first to last. */
export const dilations = ({ layers, cycle }: { readonly layers: number; readonly cycle: number }): number[] =>
  Array.from({ length: layers }, (_, index) => 2 ** (index % cycle));

/** Samples of the past, the last one included, that a prediction can depend on: 6,141 in NSynth. */
export function receptiveField(config: Pick<WaveNetConfig, 'layers' | 'cycle' | 'kernelLength'>): number {
  const reach = dilations(config).reduce((sum, dilation) => sum + dilation, 1);
  return 1 + (config.kernelLength - 1) * reach;
}
