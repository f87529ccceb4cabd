import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { ConfigError } from '../errors.js';
import {
  checkAffine,
  checkAttributes,
  checkConditioning,
  checkCrossed,
  checkDense,
  checkInstruments,
  isCount,
} from './config-parts.js';
import { filterCount, type FilterSchedule } from './schedule/filters.js';

/** Height (frames) first, then width (frequency bins). */
export type Size = readonly [height: number, width: number];

/** An affine map per channel, or per bin and channel: normalised = clip(scale * x + offset, -1, 1). */
export interface Affine {
  /** [1 or width][channels] */
  readonly scale: readonly (readonly number[])[];
  /** [1 or width][channels] */
  readonly offset: readonly (readonly number[])[];
}

/**
 * Extra input planes that depend on the pitch and the frequency bin only, from a frozen table [pitches, width, features]: harmonics of
 * the pitch, for example. They are box-averaged to a layer's width and concatenated to its input.
 */
export interface ConditioningPlanes {
  readonly features: number;
  /** Convolutions of the generator that get the planes: `block_2/conv0`, ... (any `conv0` or `conv1` except `block_1/conv0`). */
  readonly generator: readonly string[];
  /** Convolutions of the critic that get the planes: any `conv0`. The critic then sees the label of what it judges. */
  readonly critic: readonly string[];
}

/** Places where the paper describes something else than its code does. Every default is the code. */
export interface PaperVariants {
  /**
   * Width of the second convolution of a critic block: `next` already has the next lower block's width (code), `block` keeps the
   * block's own (paper, table 3), the width then changes in the next block's first convolution.
   */
  readonly criticWidths: 'next' | 'block';
  /** Leaky ReLU after the critic's first 1x1 convolution (code), or nothing (paper). */
  readonly fromRgbActivation: 'leakyRelu' | 'linear';
  /** Pixel norm of latent and pitch together before the first layer (code: true; paper: not mentioned). */
  readonly inputPixelNorm: boolean;
  /** Added to the mean square in the pixel norm. Code: 1e-8; paper, equation 1: 0. */
  readonly pixelNormEpsilon: number;
}

/** A property of notes whose levels one value of z decides. */
export interface NoteAttribute {
  readonly name: string;
  /** How many levels training notes have, 2 or more; equally frequent ones are assumed. */
  readonly levels: number;
  /** MIDI velocity that each level stands for, ascending: for an attribute that says how hard notes are struck, and for no other. */
  readonly velocities?: readonly number[];
}

/**
 * A value for every combination of instrument, level and pitch among those that the generator's first layer is given, so that it holds a start of its
 * own for each instead of a sum of what each brings. Attributes then reach it as shares of their levels, and all groups of values are of one size.
 *
 * @see Cheng et al. 2016, "Wide & Deep Learning for Recommender Systems", cross-product features
 */
export interface CrossedInputs {
  /** Names of the attributes whose levels are crossed with the instruments. */
  readonly attributes: readonly string[];
  /** Pitches, evenly from the lowest to the highest, that are crossed with both; what lies between two of them is some of each. 1 or more. */
  readonly anchors: number;
}

