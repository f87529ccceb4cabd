import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { checkCount, checkFinite, checkPositive } from '../check.js';
import { OptionError } from '../errors.js';
import { Canvas, type Picture, type PictureSize } from './picture.js';

export interface WrapOptions {
  /** Hz, see `midiToFrequency`. */
  readonly fundamental: number;
  /** Hz. Default 16,000. */
  readonly sampleRate?: number | undefined;
  /** Samples to take. Default 1028, as in the paper's figure. */
  readonly count?: number | undefined;
  /** First of them. Default: so that they lie in the middle. */
  readonly start?: number | undefined;
}

/** Their names, each once. */
export const wrapOptionNames: OptionNames<WrapOptions> = { fundamental: true, sampleRate: true, count: true, start: true };

/** Samples folded on their period. */
export interface WrappedWaveform {
  /** Place in its cycle, [0, 1), one a sample. */
  readonly position: Float32Array;
  /** Which cycle, from 0, one a sample. */
  readonly cycle: Int32Array;
  /** The sample. */
  readonly value: Float32Array;
}

/**
 * Folds a waveform on the period of its fundamental. A perfectly periodic note lies on itself cycle after cycle; an incoherent one
 * becomes a web of lines.
 *
 * @param audio samples of one note
 * @throws OptionError for a fundamental outside (0, sampleRate / 2) or a section outside the audio; NonFiniteError
 * @see Engel et al. 2019, figure 3, top row
 */
export function wrapAtFundamental(audio: ArrayLike<number>, options: WrapOptions): WrappedWaveform {
  checkOptions('wrapAtFundamental', options, wrapOptionNames);

  const { fundamental, sampleRate = 16_000, count = 1028 } = options;
  checkPositive(sampleRate, 'wrapAtFundamental', 'sampleRate');
  checkCount(count, 'wrapAtFundamental', 'count');
  if (!(fundamental > 0 && fundamental < sampleRate / 2)) {
    const message = `wrapAtFundamental: expected fundamental above 0 and below ${sampleRate / 2} Hz, found ${fundamental}.`;
    throw new OptionError(message, 'fundamental', fundamental);
  }
  const start = options.start ?? Math.max(0, Math.floor((audio.length - count) / 2));
  if (!(Number.isInteger(start) && start >= 0 && start + count <= audio.length)) {
    const message = `wrapAtFundamental: expected ${count} samples from ${start} on, found audio of ${audio.length}. Take a smaller count.`;
    throw new OptionError(message, 'start', start);
  }
  const value = Float32Array.from({ length: count }, (_, n) => audio[start + n]!);
  checkFinite(value, 'wrapAtFundamental: audio', 'Clean the audio first.');
  const cycles = (n: number): number => (n * fundamental) / sampleRate;
  return {
    position: Float32Array.from({ length: count }, (_, n) => cycles(n) - Math.floor(cycles(n))),
    cycle: Int32Array.from({ length: count }, (_, n) => Math.floor(cycles(n))),
    value,
  };
}

/**
 * Draws a folded waveform, one line a cycle, dark on white where lines agree.
 *
 * @param options `width` and `height` in pixels; `top`: the sample value at the upper edge, default the largest magnitude
 */
export function wrappedWaveformPicture(wrapped: WrappedWaveform, options: PictureSize & { readonly top?: number }): Picture {
  const picture = new Canvas(options, [255, 255, 255]);
  const { width, height } = options;
  const { position, cycle, value } = wrapped;
  const top = checkPositive(options.top ?? Math.max(1e-12, ...value.map(Math.abs)), 'wrappedWaveformPicture', 'top');
  const column = (n: number): number => position[n]! * (width - 1);
  const row = (n: number): number => ((1 - value[n]! / top) / 2) * (height - 1);
  const strength = 255 / Math.max(2, Math.sqrt(cycle.at(-1)! + 1));
  for (let n = 1; n < value.length; n++) {
    if (cycle[n] !== cycle[n - 1]) continue;
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(column(n) - column(n - 1)), Math.abs(row(n) - row(n - 1)))));
    for (let i = 0; i < steps; i++) {
      const x = Math.round(column(n - 1) + ((column(n) - column(n - 1)) * i) / steps);
      const y = Math.round(row(n - 1) + ((row(n) - row(n - 1)) * i) / steps);
      if (y < 0 || y >= height) continue;
      picture.darken(y, x, [strength, strength, 0.5 * strength]);
    }
  }
  return picture;
}
