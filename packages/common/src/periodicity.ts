import { powerOfTwoFrom, type RealFft, realFft } from './fft.js';

const transforms = new Map<number, RealFft>();

/** The shared transform of one size; safe because every use of its buffers is synchronous. */
function transformOf(size: number): RealFft {
  let fft = transforms.get(size);
  if (fft === undefined) transforms.set(size, (fft = realFft(size)));
  return fft;
}

/** Lags are measured at this many points a sample: one period of a high note is only a few samples long. */
export const POINTS_PER_SAMPLE = 4;

/**
 * Normalised square difference function of a whole note: n(lag) = 2 sum x[j] x[j+lag] / sum (x[j]^2 + x[j+lag]^2), numerator and
 * denominator summed over frames of `window` samples, so that loud frames decide. 1 where the note repeats itself exactly after `lag`,
 * about 0 for noise.
 *
 * @param samples at least window + maximumLag of them
 * @returns n at lags of i / POINTS_PER_SAMPLE samples, i = 0 .. maximumLag * POINTS_PER_SAMPLE; undefined for a silent note
 * @see McLeod and Wyvill 2005, A smarter way to find pitch
 */
export function periodicity(samples: Float64Array, window: number, maximumLag: number): Float64Array | undefined {
  const span = window + maximumLag;
  const fft = transformOf(powerOfTwoFrom(span));
  const head = new Float64Array(fft.size);
  const whole = new Float64Array(fft.size);
  const cross = new Float64Array(fft.size + 2);
  const energy = new Float64Array(maximumLag + 1);
  const headSpectrum = new Float64Array(fft.size + 2);

  const frames = Math.floor((samples.length - span) / (window / 2)) + 1;
  for (let frame = 0; frame < frames; frame++) {
    const start = frame * (window >> 1);
    whole.set(samples.subarray(start, start + span));
    head.set(whole.subarray(0, window));
    headSpectrum.set(fft.transform(head).subarray(0, fft.size + 2));
    const spectrum = fft.transform(whole);
    for (let i = 0; i < fft.size + 2; i += 2) {
      const a = headSpectrum[i]!;
      const b = headSpectrum[i + 1]!;
      const c = spectrum[i]!;
      const d = spectrum[i + 1]!;
      cross[i]! += a * c + b * d;
      cross[i + 1]! += a * d - b * c;
    }
    let shifted = 0;
    for (let j = 0; j < window; j++) shifted += whole[j]! ** 2;
    const own = shifted;
    for (let lag = 0; lag <= maximumLag; lag++) {
      energy[lag]! += own + shifted;
      shifted += whole[lag + window]! ** 2 - whole[lag]! ** 2;
    }
  }
  if (energy[0]! < Number.MIN_VALUE * 1e16) return undefined;
  // Band-limited interpolation: the same spectrum, zeros above it, in a longer inverse transform. Its Nyquist bin stands for two.
  const fine = transformOf(fft.size * POINTS_PER_SAMPLE);
  const padded = new Float64Array(fine.size + 2);
  padded.set(cross);
  padded[fft.size]! /= 2;
  const correlation = fine.inverse(padded);
  const floor = 1e-12 * energy[0]!;
  return Float64Array.from({ length: maximumLag * POINTS_PER_SAMPLE + 1 }, (_, i) => {
    const lag = Math.floor(i / POINTS_PER_SAMPLE);
    const part = i / POINTS_PER_SAMPLE - lag;
    const total = energy[lag]! * (1 - part) + (energy[lag + 1] ?? 0) * part;
    return total > floor ? (2 * POINTS_PER_SAMPLE * correlation[i]!) / total : 0;
  });
}

/** A local maximum of a sampled function, between samples by the parabola through three points. */
export interface Peak {
  readonly at: number;
  readonly value: number;
}

/** Highest interior local maximum of `values` with index in [from, to]; undefined if there is none. */
export function highestPeak(values: Float64Array, from: number, to: number): Peak | undefined {
  let best: Peak | undefined;
  for (let i = Math.max(1, Math.ceil(from)); i <= Math.min(values.length - 2, Math.floor(to)); i++) {
    const peak = peakAt(values, i);
    if (peak && (!best || peak.value > best.value)) best = peak;
  }
  return best;
}

/** The parabola's top at sample i, if i is a local maximum. */
export function peakAt(values: Float64Array, i: number): Peak | undefined {
  const before = values[i - 1]!;
  const here = values[i]!;
  const after = values[i + 1]!;
  if (!(here >= before && here > after)) return undefined;
  const curvature = before - 2 * here + after;
  const shift = curvature === 0 ? 0 : (before - after) / (2 * curvature);
  return { at: i + shift, value: here - ((before - after) * shift) / 4 };
}
