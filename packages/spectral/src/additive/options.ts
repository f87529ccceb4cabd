import { checkCount, checkPositive } from '../check.js';
import { mostImage } from '../geometry.js';
import { checkOptions } from '../check-options.js';
import type { EngineName } from '../engine/select.js';
import { OptionError } from '../errors.js';
import { plainOptions } from '../plain-options.js';
import { MODULATION_BANDS } from './layout.js';

export interface AdditiveOptions {
  /** Time frames. Default 64. */
  readonly frames?: number | undefined;
  /** Bins: harmonics from the first up, partials between them if there are any, then bands of noise. Default 64. */
  readonly bins?: number | undefined;
  /** How many of the bins are bands of noise. Default 8; 0 for none. */
  readonly noiseBands?: number | undefined;
  /**
   * How many of the bins are partials half way between harmonics, from half the fundamental up: with 2, of what sounds an octave below the pitch, as the
   * lowest pipes of an organ do. Default 0.
   */
  readonly halfHarmonics?: number | undefined;
  /**
   * Whether vibrato and beating are kept as depth and rate instead of as their course: what networks can learn of them. Takes the second values of 8 bands of
   * noise, and frames of at most a sixteenth of a second, 8 to 1,024 of them after the onset. Default false.
   */
  readonly modulation?: boolean | undefined;
  /** How many of the frames lie close together at the onset; the others share the rest of the note evenly. Default a quarter of them. */
  readonly onsetFrames?: number | undefined;
  /** Samples from one of those to the next. Default 8 ms. */
  readonly onsetHop?: number | undefined;
  /** Samples of the audio. Default 64,000. */
  readonly samples?: number | undefined;
  /** Hz. Default 16,000. */
  readonly sampleRate?: number | undefined;
}

/** What {@link AdditiveOptions} become in a file. */
export type AdditiveJSON = { readonly kind: 'harmonic' } & {
  readonly [Key in keyof Required<AdditiveOptions>]: NonNullable<AdditiveOptions[Key]>;
};

const what = 'representation: harmonic';

/** With what may stand beside them; `kind`, so that what `toJSON` gave can be passed as it is. */
export type GivenAdditiveOptions = AdditiveOptions & { readonly kind?: string; readonly engine?: EngineName | undefined };

/** Fills in the defaults and checks what the numbers mean together. */
export function completeAdditive(given: GivenAdditiveOptions): AdditiveJSON {
  const options = plainOptions(given);
  checkOptions<GivenAdditiveOptions>('additiveRepresentation', options, {
    kind: true,
    frames: true,
    bins: true,
    noiseBands: true,
    halfHarmonics: true,
    modulation: true,
    onsetFrames: true,
    onsetHop: true,
    samples: true,
    sampleRate: true,
    engine: true,
  });
  const { frames = 64, bins = 64, samples = 64_000, sampleRate = 16_000 } = options;
  checkCount(frames, what, 'frames', 2, mostImage.frames);
  checkCount(bins, what, 'bins', 1, mostImage.bins);
  checkCount(samples, what, 'samples', 1, mostImage.samples);
  checkPositive(sampleRate, what, 'sampleRate', 10_000_000);
  const { noiseBands = Math.min(8, bins - 1), onsetFrames = Math.floor(frames / 4) } = options;
  const { onsetHop = Math.max(1, Math.round(0.008 * sampleRate)), halfHarmonics = 0, modulation = false } = options;
  checkCount(noiseBands, what, 'noiseBands', 0);
  checkCount(halfHarmonics, what, 'halfHarmonics', 0);
  checkCount(onsetFrames, what, 'onsetFrames', 0);
  checkCount(onsetHop, what, 'onsetHop');
  if (noiseBands >= bins) {
    throw new OptionError(
      `${what}: expected noiseBands below bins = ${bins}, so that a bin is left for the fundamental, found ${noiseBands}.`,
      'noiseBands',
      noiseBands,
    );
  }
  if (halfHarmonics >= bins - noiseBands) {
    throw new OptionError(
      `${what}: expected halfHarmonics below bins - noiseBands = ${bins - noiseBands}, so that a bin is left for the fundamental, found ${halfHarmonics}.`,
      'halfHarmonics',
      halfHarmonics,
    );
  }
  if (onsetFrames >= frames) {
    const message = `${what}: expected onsetFrames below frames = ${frames}, found ${onsetFrames}.`;
    throw new OptionError(message, 'onsetFrames', onsetFrames);
  }
  if (onsetFrames * onsetHop + frames - onsetFrames > samples) {
    throw new OptionError(
      `${what}: expected ${samples} samples to hold ${onsetFrames} onset frames of ${onsetHop} samples and ${frames - onsetFrames} more ` +
        `of at least one, found a need of ${onsetFrames * onsetHop + frames - onsetFrames}. Lower onsetFrames or onsetHop.`,
      'onsetHop',
      onsetHop,
    );
  }
  if (typeof modulation !== 'boolean') {
    const found = JSON.stringify(modulation);
    throw new OptionError(`${what}: expected modulation true or false, found ${found}.`, 'modulation', modulation);
  }
  const json = {
    kind: 'harmonic',
    frames,
    bins,
    noiseBands,
    halfHarmonics,
    modulation,
    onsetFrames,
    onsetHop,
    samples,
    sampleRate,
  } as const;
  if (modulation) checkModulation(json);
  return json;
}

/** Seconds of a frame that still follow a vibrato of eight turns a second. */
const LONGEST_FRAME = 1 / 16;

/** Frames after the onset: each is weighed against every other. */
const MOST_LATE = 1024;

function checkModulation({ frames, noiseBands, onsetFrames, onsetHop, samples, sampleRate }: AdditiveJSON): void {
  const late = frames - onsetFrames;
  const seconds = (samples - onsetFrames * onsetHop) / late / sampleRate;
  const problems = [
    noiseBands < MODULATION_BANDS && `noiseBands of at least ${MODULATION_BANDS} to hold it, found ${noiseBands}`,
    late < 8 && `at least 8 frames after the onset, found ${late}. Raise frames`,
    late > MOST_LATE && `at most ${MOST_LATE} frames after the onset, found ${late}`,
    seconds > LONGEST_FRAME &&
      `frames of at most ${1000 * LONGEST_FRAME} ms, found ${Math.round(1000 * seconds)} ms. Raise frames`,
  ];
  const problem = problems.find(Boolean);
  if (problem) throw new OptionError(`${what}: modulation: expected ${problem}, or leave modulation out.`, 'modulation', true);
}
