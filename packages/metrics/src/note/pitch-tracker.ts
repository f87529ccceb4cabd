import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { centsBetween, hertzOfPitch } from '@gansynth/common/note-name';
import { highestPeak, type Peak, periodicity, periodOf, POINTS_PER_SAMPLE, withoutMean } from '@gansynth/common/pitch';
import { checkedNumber, checkedSamples, type Samples } from './audio.js';
import { ShapeError } from '../errors.js';

export interface PitchTrackerOptions {
  /** Samples per second. */
  readonly sampleRate: number;
  /** The pitch that was asked for, MIDI number in [0, 127]; fractions allowed. */
  readonly pitch: number;
  /** How far from the requested pitch a period is looked for, semitones either way, in (0, 6]. Default 6. */
  readonly searchSemitones?: number;
}

/** Their names, each once. */
export const pitchTrackerOptionNames: OptionNames<PitchTrackerOptions> = { sampleRate: true, pitch: true, searchSemitones: true };

/** What a note's pitch is, without a trained model. `null`: the note is silent or repeats at no period in range. */
export interface TrackedPitch {
  /** Fundamental frequency nearest the requested pitch, Hz. */
  readonly hertz: number | null;
  /** Distance of `hertz` from the requested pitch, cents; negative is flat. */
  readonly cents: number | null;
  /** How well the note repeats itself after that period, 1 exactly, about 0 not at all. */
  readonly clarity: number;
  /** Fundamental frequency found over the whole range without knowing the requested pitch, Hz; an octave error shows here. */
  readonly freeHertz: number | null;
  /** Distance of `freeHertz` from the requested pitch, cents. */
  readonly freeCents: number | null;
}

const LOWEST_HERTZ = 20;
const WINDOW_SECONDS = 0.128;
const LONGEST_LAG_SECONDS = 0.064;
/** A multiple of the period refines the estimate only while the note still repeats there about as well as after one period. */
const REFINE_SHARE = 0.9;
/** ... and only by this much a doubling (10 cents): stretched partials beat, and the beat is not the pitch. */
const DRIFT = 2 ** (10 / 1200) - 1;

/** Doubles the number of periods the lag spans as long as the note still repeats: a lag of 50 ms resolves fractions of a cent. */
function refine(values: Float64Array, first: Peak): number {
  let period = first.at;
  for (let multiple = 2; multiple * period * 1.02 < values.length - 2; multiple *= 2) {
    const near = multiple * period;
    const slack = Math.max(1, DRIFT * near);
    const next = highestPeak(values, near - slack, near + slack);
    if (!next || next.value < REFINE_SHARE * first.value) break;
    period = next.at / multiple;
  }
  return period;
}

/**
 * One-pole low-pass. Partial k then counts for the period with its energy; unfiltered it would count with k^2 times that, and the stretched
 * upper partials of a piano would be heard as a note 25 cents sharp.
 */
function lowpassed(samples: Float64Array, cutoff: number): Float64Array {
  const step = 1 - Math.exp(-2 * Math.PI * cutoff);
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  let state = 0;
  return samples.map((value) => (state += step * (value - mean - state)));
}

/**
 * How far a note is from the pitch that was asked for, by autocorrelation: an outside judge beside the pitch classifier, with no weights.
 *
 * The note is low-passed at the requested pitch (6 dB an octave), so that every partial counts with about its energy. The normalised square
 * difference function of all frames together (loud ones decide) is searched for its highest peak within `searchSemitones` of the requested
 * period; multiples of that period up to 64 ms then refine it. Of 199 recorded notes of ten instruments all come out within 20 cents. Restricting the search removes octave
 * errors, which on recorded notes are the tracker's and not the note's; noise still lands within 50 cents in about one case of twelve
 * (100 of 1200 cents), and `clarity` tells such a note from a tone.
 *
 * @param audio one note, mono, at least 2.5 periods of the requested pitch
 * @throws ShapeError if the note is too short; ValueError for samples or options out of range
 * @see McLeod and Wyvill 2005, A smarter way to find pitch
 */
export function trackPitch(audio: Samples, options: PitchTrackerOptions): TrackedPitch {
  checkOptions('trackPitch', options, pitchTrackerOptionNames);
  const { sampleRate, pitch, searchSemitones = 6 } = options;
  const who = 'trackPitch';
  const samples = checkedSamples(audio, who);
  checkedNumber(sampleRate, 1000, 1e6, who, 'sampleRate');
  checkedNumber(pitch, 0, 127, who, 'pitch');
  checkedNumber(searchSemitones, 0.01, 6, who, 'searchSemitones');
  const requested = hertzOfPitch(pitch);
  const range = 2 ** (searchSemitones / 12);
  checkedNumber(requested, 1, sampleRate / 5, who, `the requested pitch's frequency (Hz, of pitch ${pitch})`);

  const longestPeriod = Math.ceil(sampleRate / Math.min(LOWEST_HERTZ, requested / range));
  const maximumLag = Math.max(longestPeriod + 2, Math.round(LONGEST_LAG_SECONDS * sampleRate));
  const window = Math.min(Math.round(WINDOW_SECONDS * sampleRate), samples.length - maximumLag);
  if (window < sampleRate / requested) {
    throw new ShapeError(
      `trackPitch: expected at least ${Math.ceil(maximumLag + sampleRate / requested)} samples for pitch ${pitch} at ${sampleRate} Hz, found ${samples.length}.`,
      [samples.length],
    );
  }
  const values = periodicity(lowpassed(samples, requested / sampleRate), window, maximumLag);
  const pointsPerSecond = sampleRate * POINTS_PER_SAMPLE;
  const period = pointsPerSecond / requested;
  const near = values && highestPeak(values, period / range, period * range);
  const unfiltered = values && periodicity(withoutMean(samples), window, maximumLag);
  const free = unfiltered && periodOf(unfiltered, pointsPerSecond / LOWEST_HERTZ);
  const hertz = values && near && near.value > 0 ? pointsPerSecond / refine(values, near) : null;
  const freeHertz = unfiltered && free ? pointsPerSecond / refine(unfiltered, free) : null;
  return {
    hertz,
    cents: hertz === null ? null : centsBetween(hertz, requested),
    clarity: near ? Math.max(0, Math.min(1, near.value)) : 0,
    freeHertz,
    freeCents: freeHertz === null ? null : centsBetween(freeHertz, requested),
  };
}
