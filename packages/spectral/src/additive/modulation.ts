import * as tf from '@tensorflow/tfjs-core';
import { beating } from './beating.js';
import { frameSpans, harmonicBins, MODULATION_BANDS, MODULATION_GROUPS as GROUPS } from './layout.js';
import { QUIET_POWER } from './levels.js';
import type { AdditiveJSON } from './options.js';
import { means, parabolas } from './slow-course.js';

/** Seconds to either side over which what is slow is told from what is fast, and twice as many over which depths are taken. */
const REACH = 0.2;

/** Beating deeper than this, rms of natural logarithms of power, is a step or a stroke: it stays as it is. 4.3 dB. */
const DEEPEST = 1;

/** Largest cosine of the turn from frame to frame: rates from a tenth to nine tenths of what frames can tell. */
const MOST_COSINE = 0.95;

const TINY = 1e-8;

/** What wavers in images, told apart from its course. */
export interface Modulation {
  /** Images [batch, frames, bins, 2] without what wavers, its depths and rate in the second values of the noise. */
  steadied(image: tf.Tensor4D): tf.Tensor4D;
  /** Images that waver as deeply and as fast as `steadied` found, not when. */
  wavering(image: tf.Tensor4D, pitches: readonly number[]): tf.Tensor4D;
}

/**
 * Vibrato and the beating of partials as depths and a rate instead of as their course, which no network can know from a note's pitch and instrument.
 *
 * Fast is what a parabola through 0.4 seconds does not follow. Vibrato is what is fast in the deviations of all partials together, weighted by their power; its rate
 * comes from the correlation of neighbouring frames. Beating is what is fast in the level of each partial; its depth is one number for an octave of
 * harmonics. Brought back are a sine for all partials and noise of that depth for each. Frames at the onset have neither.
 */
export function modulation(json: AdditiveJSON): Modulation {
  const { frames, bins, noiseBands, halfHarmonics, onsetFrames, sampleRate } = json;
  const late = frames - onsetFrames;
  const partialBins = bins - noiseBands;
  const { from, to } = frameSpans(json).at(-1)!;
  const reach = Math.max(2, Math.round((REACH * sampleRate) / (to - from)));
  const slow = parabolas(late, reach);
  const around = means(late, 2 * reach);
  const groups = groupOfBins(partialBins - halfHarmonics, halfHarmonics);
  const steps = beating(partialBins, late, slow);

  /** A fixed matrix [late, late] over the frames of values [batch, late, columns]. */
  const over = (matrix: Float32Array, values: tf.Tensor3D): tf.Tensor3D => {
    const [batch, , columns] = values.shape;
    const flat = tf.reshape(tf.transpose(values, [1, 0, 2]), [late, batch * columns]) as tf.Tensor2D;
    return tf.transpose(
      tf.reshape(tf.matMul(tf.tensor2d(matrix, [late, late]), flat), [late, batch, columns]),
      [1, 0, 2],
    ) as tf.Tensor3D;
  };
  const fastOf = (values: tf.Tensor3D): tf.Tensor3D => tf.sub(values, over(slow, values));
  const ofGroups = (values: tf.Tensor3D): tf.Tensor3D => {
    const [batch] = values.shape;
    const matrix = tf.tensor2d(groups, [partialBins, GROUPS.length]);
    return tf.reshape(tf.matMul(tf.reshape(values, [batch * late, partialBins]) as tf.Tensor2D, matrix), [
      batch,
      late,
      GROUPS.length,
    ]);
  };
  const parts = (
    image: tf.Tensor4D,
  ): { onset: tf.Tensor4D; levels: tf.Tensor3D; deviations: tf.Tensor3D; noise: tf.Tensor4D } => {
    const [batch] = image.shape;
    const cells = (channel: number): tf.Tensor3D =>
      tf.reshape(tf.slice(image, [0, onsetFrames, 0, channel], [batch, late, partialBins, 1]), [batch, late, partialBins]);
    return {
      onset: tf.slice(image, 0, [batch, onsetFrames, bins, 2]),
      levels: cells(0),
      deviations: cells(1),
      noise: tf.slice(image, [0, onsetFrames, partialBins, 0], [batch, late, noiseBands, 2]),
    };
  };
  return {
    steadied(image) {
      const { onset, levels, deviations, noise } = parts(image);
      const [batch] = image.shape;
      const power = tf.exp(levels);
      const together = tf.div(
        tf.sum(tf.mul(power, deviations), 2, true),
        tf.add(tf.sum(power, 2, true), QUIET_POWER),
      ) as tf.Tensor3D;
      const vibrato = fastOf(together);
      const squares = over(around, tf.square(vibrato));
      const neighbours = over(around, tf.mul(vibrato, tf.mul(tf.add(next(vibrato, 1), next(vibrato, -1)), 0.5)));
      const cosine = tf.div(neighbours, tf.add(squares, TINY));
      const heard = tf.div(power, tf.add(power, QUIET_POWER));

      const fast = fastOf(levels);
      const energy = over(around, tf.square(fast));
      const beats = tf.mul(fast, tf.div(1, tf.add(1, tf.square(tf.div(energy, DEEPEST ** 2))))) as tf.Tensor3D;
      const depth = tf.div(ofGroups(tf.mul(power, tf.square(beats))), tf.add(ofGroups(power), QUIET_POWER)) as tf.Tensor3D;

      const rest = tf.zeros([batch, late, noiseBands - MODULATION_BANDS]);
      const second = tf.concat([depthOf(squares), cosine, depthOf(over(around, depth)), rest], 2);
      const first = tf.slice(noise, 0, [batch, late, noiseBands, 1]);
      return whole(
        onset,
        tf.sub(levels, beats),
        tf.sub(deviations, tf.mul(heard, vibrato)),
        tf.concat([first, tf.expandDims(second, 3)], 3) as tf.Tensor4D,
      );
    },

    wavering(image, pitches) {
      const { onset, levels, deviations, noise } = parts(image);
      const [batch] = image.shape;
      const second = (at: number, count: number): tf.Tensor3D =>
        tf.reshape(tf.slice(noise, [0, 0, at, 1], [batch, late, count, 1]), [batch, late, count]);
      const turn = tf.acos(tf.clipByValue(second(1, 1), -MOST_COSINE, MOST_COSINE)) as tf.Tensor3D;
      // Frames are means of what lies in them, and straight lines lie between them: what turns by x from one to the next is lessened by about sinc(x / 2)^3.
      const half = tf.div(turn, 2);
      const lessened = tf.pow(tf.div(tf.sin(half), half), 3);
      const angle = over(lowerTriangle(late), turn);
      const vibrato = tf.mul(tf.mul(tf.div(tf.relu(second(0, 1)), lessened), Math.SQRT2), tf.sin(angle));

      const depths = tf.matMul(
        tf.reshape(tf.relu(second(2, GROUPS.length)), [batch * late, GROUPS.length]) as tf.Tensor2D,
        tf.tensor2d(groups, [partialBins, GROUPS.length]),
        false,
        true,
      );
      const beats = tf.mul(
        tf.reshape(depths, [batch, late, partialBins]),
        tf.tensor3d(steps(pitches), [batch, late, partialBins]),
      );
      const still = tf.concat([tf.slice(noise, 0, [batch, late, noiseBands, 1]), tf.zeros([batch, late, noiseBands, 1])], 3);
      return whole(onset, tf.add(levels, beats), tf.add(deviations, vibrato), still as tf.Tensor4D);
    },
  };
}

