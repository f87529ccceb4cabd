import * as tf from '@tensorflow/tfjs-core';
import { checkTensor } from '../check.js';
import { OptionError } from '../errors.js';
import { withinFullScale } from '../full-scale.js';
import { checkPitches } from '../check-pitches.js';
import { spectralRepresentation } from '../representation/spectral-representation.js';
import { completeHarmonic, fullImage, type HarmonicRepresentationJSON, type HarmonicRepresentationOptions } from './options.js';
import { columnSums, pitchTable, type PitchTable } from './pitch-tables.js';

/** IF-Mel images relative to the harmonics of a known pitch; small enough for small models. */
export interface HarmonicRepresentation extends HarmonicRepresentationJSON {
  /** Shape of one image: [frames, bins, 2]. */
  readonly shape: readonly [frames: number, bins: number, channels: 2];
  /**
   * Audio to image; differentiable.
   *
   * @param audio [batch, samples]
   * @param pitches MIDI pitch of each note, may be fractional
   * @returns [batch, frames, bins, 2]: log of the mean power, and by how much the partials are off the pitch's harmonics, half turns per hop
   */
  encode(audio: tf.Tensor2D, pitches: ArrayLike<number>): tf.Tensor4D;
  /**
   * Image to audio at the given pitches; differentiable. [batch, frames, bins, 2] to [batch, samples].
   *
   * A note starts from silence: boxes spread its onset over the zeros in front of it, which are cut off, so the first 4 ms are faded in. A
   * note whose peak is beyond full scale is lowered to it, see `withinFullScale`: partials whose phases an image does not keep can meet.
   */
  decode(image: tf.Tensor4D, pitches: ArrayLike<number>): tf.Tensor2D;
  /**
   * What a network may be told about a pitch, at the image's resolution: the comb of its harmonics scaled to [-1, 1], cosine and sine of
   * the place between two harmonics, and for each of the first `numbered` harmonics how near it is: 1 on it, 0 on its neighbours, so that
   * a convolution can tell the second from the third at any pitch.
   *
   * @param numbered default 0
   * @returns row-major [pitches, bins, 3 + numbered]
   */
  planes(pitches: ArrayLike<number>, numbered?: number): Float32Array;
  toJSON(): HarmonicRepresentationJSON;
}

/**
 * IF-Mel relative to the harmonics of a known pitch.
 *
 * With a hop of a quarter frame, instantaneous frequency is a partial's frequency modulo sampleRate / hop (31 Hz at the default size):
 * next to arbitrary for each pair of pitch and harmonic, and spread over the whole circle from one harmonic to the next, which a small
 * GAN learns late or not at all (measured in docs/phase-channel). All of it follows from the pitch, though, which the network is given
 * anyway. Here channel 1 is what does NOT follow from it, the deviation from the nearest harmonic, and is near 0 for a note in tune; and
 * since both channels are smooth between harmonics, an image keeps its sound when it is averaged over boxes of 4 frames x 8 bins.
 * Decoding adds the harmonics of the pitch again: their frequencies, the shape of their peaks, and a phase at the onset. A vibrato, a
 * detuned or an inharmonic note is kept as far as it changes slowly within a box.
 *
 * @throws OptionError where the small size does not divide the full size, or the full size cannot hold the audio
 */
