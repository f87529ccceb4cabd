import { checkedNumber, checkedSamples, type Samples } from './audio.js';

export interface LoudnessOptions {
  /** Hz, 4000 at least. */
  readonly sampleRate: number;
}

type Biquad = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];

/**
 * The two filters of K-weighting, a shelf and a high pass, at any rate: the bilinear transforms of the analogue filters whose values at
 * 48 kHz ITU-R BS.1770 tabulates.
 */
export function kWeighting(sampleRate: number): readonly [shelf: Biquad, highPass: Biquad] {
  const shelf = (): Biquad => {
    const [k, q] = [Math.tan((Math.PI * 1681.974450955533) / sampleRate), 0.7071752369554196];
    const high = 10 ** (3.999843853973347 / 20);
    const band = high ** 0.4996667741545416;
    const a0 = 1 + k / q + k * k;
    return [
      (high + (band * k) / q + k * k) / a0,
      (2 * (k * k - high)) / a0,
      (high - (band * k) / q + k * k) / a0,
      (2 * (k * k - 1)) / a0,
      (1 - k / q + k * k) / a0,
    ];
  };
  const [k, q] = [Math.tan((Math.PI * 38.13547087602444) / sampleRate), 0.5003270373238773];
  const a0 = 1 + k / q + k * k;
  return [shelf(), [1, -2, 1, (2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0]];
}

function filtered(samples: Float64Array, [b0, b1, b2, a1, a2]: Biquad): Float64Array {
  let [s1, s2] = [0, 0];
  return samples.map((x) => {
    const y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    return y;
  });
}

const lufs = (power: number): number => -0.691 + 10 * Math.log10(power);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * How loud a mono sound is: K-weighted power of blocks of 400 ms, overlapping by three quarters, gated at -70 LUFS and at 10 LU below the
 * mean of what is above that. A sound shorter than a block is one block.
 *
 * @returns LUFS; -Infinity of silence
 * @throws ShapeError, ValueError for audio without samples, with NaN, or a rate too low for the filters
 * @see ITU-R BS.1770-4, annex 1
 */
export function integratedLoudness(audio: Samples, { sampleRate }: LoudnessOptions): number {
  const who = 'integratedLoudness';
  checkedNumber(sampleRate, 4000, 1e6, who, 'sampleRate');
  const [shelf, highPass] = kWeighting(sampleRate);
  const weighted = filtered(filtered(checkedSamples(audio, who), shelf), highPass);
  const size = Math.min(weighted.length, Math.round(0.4 * sampleRate));
  const hop = Math.max(1, Math.round(0.1 * sampleRate));
  const powers: number[] = [];
  for (let from = 0; from + size <= weighted.length; from += hop) {
    powers.push(weighted.subarray(from, from + size).reduce((sum, value) => sum + value * value, 0) / size);
  }
  const audible = powers.filter((power) => lufs(power) > -70);
  if (audible.length === 0) return Number.NEGATIVE_INFINITY;
  const gate = lufs(mean(audible)) - 10;
  return lufs(mean(audible.filter((power) => lufs(power) > gate)));
}
