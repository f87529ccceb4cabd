import * as tf from '@tensorflow/tfjs-core';
import { checkedNumber, checkedSamples, type Samples } from '../note/audio.js';
import { ValueError } from '../errors.js';
import { powerOfTwoFrom, realFft } from '@gansynth/common/fft';
import { hann } from '../numeric/hann.js';

/** How audio becomes what the classifier sees. Kept in the saved model: other settings are another classifier. */
export interface ClassifierInputSettings {
  /** Samples per second the classifier was made for. Default 16000. */
  readonly sampleRate: number;
  /** Samples of a note; shorter audio is followed by silence, longer is cut. Default 64000. */
  readonly samples: number;
  /** Default 1024. A power of two. */
  readonly fftSize: number;
  /** Default 256. */
  readonly hop: number;
  /** Decibels below the note's loudest point that become 0. Default 120. */
  readonly range: number;
  /** Frames: what is missing is filled with 0. Default 256. */
  readonly frames: number;
  /** Frames averaged into one, a divisor of `frames`. Default 1. */
  readonly pool: number;
  /**
   * What lies beyond both ends of the note in the first and last frames: `reflect`, the note mirrored, as librosa did when the original was
   * written; `zeros`, as librosa does since 0.10. Default `reflect`.
   */
  readonly ends: 'reflect' | 'zeros';
}

/** The original evaluation's input: 512 frequencies by 256 frames of 16 ms. */
export const defaultInput: ClassifierInputSettings = {
  sampleRate: 16000,
  samples: 64000,
  fftSize: 1024,
  hop: 256,
  range: 120,
  frames: 256,
  pool: 1,
  ends: 'reflect',
};

const POWER_FLOOR = 1e-13;
const WHO = 'classifierInput';

/** [frequencies, frames]: the Nyquist row is dropped. */
export const inputShape = ({ fftSize, frames, pool }: ClassifierInputSettings): readonly [number, number] => [
  fftSize / 2,
  frames / pool,
];

export function checkInputSettings(settings: ClassifierInputSettings): void {
  const { sampleRate, samples, fftSize, hop, range, frames, pool, ends } = settings;
  checkedNumber(sampleRate, 1, 1e6, WHO, 'sampleRate');
  checkedNumber(fftSize, 16, 65536, WHO, 'fftSize');
  if (powerOfTwoFrom(fftSize) !== fftSize)
    throw new ValueError(`${WHO}: expected fftSize to be a power of two, found ${fftSize}.`, fftSize);
  checkedNumber(samples, fftSize / 2 + 1, 1e8, WHO, 'samples');
  checkedNumber(hop, 1, fftSize, WHO, 'hop');
  checkedNumber(range, 1, 400, WHO, 'range');
  checkedNumber(frames, 1 + Math.floor(samples / hop), 1e6, WHO, 'frames (one for each hop of the samples, and one)');
  if (frames % pool !== 0) throw new ValueError(`${WHO}: expected pool to divide ${frames} frames, found ${pool}.`, pool);
  if (ends !== 'reflect' && ends !== 'zeros')
    throw new ValueError(`${WHO}: expected ends 'reflect' or 'zeros', found ${String(ends)}.`, ends);
}

/** Index of the sample that stands at `index` when the note is mirrored at its ends without repeating them. */
const mirrored = (index: number, length: number): number =>
  index < 0 ? -index : index >= length ? 2 * (length - 1) - index : index;

/**
 * The spectrogram that the pitch classifier sees: power in dB relative to the note's loudest point, [-range, 0] dB mapped to [0, 1]; Hann window,
 * frames centred.
 *
 * @param audio one note, mono, at `settings.sampleRate`
 * @returns [frequency, frame] row-major, shape `inputShape(settings)`
 * @see magenta PR 1404, `lib/eval/pitch_classifier_utils.py`, and `models/nsynth/utils.py`
 */
export function classifierInput(audio: Samples, settings: ClassifierInputSettings = defaultInput): Float32Array {
  checkInputSettings(settings);
  const { samples, fftSize, hop, range, pool, ends } = settings;
  const note = new Float64Array(samples);
  note.set(checkedSamples(audio, WHO).subarray(0, samples));
  const [bins, columns] = inputShape(settings);
  const frames = 1 + Math.floor(samples / hop);
  const fft = realFft(fftSize);
  const window = hann(fftSize);
  const frame = new Float64Array(fftSize);
  const decibels = new Float64Array(frames * (bins + 1));
  let loudest = POWER_FLOOR;
  for (let f = 0; f < frames; f++) {
    const start = f * hop - fftSize / 2;
    for (let n = 0; n < fftSize; n++) {
      const at = start + n;
      const inside = at >= 0 && at < samples;
      const sample = inside ? note[at]! : ends === 'zeros' ? 0 : note[mirrored(at, samples)]!;
      frame[n] = sample * window[n]!;
    }
    const spectrum = fft.transform(frame);
    for (let bin = 0; bin <= bins; bin++) {
      const power = spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
      loudest = Math.max(loudest, power);
      decibels[f * (bins + 1) + bin] = 10 * Math.log10(Math.max(POWER_FLOOR, power));
    }
  }
  const reference = 10 * Math.log10(loudest);
  const image = new Float32Array(bins * columns);
  for (let f = 0; f < frames; f++) {
    const column = Math.floor(f / pool);
    for (let bin = 0; bin < bins; bin++) {
      const level = Math.max(0, 1 + (decibels[f * (bins + 1) + bin]! - reference) / range);
      image[bin * columns + column]! += level / pool;
    }
  }
  return image;
}

/** Inputs of several notes as one batch, [notes, frequencies, frames, 1]. The caller frees it. */
export function classifierInputs(notes: readonly Samples[], settings: ClassifierInputSettings = defaultInput): tf.Tensor4D {
  return stackInputs(
    notes.map((note) => classifierInput(note, settings)),
    settings,
  );
}

/** Inputs made earlier by `classifierInput` as one batch. */
export function stackInputs(inputs: readonly Float32Array[], settings: ClassifierInputSettings): tf.Tensor4D {
  const [bins, columns] = inputShape(settings);
  const data = new Float32Array(inputs.length * bins * columns);
  for (const [i, input] of inputs.entries()) data.set(input, i * bins * columns);
  return tf.tensor4d(data, [inputs.length, bins, columns, 1]);
}
