import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { ConfigError } from '../errors.js';

/** Everything that defines a WaveGAN. Plain JSON. */
export interface WaveGanConfig {
  /**
   * Length of a clip: 4096, 8192, 16384, 32768 or 65536 (the original has the last three). A note of 64,000 samples is padded by 768 on both
   * sides, as the original does elsewhere.
   */
  readonly samples: 4096 | 8192 | 16_384 | 32_768 | 65_536;
  readonly channels: number;
  /** Width of the outermost layers; each layer inwards doubles it. 64. */
  readonly dim: number;
  /** Taps of every filter. 25. */
  readonly kernelLength: number;
  /** Size of z, uniform in [-1, 1). 100. */
  readonly latentSize: number;
  /**
   * Pitches the networks know, ascending. Empty (default): an unconditional WaveGAN. Otherwise the generator gets the pitch one-hot beside
   * z, and the critic a second head that classifies it, as in the paper's comparison.
   */
  readonly pitches: readonly number[];
  /** `zeros`: transposed convolutions. `nearest`: nearest-neighbour upsampling, then a convolution; fewer pitched artefacts. */
  readonly upsampling: 'zeros' | 'nearest';
  /** Radius in samples of the phase shuffle after the critic's first four layers; 0 leaves it out. 2. */
  readonly phaseShuffle: number;
}

/** Lengths that can be built. */
export const waveGanSamples = [4096, 8192, 16_384, 32_768, 65_536] as const;

const defaults: WaveGanConfig = {
  samples: 65_536,
  channels: 1,
  dim: 64,
  kernelLength: 25,
  latentSize: 100,
  pitches: [],
  upsampling: 'zeros',
  phaseShuffle: 2,
};

const waveGanOptionNames: OptionNames<WaveGanConfig> = {
  samples: true,
  channels: true,
  dim: true,
  kernelLength: true,
  latentSize: true,
  pitches: true,
  upsampling: true,
  phaseShuffle: true,
};

/**
 * A complete, checked configuration: the WaveGAN of the GANSynth paper's comparison, changed by `options`.
 *
 * @throws ConfigError naming the first setting that cannot be built; ArgumentError naming one that there is not
 * @see Donahue et al. 2019, appendix D
 */
export function waveGanConfig(options: Partial<WaveGanConfig> = {}): WaveGanConfig {
  checkOptions('waveGanConfig', options, waveGanOptionNames);
  const config = { ...defaults, ...options };
  const fail = (field: keyof WaveGanConfig, expected: string): never => {
    throw new ConfigError(field, `expected ${expected}, found ${JSON.stringify(config[field])}.`, config[field]);
  };
  if (!waveGanSamples.includes(config.samples)) fail('samples', waveGanSamples.join(', '));
  for (const field of ['channels', 'dim', 'kernelLength', 'latentSize'] as const)
    if (!Number.isInteger(config[field]) || config[field] < 1) fail(field, 'a positive whole number');
  if (!['zeros', 'nearest'].includes(config.upsampling)) fail('upsampling', '"zeros" or "nearest"');
  const { phaseShuffle, pitches } = config;
  // The innermost shuffled layer has samples / 256 values; a reflection needs more values than it reflects.
  if (!Number.isInteger(phaseShuffle) || phaseShuffle < 0 || phaseShuffle >= config.samples / 256)
    fail('phaseShuffle', `a whole number from 0 to ${config.samples / 256 - 1}`);
  if (pitches.some((pitch, index) => index > 0 && pitch <= pitches[index - 1]!)) fail('pitches', 'pitches in ascending order');
  return config;
}

/** One step outwards: channels after it, and by how much it lengthens (generator) or shortens (critic) the signal. */
export interface WaveGanLayer {
  readonly channels: number;
  readonly stride: number;
}

/** Values along the time axis at the innermost point. */
export const innerLength = 16;

/**
 * The generator's layers from the inside out. The critic has as many, their widths from the outside in, but the same strides in the same
 * order: for 8,192 and 32,768 samples both networks have their stride of 2 last.
 */
export function waveGanLayers({ samples, dim, channels }: WaveGanConfig): {
  readonly inner: number;
  readonly layers: readonly WaveGanLayer[];
} {
  const doublings = Math.log2(samples / innerLength);
  const depth = Math.ceil(doublings / 2);
  const layers = Array.from({ length: depth }, (_, index) => ({
    channels: index === depth - 1 ? channels : dim * 2 ** (depth - 2 - index),
    stride: doublings % 2 === 1 && index === depth - 1 ? 2 : 4,
  }));
  return { inner: dim * 2 ** (depth - 1), layers };
}
