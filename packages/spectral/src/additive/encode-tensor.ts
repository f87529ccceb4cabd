import * as tf from '@tensorflow/tfjs-core';
import { phaseAngle } from '../phase.js';
import { applyOperator, sparseOperator, type SparseOperator, type Tap } from '../sparse-operator.js';
import type { AnalysisPlan, NoiseProbe, PartialProbe, Probe } from './analysis-plan.js';
import { MOST_DEVIATION } from './layout.js';
import { levelConstants, MOST_SCALLOP, ONSET_NOISE, QUIET_DENSITY, QUIET_POWER, ROOT_MEAN, SCALLOP } from './levels.js';
import type { AdditiveJSON } from './options.js';

const framings = new WeakMap<Probe, SparseOperator>();

/** Takes the windows out of a note: samples to windows x length, zeros outside the note. */
function framing(probe: Probe, samples: number): SparseOperator {
  const known = framings.get(probe);
  if (known !== undefined) return known;
  const taps: Tap[] = [];
  for (const [at, start] of probe.starts.entries()) {
    for (let n = Math.max(0, -start); n < Math.min(probe.length, samples - start); n++) {
      taps.push({ row: start + n, column: at * probe.length + n, value: 1 });
    }
  }
  const made = sparseOperator(samples, probe.starts.length * probe.length, taps);
  framings.set(probe, made);
  return made;
}

/**
 * One note [1, samples] to real and imaginary parts [windows, frequencies].
 *
 * The tables are turned before the product, not in it: tfjs-backend-webgpu 4.22 multiplies by a transposed matrix wrongly where 2,000 or more products
 * are added up and the result is small (its split-K kernel of four columns at a time).
 */
function hear(audio: tf.Tensor2D, probe: Probe): [tf.Tensor2D, tf.Tensor2D] {
  const windows = tf.reshape(applyOperator(audio, framing(probe, audio.shape[1])), [probe.starts.length, probe.length]);
  const shape: [number, number] = [probe.frequencies.length, probe.length];
  return [probe.cosine, probe.sine].map((table) =>
    tf.matMul(windows as tf.Tensor2D, tf.transpose(tf.tensor2d(table, shape))),
  ) as [tf.Tensor2D, tf.Tensor2D];
}

const levelOf = (power: tf.Tensor): tf.Tensor => {
  const { floor, tiny } = levelConstants;
  return tf.mul(tf.log(tf.add(tf.sub(tf.sqrt(tf.add(power, tiny * tiny)), tiny), floor)), 2);
};

