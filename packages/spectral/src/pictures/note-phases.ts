import type { OptionNames } from '@gansynth/common/check-options';
import * as tf from '@tensorflow/tfjs-core';
import { checkOptions } from '../check-options.js';
import { checkCount, checkFinite, checkPositive } from '../check.js';
import { OptionError, ShapeError } from '../errors.js';
import { logMagnitude } from '../magnitude.js';
import { instantaneousFrequency, phaseAngle, unwrapPhase } from '../phase.js';
import { stft } from '../stft.js';

export interface NotePhasesOptions {
  /** Hz, of the note's fundamental, see `midiToFrequency`. */
  readonly fundamental: number;
  /** Hz. Default 16,000. */
  readonly sampleRate?: number | undefined;
  /** Samples of a frame, a power of two. Default 1024. */
  readonly fftSize?: number | undefined;
  /** Samples from frame to frame. Default a quarter of a frame. */
  readonly hop?: number | undefined;
  /** Partials whose phases are followed, the strongest of the first 16. Default 3. */
  readonly partials?: number | undefined;
}

/** Their names, each once. */
const notePhasesOptionNames: OptionNames<NotePhasesOptions> = {
  fundamental: true,
  sampleRate: true,
  fftSize: true,
  hop: true,
  partials: true,
};

/** A note's phases as figure 1 of the paper shows them. */
export interface NotePhases {
  readonly sampleRate: number;
  readonly hop: number;
  /** Five hops of the note, from a third of it on. */
  readonly waveform: Float32Array;
  /** Where in the note they begin, samples. */
  readonly start: number;
  /** Where a cycle of the fundamental begins, samples: each a period after the last, the first at an upward zero crossing. */
  readonly cycles: Float64Array;
  /** Followed partials, upwards: radians, radians without bound, half turns per hop; a value for each frame. */
  readonly partials: readonly {
    readonly hertz: number;
    readonly wrapped: Float32Array;
    readonly unwrapped: Float32Array;
    readonly frequency: Float32Array;
  }[];
  readonly frames: number;
  readonly bins: number;
  /** [frames, bins] packed: natural logarithm of the magnitude. */
  readonly logMagnitude: Float32Array;
  /** [frames, bins] packed, radians. */
  readonly wrapped: Float32Array;
  readonly unwrapped: Float32Array;
  /** [frames, bins] packed, half turns per hop. */
  readonly frequency: Float32Array;
}

/**
 * Frames, wrapped and unwrapped phase and instantaneous frequency of a note, as typed arrays to be drawn.
 *
 * @param audio samples of one note
 * @throws ShapeError for less than eight hops and a frame; OptionError; NonFiniteError
 * @see Engel et al. 2019, figure 1
 */
export async function notePhases(audio: ArrayLike<number>, options: NotePhasesOptions): Promise<NotePhases> {
  const who = 'notePhases';
  checkOptions(who, options, notePhasesOptionNames);
  const { fundamental, sampleRate = 16_000, fftSize = 1024, partials: wanted = 3 } = options;
  const hop = options.hop ?? fftSize / 4;
  checkPositive(fundamental, who, 'fundamental');
  checkPositive(sampleRate, who, 'sampleRate');
  if (fundamental >= sampleRate / 2)
    throw new OptionError(
      `${who}: expected a fundamental below half the sample rate, ${sampleRate / 2}, found ${fundamental}.`,
      'fundamental',
      fundamental,
    );
  checkCount(wanted, who, 'partials');
  const samples = Float32Array.from(audio);
  checkFinite(samples, `${who}: audio`, 'Clean the audio first.');
  if (samples.length < fftSize + 8 * hop) {
    const message = `${who}: expected at least ${fftSize + 8 * hop} samples, found ${samples.length}. Take a longer note, or a smaller fftSize.`;
    throw new ShapeError(message, [samples.length]);
  }
  const tensors = tf.tidy(() => {
    const spectrum = stft(tf.tensor2d(samples, [1, samples.length]), { fftSize, hop });
    const wrapped = phaseAngle(spectrum);
    return [logMagnitude(spectrum), wrapped, unwrapPhase(wrapped), instantaneousFrequency(wrapped)] as const;
  });
  const [, frames, bins] = tensors[0].shape;
  try {
    const [level, wrapped, unwrapped, frequency] = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
    const start = hop * Math.floor(samples.length / 3 / hop);
    const waveform = samples.slice(start, start + 5 * hop + 1);
    const column = (values: Float32Array, bin: number): Float32Array =>
      Float32Array.from({ length: frames }, (_, frame) => values[frame * bins + bin]!);
    const followed = strongest(level!, [frames, bins], (fundamental * fftSize) / sampleRate, wanted);
    return {
      sampleRate,
      hop,
      waveform,
      start,
      cycles: cyclesOf(waveform, start, sampleRate / fundamental),
      partials: followed.map((bin) => ({
        hertz: (bin * sampleRate) / fftSize,
        wrapped: column(wrapped!, bin),
        unwrapped: column(unwrapped!, bin),
        frequency: column(frequency!, bin),
      })),
      frames,
      bins,
      logMagnitude: level!,
      wrapped: wrapped!,
      unwrapped: unwrapped!,
      frequency: frequency!,
    };
  } finally {
    for (const tensor of tensors) tensor.dispose();
  }
}

/** Bins of the loudest partials, upwards; of two partials in one bin it is there once. */
function strongest(level: Float32Array, [frames, bins]: readonly [number, number], perPartial: number, count: number): number[] {
  const candidates = [...new Set(Array.from({ length: 16 }, (_, k) => Math.round((k + 1) * perPartial)))].filter(
    (bin) => bin > 0 && bin < bins,
  );
  const loudness = (bin: number): number => {
    let sum = 0;
    for (let frame = 0; frame < frames; frame++) sum += level[frame * bins + bin]!;
    return sum;
  };
  return candidates
    .sort((a, b) => loudness(b) - loudness(a))
    .slice(0, count)
    .sort((a, b) => a - b);
}

/** Cycles from the first upward zero crossing on; from the beginning where there is none. */
function cyclesOf(waveform: Float32Array, start: number, period: number): Float64Array {
  const crossing = waveform.findIndex((value, n) => n > 0 && value >= 0 && waveform[n - 1]! < 0);
  const first = crossing < 1 ? 0 : crossing - waveform[crossing]! / (waveform[crossing]! - waveform[crossing - 1]!);
  const count = Math.max(0, Math.floor((waveform.length - 1 - first) / period) + 1);
  return Float64Array.from({ length: count }, (_, i) => start + first + i * period);
}
