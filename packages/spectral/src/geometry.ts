import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from './check-options.js';
import { checkCount, isPowerOfTwo } from './check.js';
import { OptionError } from './errors.js';
import { plainOptions } from './plain-options.js';
import type { SpectralJSON } from './representation/spectral-options.js';

export interface GeometryOptions {
  /** Time frames of the image. */
  readonly frames: number;
  /** Frequency bins of the image, a power of two of at least 2; the transform is twice as long. */
  readonly bins: number;
  /** Samples of the audio. Default 64,000: four seconds at 16 kHz. */
  readonly samples?: number | undefined;
  /** Share of a frame that the next one covers again: 0.5, 0.75 (default), 0.875, ... (1 - 2^-n). */
  readonly overlap?: number | undefined;
}

/** With those of the JSON of a representation, which may stand for its geometry. */
const geometryOptionNames: OptionNames<GeometryOptions & Pick<SpectralJSON, 'kind' | 'sampleRate' | 'trim'>> = {
  frames: true,
  bins: true,
  samples: true,
  overlap: true,
  kind: true,
  sampleRate: true,
  trim: true,
};

/** How audio of a fixed length falls into frames. All lengths in samples. */
export interface Geometry {
  readonly frames: number;
  readonly bins: number;
  readonly samples: number;
  readonly overlap: number;
  /** Length of one transform: 2 bins. */
  readonly fftSize: number;
  /** Distance of two frames: fftSize (1 - overlap). */
  readonly hop: number;
  /** What the frames cover: hop (frames - 1) + fftSize. */
  readonly covered: number;
  /** Zeros put in front of the audio: covered - samples. None go behind. */
  readonly padLeft: number;
}

/** Frames needed so that `samples` fit, for a transform of 2 bins. */
export function framesFor({ bins, samples = 64_000, overlap = 0.75 }: Omit<GeometryOptions, 'frames'>): number {
  const fftSize = 2 * bins;
  return Math.max(1, Math.ceil((samples - fftSize) / (fftSize * (1 - overlap))) + 1);
}

/** What an image may have at most, so that a slip in a file takes neither all memory nor all time: 16 times the paper's and more. */
export const mostImage = { frames: 65_536, bins: 16_384, values: 33_554_432, samples: 134_217_728 } as const;

/**
 * The arithmetic of an image: transform length, hop, and the zeros in front that make the audio end with the last frame.
 *
 * @throws OptionError where the numbers cannot work; the message lists sizes that do
 * @see SpecgramsHelper of Magenta's GANSynth
 */
export function geometry(given: GeometryOptions): Geometry {
  const options = plainOptions(given);
  checkOptions<GeometryOptions & Partial<Pick<SpectralJSON, 'kind' | 'sampleRate' | 'trim'>>>(
    'geometry',
    options,
    geometryOptionNames,
  );
  const { frames, bins, samples = 64_000, overlap = 0.75 } = options;
  checkCount(frames, 'geometry', 'frames', 1, mostImage.frames);
  checkCount(samples, 'geometry', 'samples', 1, mostImage.samples);
  if (!isPowerOfTwo(bins) || bins < 2) {
    const near = Number.isFinite(bins) && bins > 2 ? 2 ** Math.floor(Math.log2(bins)) : 2;
    throw new OptionError(
      `geometry: expected bins to be a power of two, found ${bins}. Near it: ${near} and ${2 * near}.`,
      'bins',
      bins,
    );
  }
  checkCount(bins, 'geometry', 'bins', 2, mostImage.bins);
  if (frames * bins > mostImage.values) {
    throw new OptionError(
      `geometry: expected at most ${mostImage.values} values for each channel of an image, found ${frames} frames x ${bins} bins = ${frames * bins}.`,
      'frames',
      frames,
    );
  }
  const fftSize = 2 * bins;
  const hop = fftSize * (1 - overlap);
  if (!(overlap >= 0.5 && overlap < 1) || !isPowerOfTwo(hop)) {
    const message = `geometry: expected overlap 0.5, 0.75, 0.875 or another 1 - 2^-n that leaves a hop of at least 1, found ${overlap} (hop ${hop}).`;
    throw new OptionError(message, 'overlap', overlap);
  }
  const covered = hop * (frames - 1) + fftSize;
  if (covered < samples) {
    const needed = framesFor({ bins, samples, overlap });
    throw new OptionError(
      `geometry: expected an image that covers ${samples} samples, found ${frames} frames of ${bins} bins, which cover ` +
        `hop (frames - 1) + 2 bins = ${hop} x ${frames - 1} + ${fftSize} = ${covered}. ` +
        `Take at least ${needed} frames with ${bins} bins (or ${2 ** Math.ceil(Math.log2(needed))}, the next power of two), ` +
        `${fewestBins(frames, samples, overlap)} bins with ${frames} frames, or at most ${covered} samples.`,
      'frames',
      frames,
    );
  }
  return { frames, bins, samples, overlap, fftSize, hop, covered, padLeft: covered - samples };
}

function fewestBins(frames: number, samples: number, overlap: number): number {
  let bins = 2;
  while (2 * bins * ((1 - overlap) * (frames - 1) + 1) < samples) bins *= 2;
  return bins;
}
