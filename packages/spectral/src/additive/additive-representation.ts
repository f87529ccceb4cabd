import { hertzOfPitch } from '@gansynth/common/note-name';
import * as tf from '@tensorflow/tfjs-core';
import { checkFinite, checkTensor } from '../check.js';
import { checkPitches } from '../check-pitches.js';
import { checkEngine, useShortcut, type EngineName } from '../engine/select.js';
import { NonFiniteError } from '../errors.js';
import { withinFullScale } from '../full-scale.js';
import { analysisPlan, type AnalysisPlan } from './analysis-plan.js';
import { decodeTensor, interpolation, type Interpolation } from './decode-tensor.js';
import { decodeNote } from './decode-typed.js';
import { encodeNoteTensor } from './encode-tensor.js';
import { encodeNote } from './encode-typed.js';
import { modulation } from './modulation.js';
import { completeAdditive, type AdditiveJSON, type AdditiveOptions } from './options.js';

/** Images whose bins are the harmonics of a note's known pitch, and bands of noise beside them. */
export interface AdditiveRepresentation extends AdditiveJSON {
  /** Shape of one image: [frames, bins, 2]. */
  readonly shape: readonly [frames: number, bins: number, channels: 2];
  /**
   * Audio to image; differentiable.
   *
   * @param audio [batch, samples], full scale 1
   * @param pitches MIDI pitch of each note, may be fractional
   * @returns [batch, frames, bins, 2]. Channel 0: level, ln of the mean square, -18.42 (-80 dB) for silence. Channel 1: by how much a partial is off
   * its harmonic, per cent of its frequency, in [-3, 3]; 0 for what is not heard and for noise, or with `modulation` in the bands of noise: depth of the vibrato,
   * rms in per cent; cosine of its turn from frame to frame; depth of the beating of harmonics 1, 2, 3-4, 5-8, 9-16 and the rest, rms of ln of power
   * @throws ShapeError, OptionError for pitches, NonFiniteError for NaN or infinity (on GPUs the image is NaN there)
   */
  encode(audio: tf.Tensor2D, pitches: ArrayLike<number>): tf.Tensor4D;
  /**
   * Image to audio at the given pitches, by additive synthesis; differentiable. A note starts from silence and stays within full scale (`withinFullScale`).
   *
   * @param image [batch, frames, bins, 2], values as `encode` gives them (not normalised)
   * @returns [batch, samples]
   * @throws as `encode`
   */
  decode(image: tf.Tensor4D, pitches: ArrayLike<number>): tf.Tensor2D;
  /** Nothing to tell a network of a pitch: its harmonics are where those of every other pitch are. */
  planes(): null;
  toJSON(): AdditiveJSON;
}

/**
 * A note as the partials of its known pitch, and noise in bands: harmonics plus noise.
 *
 * Bins count harmonics, so that images of all pitches look alike; from the 30th on a bin stands for several. Frames lie close together at the onset
 * and far apart later. Partials are measured by sinusoids under Hann windows of at least four periods, their deviation by the phase they
 * advance within two milliseconds more than their harmonic would; noise between the harmonics, as a mean of the power there
 * that a stray partial changes little. Decoding adds up a sine for each partial and fixed noise for each band; levels in decibels and
 * deviations are straight lines between the frames' middles.
 *
 * Sounds with partials half way between harmonics, as of organs whose lowest pipes sound an octave below, need bins for them (`halfHarmonics`).
 *
 * With `modulation` vibrato and beating are kept as depths and a rate, and come back as deep and as fast, but at other moments.
 *
 * What it keeps: levels and their course, vibrato slower than two frames, detuning, the beginning. What not: phases, more than one partial to
 * a harmonic (but their beating as a level), what lies above 0.95 of the Nyquist frequency or 109 harmonics.
 *
 * @throws OptionError for numbers that do not work together
 * @see Serra and Smith 1990, "Spectral modeling synthesis"; Engel et al. 2020, "DDSP"
 */
