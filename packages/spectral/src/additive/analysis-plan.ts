import { frameSpans, noiseEdges, partialPlaces } from './layout.js';
import type { AdditiveJSON } from './options.js';

/** Windowed sinusoids that note after note of one pitch is multiplied with, and where. */
export interface Probe {
  /** Samples of a window. */
  readonly length: number;
  /** First sample under each window; may lie before the note. */
  readonly starts: Int32Array;
  readonly frequencies: readonly number[];
  /** cos and -sin about the window's middle times a Hann window, [frequencies, length]. */
  readonly cosine: Float32Array;
  readonly sine: Float32Array;
  /** Sum of the window, and of its squares. */
  readonly sum: number;
  readonly squares: number;
}

/** Partials of one kind of frame: windows in pairs GAP apart, `pairs` of them a frame. */
export interface PartialProbe {
  readonly frames: number;
  readonly pairs: number;
  readonly probe: Probe;
}

/** How the noise of one kind of frame is measured: between the harmonics. */
export interface NoiseProbe {
  readonly probe: Probe;
  /** [frequencies, bands]: means over the frequencies of each band. */
  readonly mean: Float32Array;
  /** Band powers for a density of 1; 0 for bands below the fundamental, of which nothing can be said. */
  readonly share: Float32Array;
}

/** Everything the encoder needs to know of a pitch. */
export interface AnalysisPlan {
  readonly partialCount: number;
  /** For each bin the partials it is the mean of, [from, to) of the probes' frequencies; none where they are equal. */
  readonly bins: readonly (readonly [from: number, to: number])[];
  /** Onset frames, then the others; one of the two may have none. */
  readonly partials: readonly PartialProbe[];
  /** Onset frames by short windows, the beginning as a whole by one long window, the other frames by long windows. */
  readonly noise: { readonly onset: NoiseProbe; readonly beginning: NoiseProbe; readonly later: NoiseProbe } | undefined;
  /** Turns between the two windows of a pair, of each partial exactly in tune. */
  readonly turns: Float64Array;
  readonly gap: number;
}

const even = (length: number): number => 2 * Math.max(1, Math.round(length / 2));

const startsOf = (middles: readonly number[], length: number): Int32Array =>
  Int32Array.from(middles, (middle) => Math.round(middle) - length / 2);

function makeProbe(frequencies: readonly number[], length: number, middles: readonly number[], sampleRate: number): Probe {
  const window = Float64Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / length));
  const cosine = new Float32Array(frequencies.length * length);
  const sine = new Float32Array(frequencies.length * length);
  for (const [k, frequency] of frequencies.entries()) {
    for (let n = 0; n < length; n++) {
      const angle = (2 * Math.PI * frequency * (n - length / 2)) / sampleRate;
      cosine[k * length + n] = window[n]! * Math.cos(angle);
      sine[k * length + n] = -window[n]! * Math.sin(angle);
    }
  }
  return {
    length,
    starts: startsOf(middles, length),
    frequencies,
    cosine,
    sine,
    sum: window.reduce((total, value) => total + value, 0),
    squares: window.reduce((total, value) => total + value * value, 0),
  };
}

/**
 * Frequencies between the partials, at least two and a half bins of the window away from each, where a Hann window hears next to nothing of them.
 *
 * @param halfHarmonics partials half way between harmonics, from half the fundamental up
 */
function between(fundamental: number, halfHarmonics: number, length: number, sampleRate: number): number[] {
  const bin = sampleRate / length;
  const [guard, step] = [2.5 * bin, Math.max(1.5 * bin, sampleRate / 320)];
  const found: number[] = [];
  for (let lower = 0, upper; lower < sampleRate / 2; lower = upper) {
    upper = lower + (lower < (halfHarmonics - 0.25) * fundamental ? fundamental / 2 : fundamental);
    const from = Math.max(lower + guard, sampleRate / 800);
    const to = upper - guard;
    const count = Math.floor((to - from) / step) + 1;
    for (let i = 0; i < count; i++) found.push(count === 1 ? (from + to) / 2 : from + (i * (to - from)) / (count - 1));
    // Four bins leave no such place, but half way between two partials the window then has a zero for both. Half-way partials may be two apart.
    if (to < from && lower > 0 && upper - lower > 3.5 * bin) found.push((lower + upper) / 2);
  }
  return found.filter((frequency) => frequency < 0.998 * (sampleRate / 2));
}

