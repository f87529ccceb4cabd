import { pitchOfHertz } from './note-name.js';
import { highestPeak, type Peak, peakAt, periodicity, POINTS_PER_SAMPLE } from './periodicity.js';

export { highestPeak, type Peak, peakAt, periodicity, POINTS_PER_SAMPLE };

/** A peak counts as the period if it reaches this share of the highest: the smallest such lag is the fundamental's. */
const PERIOD_SHARE = 0.97;
/** A smaller lag at which a note repeats almost as well may be its period as well: half a vote. */
const RIVAL_SHARE = 0.93;

/** The period of a note as its periodicity shows it. */
export interface Period extends Peak {
  /** A smaller lag comes close: whether the note is not an octave or a twelfth higher is not certain. */
  readonly isAmbiguous: boolean;
}

/**
 * The smallest lag at which a note repeats as well as at the best one, past the first zero crossing: before it every smooth signal is like
 * itself.
 *
 * @param values of `periodicity`
 * @param to largest lag looked at, index in `values`
 * @returns undefined for what does not repeat
 */
export function periodOf(values: Float64Array, to: number = values.length): Period | undefined {
  const from = values.findIndex((value) => value <= 0);
  if (from < 0) return undefined;
  const highest = highestPeak(values, from, to);
  if (!highest || highest.value <= 0) return undefined;
  let rival = 0;
  for (let i = from; i < highest.at; i++) {
    const peak = peakAt(values, i);
    if (!peak) continue;
    if (peak.value >= PERIOD_SHARE * highest.value) return { ...peak, isAmbiguous: rival > RIVAL_SHARE * peak.value };
    rival = Math.max(rival, peak.value);
  }
  return { ...highest, isAmbiguous: rival > RIVAL_SHARE * highest.value };
}

/** A copy without its mean: a constant repeats after every lag. */
export function withoutMean(samples: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(samples);
  const mean = copy.reduce((sum, value) => sum + value, 0) / copy.length;
  return copy.map((value) => value - mean);
}

export interface MeasuredPitch {
  /** MIDI, with its fraction. */
  readonly pitch: number;
  /** Share of the loud frames that agree within a quarter tone, weighted by how well they repeat: 0 to 1. */
  readonly confidence: number;
}

const WINDOW_SECONDS = 0.096;
const LOWEST_HERTZ = 24;
const SHORTEST_SECONDS = 0.02;
const FRAMES = 24;
/** Frames more than 30 dB below the loudest are the tail of the note. */
const LOUD_SHARE = 1e-3;

/**
 * Pitch of a note of which nothing is known, by McLeod and Wyvill's normalised square difference over up to 25 frames; the median of the
 * loud ones counts. Lags are measured at four points a sample, without which notes above 1 kHz come out an octave or a twelfth low.
 *
 * @param audio mono, one note, MIDI 20 to 108; a constant offset does no harm
 * @param sampleRate Hz
 * @returns undefined for silence, for less than 20 ms, and for what does not repeat
 * @see McLeod and Wyvill 2005, A smarter way to find pitch
 */
export function measurePitch(audio: ArrayLike<number>, sampleRate: number): MeasuredPitch | undefined {
  const samples = withoutMean(audio);
  const longest = WINDOW_SECONDS + 1 / LOWEST_HERTZ;
  const share = Math.min(1, (samples.length - 2) / sampleRate / longest);
  if (!(share * longest >= SHORTEST_SECONDS)) return undefined;
  const window = Math.floor(WINDOW_SECONDS * share * sampleRate);
  const maximumLag = Math.ceil((share * sampleRate) / LOWEST_HERTZ);
  const length = window + maximumLag;
  const hop = Math.max(window >> 2, Math.floor((samples.length - length) / FRAMES));
  const found: { readonly pitch: number; readonly vote: number; readonly power: number }[] = [];
  for (let start = 0; start + length <= samples.length; start += hop) {
    const frame = withoutMean(samples.subarray(start, start + length));
    const power = frame.reduce((sum, value) => sum + value * value, 0);
    const values = periodicity(frame, window, maximumLag);
    const period = values && periodOf(values);
    const pitch = period ? pitchOfHertz((sampleRate * POINTS_PER_SAMPLE) / period.at) : Number.NaN;
    found.push({ pitch, vote: period ? Math.min(1, period.value) * (period.isAmbiguous ? 0.5 : 1) : 0, power });
  }
  const loudest = found.reduce((most, { power }) => Math.max(most, power), 0);
  const loud = found.filter(({ power }) => power > LOUD_SHARE * loudest);
  const pitches = loud.map(({ pitch }) => pitch).filter((pitch) => pitch >= 0 && pitch < 127.5);
  const median = pitches.sort((a, b) => a - b)[pitches.length >> 1];
  if (loudest === 0 || median === undefined) return undefined;
  const agreeing = loud.filter(({ pitch }) => Math.abs(pitch - median) <= 0.5);
  return { pitch: median, confidence: agreeing.reduce((sum, { vote }) => sum + vote, 0) / loud.length };
}
