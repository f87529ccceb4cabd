import { detailOf } from '@gansynth/common/errors';
import { checkOptions } from '../check-options.js';
import { checkCount } from '../check.js';
import { OptionError } from '../errors.js';
import { geometry } from '../geometry.js';
import { plainOptions } from '../plain-options.js';
import { completeOptions, type SpectralJSON } from '../representation/spectral-options.js';

export interface HarmonicRepresentationOptions {
  /** Frames of the small image; divides `fullFrames`. Default 32. */
  readonly frames?: number | undefined;
  /** Bins of the small image; divides `fullBins`. Default 128. */
  readonly bins?: number | undefined;
  /** Frames of the IF-Mel image it stands for. Default 128. */
  readonly fullFrames?: number | undefined;
  /** Bins of the IF-Mel image it stands for, a power of two. Default 1024. */
  readonly fullBins?: number | undefined;
  /** Samples of the audio. Default 64,000. */
  readonly samples?: number | undefined;
  /** Hz. Default 16,000. */
  readonly sampleRate?: number | undefined;
  /** Natural log of a power that is added everywhere: nobody hears what lies below, and nothing need be learned about it. Default -8. */
  readonly floor?: number | undefined;
}

/** Plain data from which {@link harmonicRepresentation} makes an equal representation. */
export type HarmonicRepresentationJSON = {
  readonly kind: 'if-mel-harmonic';
} & { readonly [Key in keyof Required<HarmonicRepresentationOptions>]: number };

/** The IF-Mel image that a small one stands for. */
export const fullImage = ({ fullFrames, fullBins, samples, sampleRate }: HarmonicRepresentationJSON): SpectralJSON =>
  completeOptions({ kind: 'if-mel', frames: fullFrames, bins: fullBins, samples, sampleRate });

/** Fills in the defaults and checks what the numbers mean together. */
export function completeHarmonic(given: HarmonicRepresentationOptions): HarmonicRepresentationJSON {
  const options = plainOptions(given);
  // `kind` may stand there, so that what `toJSON` gave can be passed as it is.
  checkOptions<HarmonicRepresentationOptions & { readonly kind?: string }>('harmonicRepresentation', options, {
    kind: true,
    frames: true,
    bins: true,
    fullFrames: true,
    fullBins: true,
    samples: true,
    sampleRate: true,
    floor: true,
  });
  const { frames = 32, bins = 128, fullFrames = 128, fullBins = 1024 } = options;
  const { samples = 64_000, sampleRate = 16_000, floor = -8 } = options;
  const json = { kind: 'if-mel-harmonic', frames, bins, fullFrames, fullBins, samples, sampleRate, floor } as const;
  checkFullImage(json);
  checkDivides('frames', frames, fullFrames);
  checkDivides('bins', bins, fullBins);
  if (!(floor < 0)) {
    throw new OptionError(
      `harmonicRepresentation: expected floor below 0 (natural log of power), found ${floor}.`,
      'floor',
      floor,
    );
  }
  return json;
}

/** What the full image's size has to say is said of the options it was given by. */
function checkFullImage(json: HarmonicRepresentationJSON): void {
  try {
    geometry(fullImage(json));
  } catch (error) {
    if (!OptionError.isInstance(error)) throw error;
    const names: Readonly<Record<string, string>> = { frames: 'fullFrames', bins: 'fullBins' };
    const option = names[error.option] ?? error.option;
    throw new OptionError(`harmonicRepresentation: ${detailOf(error)}`, option, error.found);
  }
}

function checkDivides(option: 'frames' | 'bins', small: number, full: number): void {
  checkCount(small, 'harmonicRepresentation', option);
  if (full % small !== 0) {
    const fitting = Array.from({ length: full }, (_, i) => i + 1).filter((size) => full % size === 0);
    const name = option === 'frames' ? 'fullFrames' : 'fullBins';
    throw new OptionError(
      `harmonicRepresentation: expected ${option} to divide ${name} ${full}, found ${small}. Take one of ${fitting.join(', ')}.`,
      option,
      small,
    );
  }
}
