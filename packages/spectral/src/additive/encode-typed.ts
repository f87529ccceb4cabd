import type { AnalysisPlan, NoiseProbe, PartialProbe, Probe } from './analysis-plan.js';
import { MOST_DEVIATION } from './layout.js';
import { levelOf, ONSET_NOISE, QUIET_DENSITY, QUIET_POWER, ROOT_MEAN, scallop } from './levels.js';
import type { AdditiveJSON } from './options.js';

/** Real and imaginary part of the `at`-th window of a probe, for every frequency. */
function hear(audio: Float32Array, probe: Probe, at: number, real: Float64Array, imaginary: Float64Array): void {
  const { length, cosine, sine } = probe;
  const start = probe.starts[at] ?? 0;
  const from = Math.max(0, -start);
  const to = Math.min(length, audio.length - start);
  for (let k = 0; k < real.length; k++) {
    let re = 0;
    let im = 0;
    const row = k * length;
    for (let n = from; n < to; n++) {
      const x = audio[start + n]!;
      re += x * cosine[row + n]!;
      im += x * sine[row + n]!;
    }
    real[k] = re;
    imaginary[k] = im;
  }
}

/** Levels and deviations of the partials, from frame `first` on. */
function encodePartials(
  audio: Float32Array,
  image: Float32Array,
  { frames, pairs, probe }: PartialProbe,
  first: number,
  plan: AnalysisPlan,
  { bins, sampleRate }: AdditiveJSON,
): void {
  const count = plan.partialCount;
  const [re1, im1, re2, im2] = [0, 1, 2, 3].map(() => new Float64Array(count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [power, real, imaginary] = [0, 1, 2].map(() => new Float64Array(count)) as [Float64Array, Float64Array, Float64Array];
  // Mean square of a partial from the sum under a window, mean over the pairs.
  const scale = 2 / (probe.sum * probe.sum) / pairs;
  for (let frame = 0; frame < frames; frame++) {
    power.fill(0);
    real.fill(0);
    imaginary.fill(0);
    for (let pair = 0; pair < pairs; pair++) {
      const at = 2 * (frame * pairs + pair);
      hear(audio, probe, at, re1, im1);
      hear(audio, probe, at + 1, re2, im2);
      for (let h = 0; h < count; h++) {
        const [a, b, c, d] = [re1[h]!, im1[h]!, re2[h]!, im2[h]!];
        power[h] = power[h]! + (scale * (a * a + b * b + c * c + d * d)) / 2;
        real[h] = real[h]! + scale * (c * a + d * b);
        imaginary[h] = imaginary[h]! + scale * (d * a - c * b);
      }
    }
    for (const [bin, [from, to]] of plan.bins.entries()) {
      let [sum, off] = [0, 0];
      for (let h = from; h < to; h++) {
        const turns = Math.atan2(imaginary[h]!, real[h]!) / (2 * Math.PI) - plan.turns[h]!;
        const hertz = ((turns - Math.round(turns)) * sampleRate) / plan.gap;
        const frequency = probe.frequencies[h]!;
        const percent = Math.max(-MOST_DEVIATION, Math.min(MOST_DEVIATION, (100 * hertz) / frequency));
        const whole = power[h]! * scallop((percent * frequency * probe.length) / 100 / sampleRate);
        sum += whole;
        off += whole * percent;
      }
      const members = Math.max(1, to - from);
      const cell = 2 * ((first + frame) * bins + bin);
      image[cell] = levelOf(sum / members);
      image[cell + 1] = off / members / (sum / members + QUIET_POWER);
    }
  }
}

/** Power of the noise in each band, [windows, bands]. */
function noisePowers(audio: Float32Array, { probe, mean, share }: NoiseProbe): Float64Array {
  const bands = share.length;
  const count = probe.frequencies.length;
  const [re, im] = [new Float64Array(count), new Float64Array(count)];
  const powers = new Float64Array(probe.starts.length * bands);
  for (let at = 0; at < probe.starts.length; at++) {
    hear(audio, probe, at, re, im);
    const roots = re.map((x, k) => 1 / Math.sqrt((x * x + im[k]! ** 2) / probe.squares + QUIET_DENSITY));
    for (let b = 0; b < bands; b++) {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += mean[k * bands + b]! * roots[k]!;
      powers[at * bands + b] = sum === 0 ? 0 : (ROOT_MEAN / sum) ** 2 * share[b]!;
    }
  }
  return powers;
}

/** One note's samples into its image, [frames, bins, 2] row by row. */
export function encodeNote(audio: Float32Array, image: Float32Array, plan: AnalysisPlan, json: AdditiveJSON): void {
  const { frames, bins, noiseBands, onsetFrames } = json;
  let first = 0;
  for (const partial of plan.partials) {
    encodePartials(audio, image, partial, first, plan, json);
    first += partial.frames;
  }
  if (plan.noise === undefined) return;
  const [onset, beginning, later] = [plan.noise.onset, plan.noise.beginning, plan.noise.later].map((probe) =>
    noisePowers(audio, probe),
  ) as [Float64Array, Float64Array, Float64Array];
  for (let frame = 0; frame < frames; frame++) {
    for (let b = 0; b < noiseBands; b++) {
      const power =
        frame < onsetFrames
          ? ONSET_NOISE * Math.min(onset[frame * noiseBands + b]!, beginning[b]!)
          : later[(frame - onsetFrames) * noiseBands + b]!;
      const cell = 2 * (frame * bins + bins - noiseBands + b);
      image[cell] = levelOf(power);
      image[cell + 1] = 0;
    }
  }
}