/** Root of a mean square, with a slope without bounds nowhere. */
const depthOf = (squares: tf.Tensor3D): tf.Tensor3D => tf.sub(tf.sqrt(tf.add(squares, TINY)), Math.sqrt(TINY));

/** The frames after the onset behind those at it, of the values of partials and noise. */
const whole = (onset: tf.Tensor4D, levels: tf.Tensor3D, deviations: tf.Tensor3D, noise: tf.Tensor4D): tf.Tensor4D =>
  tf.concat([onset, tf.concat([tf.stack([levels, deviations], 3), noise], 2)], 1) as tf.Tensor4D;

/** The frame after each, or before each where `by` is -1; 0 beyond the ends. */
function next(values: tf.Tensor3D, by: 1 | -1): tf.Tensor3D {
  const [batch, late, columns] = values.shape;
  const rest = tf.slice(values, [0, by === 1 ? 1 : 0, 0], [batch, late - 1, columns]);
  return tf.pad(rest, [[0, 0], by === 1 ? [0, 1] : [1, 0], [0, 0]]);
}

/** [bins, groups]: 1 where a bin belongs to a group; those half way between harmonics belong to the first. */
function groupOfBins(harmonics: number, halfHarmonics: number): Float32Array {
  const firsts = [...harmonicBins(harmonics).map(([first]) => first), ...Array.from({ length: halfHarmonics }, () => 1)];
  const matrix = new Float32Array(firsts.length * GROUPS.length);
  for (const [bin, first] of firsts.entries()) matrix[bin * GROUPS.length + GROUPS.findLastIndex((start) => first >= start)] = 1;
  return matrix;
}

/** [size, size]: sums of all up to each. */
const lowerTriangle = (size: number): Float32Array =>
  Float32Array.from({ length: size * size }, (_, at) => (at % size <= Math.floor(at / size) ? 1 : 0));