/** Level and deviation of each bin of harmonics: [frames, bins, 2]. */
function encodePartials(
  audio: tf.Tensor2D,
  { frames, pairs, probe }: PartialProbe,
  plan: AnalysisPlan,
  sampleRate: number,
): tf.Tensor {
  const count = plan.partialCount;
  const [real, imaginary] = hear(audio, probe).map((part) => tf.unstack(tf.reshape(part, [frames * pairs, 2, count]), 1)) as [
    tf.Tensor[],
    tf.Tensor[],
  ];
  const [a, c] = real as [tf.Tensor, tf.Tensor];
  const [b, d] = imaginary as [tf.Tensor, tf.Tensor];
  const scale = 2 / (probe.sum * probe.sum) / pairs;
  const overPairs = (x: tf.Tensor): tf.Tensor => tf.mul(tf.sum(tf.reshape(x, [frames, pairs, count]), 1), scale);
  const squares = tf.add(tf.add(tf.square(a), tf.square(b)), tf.add(tf.square(c), tf.square(d)));
  const power = tf.div(overPairs(squares), 2);
  const along = overPairs(tf.add(tf.mul(c, a), tf.mul(d, b)));
  const across = overPairs(tf.sub(tf.mul(d, a), tf.mul(c, b)));
  const angle = phaseAngle({
    real: tf.reshape(along, [1, frames, count]),
    imaginary: tf.reshape(across, [1, frames, count]),
  });
  const expected = Float32Array.from(plan.turns, (turns) => turns - Math.round(turns));
  const turns = tf.sub(tf.div(tf.reshape(angle, [frames, count]), 2 * Math.PI), tf.tensor2d(expected, [1, count]));
  const perTurn = Float32Array.from(probe.frequencies, (frequency) => (100 * sampleRate) / plan.gap / frequency);
  const percent = tf.clipByValue(
    tf.mul(tf.sub(turns, tf.round(turns)), tf.tensor2d(perTurn, [1, count])),
    -MOST_DEVIATION,
    MOST_DEVIATION,
  );
  const perPercent = Float32Array.from(probe.frequencies, (frequency) => (frequency * probe.length) / 100 / sampleRate);
  const x = tf.square(tf.clipByValue(tf.mul(percent, tf.tensor2d(perPercent, [1, count])), -MOST_SCALLOP, MOST_SCALLOP));
  const whole = tf.mul(power, tf.exp(tf.add(tf.mul(x, SCALLOP[0]), tf.mul(tf.square(x), SCALLOP[1]))));
  const members = tf.tensor2d(meanOfMembers(plan), [count, plan.bins.length]);
  const mean = tf.matMul(whole as tf.Tensor2D, members);
  const off = tf.mul(whole, percent);
  const deviation = tf.div(tf.matMul(off as tf.Tensor2D, members), tf.add(mean, QUIET_POWER));
  return tf.stack([levelOf(mean), deviation], 2);
}

/** [partials, bins]: means over the partials of each bin. */
function meanOfMembers({ partialCount, bins }: AnalysisPlan): Float32Array {
  const matrix = new Float32Array(partialCount * bins.length);
  for (const [bin, [from, to]] of bins.entries()) {
    for (let h = from; h < to; h++) matrix[h * bins.length + bin] = 1 / (to - from);
  }
  return matrix;
}

/** Power of the noise in each band: [windows, bands]. */
function noisePowers(audio: tf.Tensor2D, { probe, mean, share }: NoiseProbe): tf.Tensor {
  const [re, im] = hear(audio, probe);
  const density = tf.div(tf.add(tf.square(re), tf.square(im)), probe.squares);
  const roots = tf.rsqrt(tf.add(density, QUIET_DENSITY)) as tf.Tensor2D;
  // Bands without a frequency have no share; 1 instead of their 0 keeps the division finite.
  const empty = Float32Array.from(share, (value) => (value === 0 ? 1 : 0));
  const means = tf.add(
    tf.matMul(roots, tf.tensor2d(mean, [probe.frequencies.length, share.length])),
    tf.tensor2d(empty, [1, share.length]),
  );
  return tf.mul(tf.square(tf.div(ROOT_MEAN, means)), tf.tensor2d(share, [1, share.length]));
}

/** One note [1, samples] to its image [frames, bins, 2] by tensor operations; differentiable. */
export function encodeNoteTensor(audio: tf.Tensor2D, plan: AnalysisPlan, json: AdditiveJSON): tf.Tensor3D {
  const kinds = plan.partials.filter(({ frames }) => frames > 0);
  const partials = tf.concat(kinds.map((partial) => encodePartials(audio, partial, plan, json.sampleRate)));
  if (plan.noise === undefined) return partials as tf.Tensor3D;
  const { onset, beginning, later } = plan.noise;
  const powers = [noisePowers(audio, later)];
  if (json.onsetFrames > 0) {
    const short = noisePowers(audio, onset);
    // Of one shape: the gradient of tf.minimum knows no broadcasting.
    powers.unshift(tf.mul(tf.minimum(short, tf.add(noisePowers(audio, beginning), tf.zerosLike(short))), ONSET_NOISE));
  }
  const level = levelOf(tf.concat(powers));
  return tf.concat([partials, tf.stack([level, tf.zerosLike(level)], 2)], 1) as tf.Tensor3D;
}
