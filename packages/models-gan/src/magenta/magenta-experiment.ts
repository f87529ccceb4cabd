import { type Affine, imageSize, type NetworkConfig, networkConfig } from '../progressive/config.js';
import { ModelFileError } from '@gansynth/model-files';

/** How images stand for sound. */
export interface ImageRepresentation {
  readonly kind: 'if-mel' | 'if' | 'phase' | 'waveform';
  readonly frames: number;
  readonly bins: number;
  /** Length of a note in samples, and samples per second. */
  readonly samples: number;
  readonly sampleRate: number;
}

/** The original's names of them. */
const representationKinds = { mel: 'if-mel', linear: 'if', phase: 'phase', wave: 'waveform' } as const;

/** What a Magenta `experiment.json` says of the model, checked and renamed. Counts are images, as in the original. */
export interface MagentaExperiment {
  /** What the images show, as `@gansynth/spectral`'s `representation` takes it. */
  readonly representation: ImageRepresentation;
  /** The network, with {@link magentaNormaliser} or `null` as its normaliser; `null` as well if it was measured and lies in another file, which the loaders read. */
  readonly network: NetworkConfig;
  /** The original's name of its normaliser. */
  readonly normaliserName: string;
  /** Whether the normaliser was measured from the data, and so is missing here: the loaders look for it in `assets/`, unless they are given one. */
  readonly normaliserMissing: boolean;
  readonly progressive: boolean;
  readonly stableImages: number;
  readonly transitionImages: number;
}

/** The original's constants, fitted to IF-Mel log power: [ln 1e-6, 10.38] -> [-0.8, 0.8], instantaneous frequency times 0.8. */
export const magentaNormaliser: Affine = {
  scale: [[0.0661371661726, 0.8]],
  offset: [[0.113718730221, 0]],
};

/** The model behind Magenta's published checkpoints (configs/mel_prog_hires.py), for those that come without `experiment.json`. */
export const magentaHighResolution: MagentaExperiment = {
  representation: { kind: 'if-mel', frames: 128, bins: 1024, samples: 64_000, sampleRate: 16_000 },
  network: networkConfig({ normaliser: magentaNormaliser }),
  normaliserName: 'specgrams_prespecified_normalizer',
  normaliserMissing: false,
  progressive: true,
  stableImages: 800_000,
  transitionImages: 800_000,
};

/**
 * Reads Magenta's `experiment.json`.
 *
 * @param text the file's contents
 * @param file its name, for messages
 * @throws ModelFileError if it is no such file, or describes a network this package does not build (`simple_arch`)
 */
export function parseMagentaExperiment(text: string, file = 'experiment.json'): MagentaExperiment {
  let flags: Record<string, unknown>;
  try {
    flags = JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new ModelFileError(file, `expected JSON: ${(error as Error).message}`);
  }
  if (typeof flags !== 'object' || flags === null || Array.isArray(flags))
    throw new ModelFileError(file, 'expected an object of flags');

  const wrong = (name: string, expected: string): never => {
    throw new ModelFileError(file, `expected "${name}" to be ${expected}, found ${JSON.stringify(flags[name])}`);
  };
  const count = (name: string, otherwise: number, least = 1): number => {
    const value = flags[name] ?? otherwise;
    return Number.isSafeInteger(value) && (value as number) >= least
      ? (value as number)
      : wrong(name, `an integer of at least ${least}`);
  };
  const number = (name: string, otherwise: number): number => {
    const value = flags[name] ?? otherwise;
    return typeof value === 'number' && Number.isFinite(value) ? value : wrong(name, 'a number');
  };
  const choice = <const T>(name: string, otherwise: T, choices: readonly T[]): T => {
    const value = (flags[name] ?? otherwise) as T;
    return choices.includes(value) ? value : wrong(name, `one of ${choices.join(', ')}`);
  };

  choice('simple_arch', false, [false]);
  for (const name of ['g_fn', 'd_fn']) choice(name, 'specgram', ['specgram']);
  const normaliserName = flags['data_normalizer'] ?? magentaHighResolution.normaliserName;
  if (typeof normaliserName !== 'string') return wrong('data_normalizer', 'a name');
  const [scale, offset] = [magentaNormaliser.scale[0] ?? [], magentaNormaliser.offset[0] ?? []];
  const prespecified: Affine = {
    scale: [[number('mag_normalizer_a', scale[0]!), number('p_normalizer_a', scale[1]!)]],
    offset: [[number('mag_normalizer_b', offset[0]!), number('p_normalizer_b', offset[1]!)]],
  };
  const isPrespecified = normaliserName === 'specgrams_prespecified_normalizer';
  const kernelSize: unknown = flags['kernel_size'] ?? 3;
  const network: Partial<NetworkConfig> = {
    latentSize: count('latent_vector_size', 256),
    start: [count('start_height', 4), count('start_width', 8)],
    scaleBase: count('scale_base', 2, 2),
    scaleMode: choice('scale_mode', 'ALL', ['ALL', 'H']) === 'H' ? 'height' : 'both',
    blocks: count('num_resolutions', 7),
    filters: { base: number('fmap_base', 512), decay: number('fmap_decay', 1), max: number('fmap_max', 128) },
    kernelSize: (Array.isArray(kernelSize) ? kernelSize : [kernelSize, kernelSize]) as unknown as NetworkConfig['kernelSize'],
    toRgbActivation: choice('to_rgb_activation', 'tanh', ['tanh', 'linear']),
    normaliser: isPrespecified ? prespecified : null,
  };
  const config = checkedNetwork(network, file);
  const [frames, bins] = imageSize(config);
  return {
    representation: {
      kind: representationKinds[choice('data_type', 'mel', ['mel', 'linear', 'phase', 'wave'])],
      frames,
      bins,
      samples: count('audio_length', 64_000),
      sampleRate: count('sample_rate', 16_000),
    },
    network: config,
    normaliserName,
    normaliserMissing: !isPrespecified && normaliserName !== 'none',
    progressive: choice('train_progressive', true, [true, false]),
    stableImages: count('stable_stage_num_images', 32),
    transitionImages: count('transition_stage_num_images', 32),
  };
}

export function checkedNetwork(network: Partial<NetworkConfig>, file: string): NetworkConfig {
  try {
    return networkConfig(network);
  } catch (error) {
    throw new ModelFileError(file, `expected a network that can be built. ${(error as Error).message}`);
  }
}

/**
 * How far training had come, in blocks: 0 is the smallest image alone, `blocks - 1` the largest alone, a fraction a blend.
 *
 * @param images images seen so far
 * @param blocks blocks the stage has
 */
export function magentaProgress(experiment: MagentaExperiment, images: number, blocks: number): number {
  if (!experiment.progressive) return blocks - 1;
  const { stableImages: stable, transitionImages: transition } = experiment;
  const seen = Math.min(images, blocks * stable + (blocks - 1) * transition - 1);
  const whole = Math.floor(seen / (stable + transition));
  return whole + Math.max(0, ((seen % (stable + transition)) - stable) / transition);
}
