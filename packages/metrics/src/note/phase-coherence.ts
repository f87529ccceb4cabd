import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { checkedNumber, checkedSamples, type Samples } from './audio.js';
import { ShapeError } from '../errors.js';
import { powerOfTwoFrom, realFft } from '@gansynth/common/fft';
import { hann } from '../numeric/hann.js';
import { periodicity, POINTS_PER_SAMPLE } from '@gansynth/common/pitch';

export interface PhaseCoherenceOptions {
  /** Samples per second. */
  readonly sampleRate: number;
  /** Fundamental frequency, Hz: what the note was asked to be, or what `trackPitch` found it to be. */
  readonly hertz: number;
}

/** Their names, each once. */
export const phaseCoherenceOptionNames: OptionNames<PhaseCoherenceOptions> = { sampleRate: true, hertz: true };

/** Shares in [0, 1]; a recorded note of a pitched instrument is near 1 in all but the noise floor. `null` for a silent note. */
export interface PhaseCoherence {
  /**
   * How well the note repeats itself after one period: 2 sum x(t) x(t+T) / sum (x(t)^2 + x(t+T)^2), at 0 where it is negative.
   */
  readonly repetition: number | null;
  /**
   * The same after the whole number of periods nearest 50 ms. Phases that do not continue from one frame of an inverse STFT to the next show
   * here first; so do vibrato and the stretched partials of a piano.
   */
  readonly lastingRepetition: number | null;
  /** Share of the energy within a narrow band round a harmonic; what is missing is noise, roughness and partials of other pitches. */
  readonly harmonicEnergy: number | null;
  /** `harmonicEnergy` of white noise at this fundamental: the share of the spectrum that the bands cover. */
  readonly harmonicEnergyOfNoise: number;
}

/** Half width of a harmonic's band: what detuning and vibrato of this many cents move the harmonic. */
const BAND_CENTS = 30;
/** ... and at least the main lobe of the Hann window, 2 bins; at most a quarter of the fundamental, so that half of white noise's energy stays out. */
const LOBE_BINS = 2;
const SHORTEST_WINDOW_SECONDS = 0.256;
const LASTING_SECONDS = 0.05;

/** 1 for every bin within a harmonic's band, else 0. */
function harmonicBins(size: number, hertz: number, sampleRate: number): Uint8Array {
  const bins = new Uint8Array(size / 2 + 1);
  const binHertz = sampleRate / size;
  for (let bin = 0; bin < bins.length; bin++) {
    const frequency = bin * binHertz;
    const harmonic = Math.round(frequency / hertz);
    const centre = harmonic * hertz;
    const width = Math.min(hertz / 4, Math.max(LOBE_BINS * binHertz, centre * (2 ** (BAND_CENTS / 1200) - 1)));
    if (harmonic > 0 && Math.abs(frequency - centre) <= width) bins[bin] = 1;
  }
  return bins;
}

function shareIn(bins: Uint8Array, samples: Float64Array, size: number): number | null {
  const fft = realFft(size);
  const window = hann(size);
  const frame = new Float64Array(size);
  const hop = size / 4;
  const last = Math.max(0, samples.length - size);
  let total = 0;
  let onHarmonics = 0;
  for (let start = 0; start < last + hop; start += hop) {
    const from = Math.min(start, last);
    for (let n = 0; n < size; n++) frame[n] = (samples[from + n] ?? 0) * window[n]!;
    const spectrum = fft.transform(frame);
    for (let bin = 0; bin < bins.length; bin++) {
      const power = spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
      total += power;
      if (bins[bin]) onHarmonics += power;
    }
  }
  return total > 0 ? onHarmonics / total : null;
}

/** n at a lag in samples, by the parabola through the three nearest points. */
function valueAt(values: Float64Array, lag: number): number {
  const at = lag * POINTS_PER_SAMPLE;
  const i = Math.round(at);
  const d = at - i;
  const before = values[i - 1]!;
  const here = values[i]!;
  const after = values[i + 1]!;
  return here + (d * (after - before)) / 2 + (d * d * (before - 2 * here + after)) / 2;
}

/**
 * Phase coherence of a note as numbers: the claim of the paper's figure 3 (a coherent note repeats itself at its fundamental, an incoherent
 * one smears between its harmonics), made testable.
 *
 * Frames of at least 0.256 s and eight periods, Hann window, hop a quarter. A band reaches 2 bins or 30 cents from its harmonic, whichever
 * is more, at most a quarter of the fundamental.
 *
 * @param audio one note, mono, at least nine periods of `hertz`
 * @throws ShapeError if the note is too short; ValueError for samples or options out of range
 * @see Engel et al. 2019, section 4 and figure 3
 */
export function phaseCoherence(audio: Samples, options: PhaseCoherenceOptions): PhaseCoherence {
  checkOptions('phaseCoherence', options, phaseCoherenceOptionNames);
  const { sampleRate, hertz } = options;
  const who = 'phaseCoherence';
  const samples = checkedSamples(audio, who);
  checkedNumber(sampleRate, 1000, 1e6, who, 'sampleRate');
  checkedNumber(hertz, 8, sampleRate / 5, who, 'hertz');
  const period = sampleRate / hertz;
  if (samples.length < 9 * period) {
    throw new ShapeError(
      `phaseCoherence: expected at least ${Math.ceil(9 * period)} samples (9 periods of ${hertz.toFixed(1)} Hz), found ${samples.length}.`,
      [samples.length],
    );
  }
  const size = powerOfTwoFrom(Math.max(SHORTEST_WINDOW_SECONDS * sampleRate, 8 * period));
  const periods = Math.max(1, Math.round(LASTING_SECONDS * hertz));
  const longest = Math.min(periods, Math.floor((samples.length - 5 * period) / period));
  const maximumLag = Math.ceil(longest * period) + 2;
  const window = Math.min(Math.ceil(Math.max(0.064 * sampleRate, 4 * period)), samples.length - maximumLag);
  const values = periodicity(samples, window, maximumLag);
  const share = (lag: number): number | null => (values ? Math.min(1, Math.max(0, valueAt(values, lag))) : null);
  const bins = harmonicBins(size, hertz, sampleRate);
  return {
    repetition: share(period),
    lastingRepetition: share(longest * period),
    harmonicEnergy: shareIn(bins, samples, size),
    harmonicEnergyOfNoise: bins.reduce((count, bin) => count + bin, 0) / bins.length,
  };
}