export function harmonicRepresentation(given: HarmonicRepresentationOptions = {}): HarmonicRepresentation {
  const json = completeHarmonic(given);
  const { frames, bins, fullFrames, fullBins, samples, sampleRate, floor } = json;
  const base = spectralRepresentation(fullImage(json));
  const factors = [fullFrames / frames, fullBins / bins] as const;
  const shape = [frames, bins, 2] as const;
  const sums = columnSums(base);
  const fadeIn = onsetFade(samples, sampleRate);
  const tables = new Map<number, PitchTable>();
  const table = (pitch: number): PitchTable => {
    let known = tables.get(pitch);
    if (known === undefined) tables.set(pitch, (known = pitchTable(base, pitch, floor)));
    return known;
  };
  const rows = (pitches: ArrayLike<number>, column: keyof PitchTable): tf.Tensor4D =>
    tf.tensor4d(
      joined(pitches, (pitch) => table(pitch)[column], fullBins),
      [pitches.length, 1, fullBins, 1],
    );
  return Object.freeze({
    ...json,
    shape,
    encode(audio: tf.Tensor2D, pitches: ArrayLike<number>): tf.Tensor4D {
      checkTensor(audio, 'harmonicRepresentation: encode: audio', ['batch', samples]);
      checkPitches('harmonicRepresentation: encode', pitches, audio.shape[0]);
      if (audio.shape[0] === 0) return tf.zeros([0, ...shape]);
      return tf.tidy(() => {
        const [level, step] = tf.split(base.encode(audio), 2, 3) as [tf.Tensor4D, tf.Tensor4D];
        const off = deviation(tf.sub(tf.div(step, tf.tensor4d(sums, [1, 1, fullBins, 1])), rows(pitches, 'frequency')));
        const power = tf.exp(level);
        const mean = box(power, factors);
        // Weighted by power, and drawn to 0 where there is next to none.
        const offMean = tf.div(box(tf.mul(power, off), factors), tf.add(mean, 1));
        return tf.concat([tf.log(tf.add(mean, Math.exp(floor))), offMean], 3) as tf.Tensor4D;
      });
    },
    decode(image: tf.Tensor4D, pitches: ArrayLike<number>): tf.Tensor2D {
      checkTensor(image, 'harmonicRepresentation: decode: image', ['batch', ...shape]);
      checkPitches('harmonicRepresentation: decode', pitches, image.shape[0]);
      if (image.shape[0] === 0) return tf.zeros([0, samples]);
      return tf.tidy(() => {
        const [level, off] = tf.split(unbox(image, factors), 2, 3) as [tf.Tensor4D, tf.Tensor4D];
        const comb = rows(pitches, 'comb');
        const peaks = tf.sub(comb, unbox(tf.log(box(tf.exp(comb), [1, factors[1]])), [1, factors[1]]));
        const loud = tf.add(level, peaks) as tf.Tensor4D;
        const scale = tf.tensor4d(sums, [1, 1, fullBins, 1]);
        const together = ofPartials(off, loud, pitches, (pitch) => table(pitch).harmonic);
        const step = tf.mul(tf.add(together, rows(pitches, 'frequency')), scale);
        const later = tf.slice(step, [0, 1, 0, 0], [-1, -1, -1, -1]);
        const steps = tf.concat([tf.mul(rows(pitches, 'onset'), scale), later], 1);
        const audio = base.decode(tf.concat([loud, steps], 3) as tf.Tensor4D);
        return withinFullScale(tf.mul(audio, tf.tensor2d(fadeIn, [1, samples])));
      });
    },
    planes(pitches: ArrayLike<number>, numbered = 0): Float32Array {
      checkPitches('harmonicRepresentation: planes', pitches, pitches.length);
      if (!(Number.isInteger(numbered) && numbered >= 0)) {
        throw new OptionError(
          `harmonicRepresentation: planes: expected a whole number of numbered harmonics, found ${numbered}.`,
          'numbered',
          numbered,
        );
      }
      const width = factors[1];
      const features = 3 + numbered;
      const planes = new Float32Array(pitches.length * bins * features);
      for (let i = 0; i < pitches.length; i++) {
        const { comb, cosine, sine, place } = table(pitches[i]!);
        for (let m = 0; m < fullBins; m++) {
          const at = features * (i * bins + Math.floor(m / width));
          const near = Array.from({ length: numbered }, (_, n) => Math.max(0, 1 - Math.abs(place[m]! - n - 1)));
          const values = [1 - (2 / floor) * comb[m]!, cosine[m]!, sine[m]!, ...near];
          for (const [c, value] of values.entries()) planes[at + c] = planes[at + c]! + value / width;
        }
      }
      return planes;
    },
    toJSON: (): HarmonicRepresentationJSON => ({ ...json }),
  });
}