export function additiveRepresentation(
  given: AdditiveOptions & { readonly engine?: EngineName | undefined } = {},
): AdditiveRepresentation {
  const json = completeAdditive(given);
  const engine = checkEngine(given.engine ?? 'auto', 'representation');
  const { frames, bins, samples } = json;
  const shape = [frames, bins, 2] as const;
  const size = frames * bins * 2;
  const plans = new Map<number, AnalysisPlan>();
  const planOf = (pitch: number): AnalysisPlan => {
    const known = plans.get(pitch);
    if (known !== undefined) return known;
    const made = analysisPlan(json, hertzOfPitch(pitch));
    // A plan is two to five megabytes; these are more than the pitches of most collections.
    if (plans.size >= MOST_PLANS) plans.delete(plans.keys().next().value ?? pitch);
    plans.set(pitch, made);
    return made;
  };
  let interpolated: Interpolation | undefined;
  const wavers = json.modulation ? modulation(json) : undefined;

  const encodeTyped = (audio: tf.Tensor2D, pitches: readonly number[]): tf.Tensor4D => {
    const input = audio.dataSync<'float32'>();
    checkFinite(input, 'representation: encode: audio', 'Clean the audio first.');
    const output = new Float32Array(pitches.length * size);
    for (const [item, pitch] of pitches.entries()) {
      const note = input.subarray(item * samples, (item + 1) * samples);
      encodeNote(note, output.subarray(item * size, (item + 1) * size), planOf(pitch), json);
    }
    return tf.tensor4d(output, [pitches.length, ...shape]);
  };
  const encodeTensors = (audio: tf.Tensor2D, pitches: readonly number[]): tf.Tensor4D =>
    tf.stack(
      pitches.map((pitch, item) => encodeNoteTensor(tf.slice(audio, [item, 0], [1, samples]), planOf(pitch), json)),
    ) as tf.Tensor4D;
  const decodeTyped = (image: tf.Tensor4D, pitches: readonly number[]): tf.Tensor2D => {
    const input = image.dataSync<'float32'>();
    checkFinite(input, 'representation: decode: image', DIVERGED);
    const output = new Float32Array(pitches.length * samples);
    for (const [item, pitch] of pitches.entries()) {
      const note = output.subarray(item * samples, (item + 1) * samples);
      decodeNote(input.subarray(item * size, (item + 1) * size), note, pitch, hertzOfPitch(pitch), json);
    }
    checkLevels(input, output);
    return withinFullScale(tf.tensor2d(output, [pitches.length, samples]));
  };

  return Object.freeze({
    ...json,
    shape,
    encode(audio: tf.Tensor2D, pitches: ArrayLike<number>): tf.Tensor4D {
      checkTensor(
        audio,
        'representation: encode: audio',
        ['batch', samples],
        'One row a note: tf.expandDims(audio, 0), padded or cut to length.',
      );
      checkPitches('representation: encode', pitches, audio.shape[0]);
      if (audio.shape[0] === 0) return tf.zeros([0, ...shape]);
      return tf.tidy(() => {
        const exact = (useShortcut(engine) ? encodeTyped : encodeTensors)(audio, Array.from(pitches));
        return wavers?.steadied(exact) ?? exact;
      });
    },
    decode(image: tf.Tensor4D, pitches: ArrayLike<number>): tf.Tensor2D {
      checkTensor(image, 'representation: decode: image', ['batch', ...shape], 'One image is tf.expandDims(image, 0).');
      checkPitches('representation: decode', pitches, image.shape[0]);
      if (image.shape[0] === 0) return tf.zeros([0, samples]);
      const notes = Array.from(pitches);
      return tf.tidy(() => {
        // What is not finite would spread, and be found elsewhere.
        if (wavers && useShortcut(engine)) checkFinite(image.dataSync<'float32'>(), 'representation: decode: image', DIVERGED);
        const exact = wavers?.wavering(image, notes) ?? image;
        if (useShortcut(engine)) return decodeTyped(exact, notes);
        interpolated ??= interpolation(json);
        return decodeTensor(exact, notes, notes.map(hertzOfPitch), json, interpolated);
      });
    },
    planes: () => null,
    toJSON: (): AdditiveJSON => ({ ...json }),
  });
}

const MOST_PLANS = 64;

const DIVERGED = 'A model that diverged? Clean the image first.';

/** Finite levels can still be beyond what floats hold once exponentiated: says so instead of returning infinities. */
function checkLevels(image: Float32Array, audio: Float32Array): void {
  let probe = 0;
  for (const value of audio) probe += value * 0;
  if (probe === 0) return;
  let loudest = 0;
  for (let i = 2; i < image.length; i += 2) if (image[i]! > image[loudest]!) loudest = i;
  const level = image[loudest]!;
  throw new NonFiniteError(
    `representation: decode: image: expected levels whose audio fits 32-bit floats, found ${level} at index ${loudest}. ` +
      'Levels are natural logarithms: is the image still normalised, or scaled twice?',
    level,
    loudest,
  );
}