/** Everything that defines generator and critic. Plain JSON. */
export interface NetworkConfig extends PaperVariants {
  /** Size of z. Paper: 256. */
  readonly latentSize: number;
  /** The pitches (labels) the network knows, ascending, e.g. MIDI 24 ... 84; the position is the class index. */
  readonly pitches: readonly number[];
  /**
   * Names of the instruments the network tells apart; the position is the class index. The first values of z then choose among them (the
   * largest wins, see `latentInstrument`), and the critic judges each image among those of its instrument. Empty: none, as the paper.
   *
   * @see Miyato & Koyama 2018, "cGANs with Projection Discriminator", for the critic
   */
  readonly instruments: readonly string[];
  /**
   * Properties of the training notes (how hard they were struck, which collection they are from) that z is told while training: one value of z for
   * each, after those that choose the instrument (see `latentWithAttribute`). Where generated images are compared with real ones, like is then
   * compared with like, and different latents sound different. None when absent, as the paper.
   */
  readonly attributes?: readonly NoteAttribute[];
  /** How instrument, attributes and pitch are combined before the first layer. Not at all when absent, as the paper. */
  readonly crossed?: CrossedInputs;
  /**
   * Widths of the hidden layers of a fully connected generator: each a matrix product and a leaky ReLU, then another product to all pixels. It has
   * one block, and no convolutions but the critic's. None when absent, as the paper.
   */
  readonly dense?: readonly number[];
  /** Image size of the first block. Paper: [2, 16]. */
  readonly start: Size;
  /** How many times higher (and wider) each block is than the one before. */
  readonly scaleBase: number;
  /** Whether blocks grow in both directions or in height only (waveforms: height = samples, width 1). */
  readonly scaleMode: 'both' | 'height';
  /** Number of blocks. The image is start * scaleBase^(blocks - 1). Paper: 7. */
  readonly blocks: number;
  /** Channels of the blocks, see {@link filterCount}. */
  readonly filters: FilterSchedule | readonly number[];
  readonly kernelSize: Size;
  /** Channels of the image: 2 (magnitude and phase; a waveform is duplicated). */
  readonly channels: number;
  readonly toRgbActivation: 'tanh' | 'linear';
  /** `equalised`: the paper's network. `simple`: the original's plain convolutional variant. */
  readonly architecture: 'equalised' | 'simple';
  /** Maps images to [-1, 1]. The generator inverts it, the critic applies it: images outside the networks are un-normalised. */
  readonly normaliser: Affine | null;
  /** How the minibatch standard deviation is differentiated a second time; the original holds the mean constant. */
  readonly stddevGradient: 'stopped' | 'exact';
  readonly conditioning: ConditioningPlanes | null;
}

const defaults: NetworkConfig = {
  latentSize: 256,
  pitches: Array.from({ length: 61 }, (_, index) => 24 + index),
  instruments: [],
  start: [2, 16],
  scaleBase: 2,
  scaleMode: 'both',
  blocks: 7,
  filters: { base: 4096, decay: 1, max: 256 },
  kernelSize: [3, 3],
  channels: 2,
  toRgbActivation: 'tanh',
  architecture: 'equalised',
  normaliser: null,
  stddevGradient: 'stopped',
  conditioning: null,
  criticWidths: 'next',
  fromRgbActivation: 'leakyRelu',
  inputPixelNorm: true,
  pixelNormEpsilon: 1e-8,
};

const networkOptionNames: OptionNames<NetworkConfig> = {
  latentSize: true,
  pitches: true,
  instruments: true,
  attributes: true,
  crossed: true,
  dense: true,
  start: true,
  scaleBase: true,
  scaleMode: true,
  blocks: true,
  filters: true,
  kernelSize: true,
  channels: true,
  toRgbActivation: true,
  architecture: true,
  normaliser: true,
  stddevGradient: true,
  conditioning: true,
  criticWidths: true,
  fromRgbActivation: true,
  inputPixelNorm: true,
  pixelNormEpsilon: true,
};

/**
 * A complete, checked network configuration: the paper's high-resolution network, changed by `options`.
 *
 * @throws ConfigError naming the first setting that cannot be built; ArgumentError naming a setting that there is not
 */
export function networkConfig(options: Partial<NetworkConfig> = {}): NetworkConfig {
  checkOptions('networkConfig', options, networkOptionNames);
  const config = { ...defaults, ...options };
  check(config);
  return config;
}

/** Height and width of the image a block makes, block 1 first. */
export function blockSize(config: Pick<NetworkConfig, 'start' | 'scaleBase' | 'scaleMode'>, block: number): Size {
  const [fy, fx] = scaleFactors(config, block - 1);
  return [config.start[0] * fy, config.start[1] * fx];
}

