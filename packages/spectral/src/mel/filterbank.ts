import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { checkCount, checkPositive } from '../check.js';
import { OptionError } from '../errors.js';
import { sparseOperator, type SparseOperator, type Tap } from '../sparse-operator.js';
import { hertzToMel, melToHertz, type MelScale } from './scale.js';

export interface MelFilterbankOptions {
  /** Samples of the transform; the operator takes its fftSize / 2 + 1 bins. */
  readonly fftSize: number;
  /** Mel bands to make. */
  readonly bands: number;
  /** Hz. */
  readonly sampleRate: number;
  /** Lower edge of the first band in Hz. Default 0. */
  readonly low?: number | undefined;
  /** Upper edge of the last band in Hz. Default: half the sample rate. */
  readonly high?: number | undefined;
  /** Default `slaney`. */
  readonly scale?: MelScale | undefined;
  /** `area`: each band divided by half its width in Hz, Slaney's equal area. `none` (default): peaks of 1. */
  readonly normalise?: 'none' | 'area' | undefined;
  /** Bands so narrow that no bin lies under them are an error unless this is true; they then give 0. Default false. */
  readonly allowEmptyBands?: boolean | undefined;
}

/** Their names, each once. */
export const melFilterbankOptionNames: OptionNames<MelFilterbankOptions> = {
  fftSize: true,
  bands: true,
  sampleRate: true,
  low: true,
  high: true,
  scale: true,
  normalise: true,
  allowEmptyBands: true,
};

/**
 * Triangular mel filters over the power (or magnitude) spectrum of {@link stft}, for features and other work. This is not the matrix
 * of `if-mel` images, see {@link gansynthMel}. Apply it with {@link applyOperator}.
 *
 * @returns operator [fftSize / 2 + 1, bands]
 * @throws OptionError for impossible limits, and for empty bands unless they are allowed
 */
export function melFilterbank(options: MelFilterbankOptions): SparseOperator {
  checkOptions('melFilterbank', options, melFilterbankOptionNames);

  const { fftSize, bands, sampleRate, low = 0, scale = 'slaney', normalise = 'none', allowEmptyBands = false } = options;
  checkCount(fftSize, 'melFilterbank', 'fftSize', 2);
  checkCount(bands, 'melFilterbank', 'bands');
  checkPositive(sampleRate, 'melFilterbank', 'sampleRate');
  const high = options.high ?? sampleRate / 2;
  if (!(low >= 0 && low < high && high <= sampleRate / 2)) {
    const message = `melFilterbank: expected 0 <= low < high <= ${sampleRate / 2} Hz, found low ${low} and high ${high}.`;
    throw new OptionError(message, low >= 0 && low < sampleRate / 2 ? 'high' : 'low', [low, high]);
  }
  if (normalise !== 'none' && normalise !== 'area') {
    const message = `melFilterbank: expected normalise to be none or area, found ${String(normalise)}.`;
    throw new OptionError(message, 'normalise', normalise);
  }
  const bottom = hertzToMel(low, scale);
  const step = (hertzToMel(high, scale) - bottom) / (bands + 1);
  const edge = (i: number): number => melToHertz(bottom + i * step, scale);
  const bins = Math.floor(fftSize / 2) + 1;
  const spacing = sampleRate / fftSize;
  const taps: Tap[] = [];
  const empty: number[] = [];
  for (let band = 0; band < bands; band++) {
    const [lower, centre, upper] = [edge(band), edge(band + 1), edge(band + 2)];
    const gain = normalise === 'area' ? 2 / (upper - lower) : 1;
    const before = taps.length;
    const last = Math.min(bins - 1, Math.ceil(upper / spacing));
    for (let row = Math.max(0, Math.floor(lower / spacing)); row <= last; row++) {
      const frequency = row * spacing;
      const value = Math.min((frequency - lower) / (centre - lower), (upper - frequency) / (upper - centre));
      if (value > 0) taps.push({ row, column: band, value: gain * value });
    }
    if (taps.length === before) empty.push(band);
  }
  if (empty.length > 0 && !allowEmptyBands) {
    throw new OptionError(
      `melFilterbank: expected a bin under every band, found none under ${empty.length} of ${bands} (first: ${empty[0]}). ` +
        `Bins are ${spacing.toFixed(1)} Hz apart: take fewer bands or a longer fftSize, or set allowEmptyBands.`,
      'bands',
      bands,
    );
  }
  return sparseOperator(bins, bands, taps);
}
