import { checkOptions } from '../check-options.js';
import { checkCount, checkPositive } from '../check.js';
import { mostImage } from '../geometry.js';
import { OptionError } from '../errors.js';
import type { EngineName } from '../engine/select.js';
import { plainOptions } from '../plain-options.js';

/** `waveform`: samples; `phase`: log magnitude and phase; `if`: and instantaneous frequency; `if-mel`: the same on a mel axis. */
export type SpectralKind = 'waveform' | 'phase' | 'if' | 'if-mel';
/** Which of the bins + 1 frequencies is left out so that a power of two remains. */
export type Trim = 'dc' | 'nyquist';

export const spectralKinds: readonly SpectralKind[] = ['waveform', 'phase', 'if', 'if-mel'];

export interface SpectralOptions {
  readonly kind: SpectralKind;
  /** Time frames. Default 128; for `waveform` the length of the image, default the next power of two of at least `samples`. */
  readonly frames?: number | undefined;
  /** Frequency bins, a power of two. Default 1024; `waveform` has none (1). */
  readonly bins?: number | undefined;
  /** Samples of the audio. Default 64,000. */
  readonly samples?: number | undefined;
  /** Hz. Matters to the mel axis and to pictures. Default 16,000. */
  readonly sampleRate?: number | undefined;
  /** Frequency left out: `dc` (default) as the original code does it, `nyquist` as the paper words it. */
  readonly trim?: Trim | undefined;
  /** Share of a frame that the next one covers again. Default 0.75. */
  readonly overlap?: number | undefined;
  /** Who computes; the result is the same. Not part of the JSON. Default `auto`. */
  readonly engine?: EngineName | undefined;
}

/** What {@link SpectralOptions} become in a file: plain, complete, nothing implied by a default. */
export interface SpectralJSON {
  readonly kind: SpectralKind;
  readonly frames: number;
  readonly bins: number;
  readonly samples: number;
  readonly sampleRate: number;
  readonly trim: Trim;
  readonly overlap: number;
}

/** Fills in the defaults. What the numbers mean together is checked by `geometry`. */
export function completeOptions(given: SpectralOptions): SpectralJSON {
  const options = plainOptions(given);
  checkOptions('representation', options, {
    kind: true,
    frames: true,
    bins: true,
    samples: true,
    sampleRate: true,
    trim: true,
    overlap: true,
    engine: true,
  });
  const { kind, samples = 64_000, sampleRate = 16_000, trim = 'dc', overlap = 0.75 } = options;
  oneOf(kind, spectralKinds, 'kind');
  oneOf(trim, ['dc', 'nyquist'], 'trim');
  checkCount(samples, 'representation', 'samples', 1, mostImage.samples);
  checkPositive(sampleRate, 'representation', 'sampleRate', 10_000_000);
  const waveform = kind === 'waveform';
  const { frames = waveform ? 2 ** Math.ceil(Math.log2(samples)) : 128, bins = waveform ? 1 : 1024 } = options;
  return { kind, frames, bins, samples, sampleRate, trim, overlap };
}

function oneOf(value: string, allowed: readonly string[], option: string): void {
  if (!allowed.includes(value)) {
    throw new OptionError(
      `representation: expected ${option} to be one of ${allowed.join(', ')}, found ${value}.`,
      option,
      value,
    );
  }
}