/** Factors along height and width of `steps` blocks together. */
export function scaleFactors(config: Pick<NetworkConfig, 'scaleBase' | 'scaleMode'>, steps: number): Size {
  const factor = config.scaleBase ** steps;
  return [factor, config.scaleMode === 'both' ? factor : 1];
}

/** Size of the finished image. */
export function imageSize(config: NetworkConfig): Size {
  return blockSize(config, config.blocks);
}

/** Upper ends, generous to every network that can be trained: what is beyond them is a slip, and would take all memory or hang. */
const most = { latentSize: 65_536, scaleBase: 64, blocks: 32, channels: 1024, filters: 65_536, pixels: 2 ** 24 } as const;

function check(config: NetworkConfig): void {
  for (const field of ['latentSize', 'scaleBase', 'blocks', 'channels'] as const) {
    const value = config[field];
    if (!isCount(value)) throw new ConfigError(field, `expected a positive whole number, found ${value}.`, value);
    if (value > most[field]) throw new ConfigError(field, `expected at most ${most[field]}, found ${value}.`, value);
  }
  for (const [field, value] of Object.entries({ start: config.start, kernelSize: config.kernelSize })) {
    if (!Array.isArray(value) || value.length !== 2 || !value.every(isCount)) {
      throw new ConfigError(field, `expected [height, width] as positive whole numbers, found ${JSON.stringify(value)}.`, value);
    }
  }
  const [height, width] = imageSize(config);
  if (height * width > most.pixels) {
    throw new ConfigError(
      'blocks',
      `expected images of at most ${most.pixels} pixels, found ${height} x ${width} after ${config.blocks} blocks. Lower blocks or start.`,
      [height, width],
    );
  }
  choice('scaleMode', config.scaleMode, ['both', 'height']);
  choice('toRgbActivation', config.toRgbActivation, ['tanh', 'linear']);
  choice('architecture', config.architecture, ['equalised', 'simple']);
  choice('stddevGradient', config.stddevGradient, ['stopped', 'exact']);
  choice('criticWidths', config.criticWidths, ['next', 'block']);
  choice('fromRgbActivation', config.fromRgbActivation, ['leakyRelu', 'linear']);
  const ascending = config.pitches.every((pitch, index) => index === 0 || pitch > config.pitches[index - 1]!);
  if (config.pitches.length === 0 || !ascending) {
    throw new ConfigError(
      'pitches',
      `expected at least one pitch, in ascending order, found [${config.pitches}].`,
      config.pitches,
    );
  }
  checkInstruments(config);
  checkAttributes(config);
  if (config.crossed !== undefined) checkCrossed(config.crossed, config);
  if (config.dense !== undefined) checkDense(config.dense, config);
  for (let block = 0; block <= config.blocks; block++) {
    const channels = filterCount(config.filters, block);
    if (channels > most.filters) {
      throw new ConfigError(
        'filters',
        `expected at most ${most.filters} channels, found ${channels} in block ${block}.`,
        config.filters,
      );
    }
    if (!isCount(channels)) {
      throw new ConfigError(
        'filters',
        `expected at least 1 channel in each of the blocks 0 to ${config.blocks}, found ${channels} in block ` +
          `${block}. Raise base or max, lower decay, or give the widths as a list of ${config.blocks + 1}.`,
        config.filters,
      );
    }
  }
  if (config.architecture === 'simple' && (config.scaleBase !== 2 || config.scaleMode !== 'both')) {
    throw new ConfigError(
      'architecture',
      `expected scaleBase 2 in both directions for "simple", found ${config.scaleBase}.`,
      'simple',
    );
  }
  if (config.normaliser !== null) checkAffine(config.normaliser, config.channels, width);
  if (config.conditioning !== null) checkConditioning(config.conditioning, config);
}

function choice(field: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw new ConfigError(field, `expected one of ${allowed.join(', ')}, found ${value}.`, value);
}