/** Long enough not to click, short beside the attack of a plucked string (10 ms). */
const FADE_SECONDS = 0.004;

/** Against division by zero; far below what is heard. */
const TINY_POWER = 1e-9;

/** Half a raised cosine from 0 to 1 over the first {@link FADE_SECONDS}, then 1. */
function onsetFade(samples: number, sampleRate: number): Float32Array {
  const length = Math.round(FADE_SECONDS * sampleRate);
  return Float32Array.from({ length: samples }, (_, n) => (n < length ? 0.5 - 0.5 * Math.cos((Math.PI * n) / length) : 1));
}

function joined(pitches: ArrayLike<number>, row: (pitch: number) => Float32Array, width: number): Float32Array {
  const all = new Float32Array(pitches.length * width);
  for (let i = 0; i < pitches.length; i++) all.set(row(pitches[i]!), i * width);
  return all;
}

/**
 * Deviations of whole partials: the mean over the bins next to each harmonic, weighted by power. Bins of one partial that turned at
 * different speeds would cancel each other before long.
 *
 * @param off [batch, frames, bins, 1]
 * @param level log power, of the same shape
 */
function ofPartials(
  off: tf.Tensor4D,
  level: tf.Tensor4D,
  pitches: ArrayLike<number>,
  harmonicOf: (pitch: number) => Float32Array,
): tf.Tensor4D {
  const [batch, frames, bins] = off.shape;
  const nearest = joined(pitches, harmonicOf, bins);
  const harmonics = nearest.reduce((most, index) => Math.max(most, index + 1), 1);
  const members = new Float32Array(nearest.length * harmonics);
  for (const [at, index] of nearest.entries()) members[at * harmonics + index] = 1;
  const member = tf.tensor3d(members, [batch, bins, harmonics]);
  const power = tf.reshape(tf.exp(level), [batch, frames, bins]);
  const weighted = tf.matMul(tf.mul(power, tf.reshape(off, [batch, frames, bins])), member);
  const mean = tf.div(weighted, tf.add(tf.matMul(power, member), TINY_POWER));
  return tf.reshape(tf.matMul(mean, member, false, true), [batch, frames, bins, 1]);
}

/** Wraps half turns per hop to [-1, 1). The first frame holds a phase, which has no deviation: 0. */
function deviation(steps: tf.Tensor4D): tf.Tensor4D {
  const later = tf.slice(steps, [0, 1, 0, 0], [-1, -1, -1, -1]);
  const wrapped = tf.sub(later, tf.mul(tf.floor(tf.div(tf.add(later, 1), 2)), 2));
  return tf.pad(wrapped, [
    [0, 0],
    [1, 0],
    [0, 0],
    [0, 0],
  ]) as tf.Tensor4D;
}

/** Means over boxes: [batch, frames, bins, channels] to [batch, frames / fy, bins / fx, channels]. */
function box(x: tf.Tensor4D, [fy, fx]: readonly [number, number]): tf.Tensor4D {
  const [batch, frames, bins, channels] = x.shape;
  return tf.mean(tf.reshape(x, [batch, frames / fy, fy, bins / fx, fx, channels]), [2, 4]);
}

/** The transposed shape: every value stands in all of its box. */
function unbox(x: tf.Tensor4D, [fy, fx]: readonly [number, number]): tf.Tensor4D {
  const [batch, frames, bins, channels] = x.shape;
  // By broadcasting: tf.tile has no gradient for six axes.
  const wide = tf.mul(tf.reshape(x, [batch, frames, 1, bins, 1, channels]), tf.ones([1, 1, fy, 1, fx, 1]));
  return tf.reshape(wide, [batch, frames * fy, bins * fx, channels]);
}
