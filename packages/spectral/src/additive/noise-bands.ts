import { powerOfTwoFrom, realFft } from '@gansynth/common/fft';
import { noiseEdges } from './layout.js';
import type { AdditiveJSON } from './options.js';

/** Noise of each band with a mean square of 1, the same for everyone: [bands, period], going round without a seam. */
export interface NoiseBands {
  readonly period: number;
  readonly bands: readonly Float32Array[];
}

const known = new Map<string, NoiseBands>();

/**
 * Bands overlap in triangles whose powers add up to 1, so that equal densities make white noise. Phases come from a linear congruential generator
 * (the constants of Numerical Recipes, section 7.1), so that one image is one sound on every machine.
 */
export function noiseBands(json: AdditiveJSON): NoiseBands {
  const { noiseBands: count, samples, sampleRate } = json;
  const key = [count, samples, sampleRate].join('/');
  const made = known.get(key);
  if (made !== undefined) return made;
  const period = powerOfTwoFrom(samples);
  const edges = noiseEdges(json);
  const middles = Array.from({ length: count }, (_, b) => ((edges[b] ?? 0) + (edges[b + 1] ?? 0)) / 2);
  let state = 1;
  const phases = Float64Array.from({ length: period / 2 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (2 * Math.PI * state) / 2 ** 32;
  });
  const fft = realFft(period);
  const bands = middles.map((middle, b) => {
    const [below, above] = [middles[b - 1], middles[b + 1]];
    const spectrum = new Float64Array(period + 2);
    let sum = 0;
    for (let k = 1; k < period / 2; k++) {
      const frequency = (k * sampleRate) / period;
      const [side, end] = frequency < middle ? [below, -1] : [above, 1];
      // The outermost bands are flat to the ends.
      const weight = side === undefined ? 1 : Math.max(0, 1 - (end * (frequency - middle)) / Math.abs(side - middle));
      const amplitude = Math.sqrt(weight);
      sum += weight;
      spectrum[2 * k] = amplitude * Math.cos(phases[k]!);
      spectrum[2 * k + 1] = amplitude * Math.sin(phases[k]!);
    }
    // Parseval: two conjugate halves of `sum`, over period squared.
    const scale = sum === 0 ? 0 : period / Math.sqrt(2 * sum);
    return Float32Array.from(fft.inverse(spectrum), (value) => value * scale);
  });
  const noise = { period, bands };
  known.set(key, noise);
  return noise;
}

/** Where in the period the noise of a pitch begins, so that the notes of a chord have noises of their own. */
export const noiseStart = (pitch: number, period: number): number => Math.floor(pitch * 3571) % period;
