import type { AdditiveJSON } from './options.js';

/** A stretch of a note, in samples. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The stretches that the frames of an image stand for: close together at the onset, then even. */
export function frameSpans({ frames, onsetFrames, onsetHop, samples }: AdditiveJSON): Span[] {
  const onset = onsetFrames * onsetHop;
  const width = (samples - onset) / (frames - onsetFrames);
  return Array.from({ length: frames }, (_, i) => {
    const later = i - onsetFrames;
    return later < 0
      ? { from: i * onsetHop, to: (i + 1) * onsetHop }
      : { from: onset + later * width, to: onset + (later + 1) * width };
  });
}

/** Middles of {@link frameSpans}. */
export const frameCentres = (json: AdditiveJSON): number[] => frameSpans(json).map(({ from, to }) => (from + to) / 2);

/**
 * For each bin of harmonics the first and the last it stands for: one a bin up to the 29th, then a twentieth of their number, as neighbours
 * that far up differ little and 56 bins then reach the 109th.
 */
export function harmonicBins(count: number): (readonly [first: number, last: number])[] {
  const bins: [number, number][] = [];
  for (let first = 1; bins.length < count;) {
    const last = first + Math.max(1, Math.round(first / 20)) - 1;
    bins.push([first, last]);
    first = last + 1;
  }
  return bins;
}

/** Share of the Nyquist frequency above which no partial is measured or made: filters of recordings and renderers lie there. */
const TOP = 0.95;

/** A partial that an image can hold. */
export interface PartialPlace {
  /** Its frequency as a multiple of the fundamental. */
  readonly number: number;
  readonly bin: number;
}

/** The partials of a fundamental that an image can hold: harmonics from the first up, then those half way between them. */
export function partialPlaces(json: AdditiveJSON, fundamental: number): PartialPlace[] {
  const { bins, noiseBands, halfHarmonics, sampleRate } = json;
  const harmonic = bins - noiseBands - halfHarmonics;
  const places = harmonicBins(harmonic).flatMap(([first, last], bin) =>
    Array.from({ length: last - first + 1 }, (_, i) => ({ number: first + i, bin })),
  );
  const halves = Array.from({ length: halfHarmonics }, (_, i) => ({ number: i + 0.5, bin: harmonic + i }));
  const top = (TOP * sampleRate) / 2 / fundamental;
  return [...places, ...halves].filter(({ number }) => number <= top);
}

/** Edges of the noise bands in Hz, noiseBands + 1 of them, evenly spaced on the mel scale (HTK) from 0 to the Nyquist frequency. */
export function noiseEdges({ noiseBands, sampleRate }: AdditiveJSON): number[] {
  const top = 1127 * Math.log(1 + sampleRate / 2 / 700);
  return Array.from({ length: noiseBands + 1 }, (_, i) => 700 * (Math.exp((top * i) / Math.max(1, noiseBands) / 1127) - 1));
}

/**
 * A quiet end of the level scale: amplitudes have this added before their logarithm, and taken off again, so that silence is silence and
 * nothing need be learned of what nobody hears (-80 dB).
 */
export const AMPLITUDE_FLOOR = 1e-4;

/** Largest deviation that is told apart, per cent of a partial's frequency: half a semitone. */
export const MOST_DEVIATION = 3;

/** First harmonics of the groups whose beating has one depth: octaves. */
export const MODULATION_GROUPS = [1, 2, 3, 5, 9, 17] as const;

/** Bands of noise whose second values hold the modulation: depth and rate of the vibrato, depth of each group's beating. */
export const MODULATION_BANDS: number = 2 + MODULATION_GROUPS.length;

/** Samples between values that are computed; straight lines between them. */
export const BLOCK = 32;