function noiseProbe(json: AdditiveJSON, fundamental: number, length: number, middles: readonly number[]): NoiseProbe {
  const { sampleRate, noiseBands, halfHarmonics } = json;
  const frequencies = between(fundamental, halfHarmonics, length, sampleRate);
  const edges = noiseEdges(json);
  const bandOf = (frequency: number): number => edges.findIndex((_, b) => frequency < (edges[b + 1] ?? Infinity));
  const members: number[][] = Array.from({ length: noiseBands }, () => []);
  for (const [k, frequency] of frequencies.entries()) members[Math.min(noiseBands - 1, bandOf(frequency))]?.push(k);
  const mean = new Float32Array(frequencies.length * noiseBands);
  const share = new Float32Array(noiseBands);
  for (let b = 0; b < noiseBands; b++) {
    const [low, high] = [edges[b] ?? 0, edges[b + 1] ?? 0];
    let some = members[b] ?? [];
    if (some.length === 0 && low < fundamental) continue;
    for (let away = 1; some.length === 0 && away < noiseBands; away++) some = members[b - away] ?? members[b + away] ?? [];
    for (const k of some) mean[k * noiseBands + b] = 1 / some.length;
    if (some.length > 0) share[b] = (high - low) / (sampleRate / 2);
  }
  return { probe: makeProbe(frequencies, length, middles, sampleRate), mean, share };
}

/**
 * The plan of one pitch.
 *
 * Windows are at least 16 ms at the onset and 64 ms later, and never shorter than four periods, so that neighbouring harmonics fall on zeros of the
 * Hann window. Onset frames are looked at once, later ones at two places.
 */
export function analysisPlan(json: AdditiveJSON, fundamental: number): AnalysisPlan {
  const { bins, noiseBands, onsetFrames, sampleRate } = json;
  const places = partialPlaces(json, fundamental);
  const period = sampleRate / fundamental;
  const gap = even(0.002 * sampleRate);
  const frequencies = places.map(({ number }) => number * fundamental);
  const spans = frameSpans(json);
  const [onset, later] = [spans.slice(0, onsetFrames), spans.slice(onsetFrames)];
  const partial = (some: typeof spans, pairs: number, length: number): PartialProbe => {
    const middles = some.flatMap(({ from, to }) =>
      Array.from({ length: pairs }, (_, i) => Math.round(from + ((i + 0.5) * (to - from)) / pairs)).flatMap((middle) => [
        middle - gap / 2,
        middle + gap / 2,
      ]),
    );
    return { frames: some.length, pairs, probe: makeProbe(frequencies, length, middles, sampleRate) };
  };
  const shortest = Math.max(0.016 * sampleRate, 4 * period);
  const [short, long] = [even(Math.max(0.032 * sampleRate, 4 * period)), even(Math.max(0.128 * sampleRate, 8 * period))];
  // Not before the window lies within the note: its cut edge would be heard as noise.
  const middles = (some: typeof spans, length: number): number[] =>
    some.map(({ from, to }) => Math.max((from + to) / 2, length / 2));
  const beginning = noiseProbe(json, fundamental, long, [long / 2]);
  return {
    partialCount: places.length,
    bins: Array.from({ length: bins - noiseBands }, (_, bin) => {
      const from = places.findIndex((place) => place.bin === bin);
      return from === -1 ? [0, 0] : [from, places.findLastIndex((place) => place.bin === bin) + 1];
    }),
    partials: [
      partial(onset, 1, even(shortest)),
      partial(later, 2, even(Math.max(shortest, Math.min(8 * period, 0.064 * sampleRate)))),
    ],
    noise:
      noiseBands === 0
        ? undefined
        : {
            onset: noiseProbe(json, fundamental, short, middles(onset, short)),
            beginning,
            later: { ...beginning, probe: { ...beginning.probe, starts: startsOf(middles(later, long), long) } },
          },
    turns: Float64Array.from(frequencies, (frequency) => (frequency * gap) / sampleRate),
    gap,
  };
}
