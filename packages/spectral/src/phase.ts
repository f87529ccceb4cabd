import * as tf from '@tensorflow/tfjs-core';
import { checkTensor } from './check.js';
import { cumulate } from './engine/cumulate.js';
import type { Spectrum } from './stft.js';

const PI = Math.fround(Math.PI);
const AXES = ['batch', 'frames', 'bins'];

/**
 * Phase of a spectrum: atan2(imaginary, real), and 0 where both are 0 (also on GPUs, whose atan leaves that open).
 *
 * @returns radians in [-pi, pi], [batch, frames, bins]; its gradient is 0 at 0
 */
export function phaseAngle({ real, imaginary }: Spectrum): tf.Tensor3D {
  return tf.tidy(() => angle(imaginary, real)) as tf.Tensor3D;
}

/** atan2 with a defined value and gradient at the origin: d angle = (x dy - y dx) / (x^2 + y^2). */
const angle = (y: tf.Tensor, x: tf.Tensor): tf.Tensor =>
  tf.customGrad((a, b, save) => {
    const [y, x] = [a as tf.Tensor, b as tf.Tensor];
    (save as (tensors: tf.Tensor[]) => void)([y, x]);
    const origin = tf.logicalAnd(tf.equal(y, 0), tf.equal(x, 0));
    return {
      value: tf.atan2(y, tf.where(origin, tf.onesLike(x), x)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [y, x] = saved as [tf.Tensor, tf.Tensor];
        const slope = tf.div(dy, tf.add(tf.add(tf.square(x), tf.square(y)), 1e-30));
        return [tf.mul(slope, x), tf.neg(tf.mul(slope, y))];
      },
    };
  })(y, x);

/**
 * Wraps differences of phase to [-pi, pi] by whole turns. Of the two ends, an exact half turn keeps its own sign, as in the original;
 * values that are inside already come back unchanged, bit for bit.
 */
const wrap = (difference: tf.Tensor): tf.Tensor => {
  const turns = tf.ceil(tf.div(tf.sub(tf.abs(difference), PI), 2 * PI));
  return tf.sub(difference, tf.mul(tf.mul(tf.sign(difference), turns), 2 * PI));
};

const differences = (x: tf.Tensor3D): tf.Tensor3D => {
  const [batch, frames, bins] = x.shape;
  return tf.sub(tf.slice(x, [0, 1, 0], [batch, frames - 1, bins]), tf.slice(x, [0, 0, 0], [batch, frames - 1, bins]));
};

const firstFrame = (x: tf.Tensor3D): tf.Tensor3D => tf.slice(x, [0, 0, 0], [x.shape[0], Math.min(1, x.shape[1]), x.shape[2]]);

const tooShort = (x: tf.Tensor3D): boolean => x.size === 0 || x.shape[1] < 2;

/**
 * Removes jumps of more than half a turn between frames by adding whole turns, along the frames.
 *
 * @param phase radians, [batch, frames, bins]
 * @returns radians without bound, same shape; frame 0 is kept
 * @throws ShapeError if `phase` is not rank 3
 */
export function unwrapPhase(phase: tf.Tensor3D): tf.Tensor3D {
  checkTensor(phase, 'unwrapPhase: phase', AXES);
  if (tooShort(phase)) return tf.clone(phase);
  return tf.tidy(() => cumulate(tf.concat([firstFrame(phase), wrap(differences(phase)) as tf.Tensor3D], 1)));
}

/**
 * Instantaneous frequency: how fast the unwrapped phase turns from one frame to the next.
 *
 * @param phase radians, [batch, frames, bins], wrapped or not
 * @returns half turns per hop in [-1, 1], same shape (to Hz: times sampleRate / (2 hop), up to whole turns); frame 0 keeps its own
 * phase divided by pi
 * @throws ShapeError if `phase` is not rank 3
 * @see Engel et al. 2019, section 2 and figure 1
 */
export function instantaneousFrequency(phase: tf.Tensor3D): tf.Tensor3D {
  checkTensor(phase, 'instantaneousFrequency: phase', AXES);
  return tf.tidy(() => {
    if (tooShort(phase)) return tf.div<tf.Tensor3D>(phase, PI);
    return tf.div<tf.Tensor3D>(tf.concat([firstFrame(phase), wrap(differences(phase)) as tf.Tensor3D], 1), PI);
  });
}

/**
 * Phase from instantaneous frequency, the inverse of {@link instantaneousFrequency} up to whole turns.
 *
 * @param frequency half turns per hop, [batch, frames, bins]
 * @returns radians without bound, same shape
 * @throws ShapeError if `frequency` is not rank 3
 */
export function phaseFromFrequency(frequency: tf.Tensor3D): tf.Tensor3D {
  checkTensor(frequency, 'phaseFromFrequency: frequency', AXES);
  if (frequency.size === 0) return tf.clone(frequency);
  return tf.tidy(() => tf.mul<tf.Tensor3D>(cumulate(frequency), PI));
}

/**
 * Wraps frequencies to [-1, 1] half turns per hop, frame 0 excepted, which holds a phase.
 *
 * @param frequency half turns per hop, [batch, frames, bins]
 */
export function wrapFrequency(frequency: tf.Tensor3D): tf.Tensor3D {
  checkTensor(frequency, 'wrapFrequency: frequency', AXES);
  if (tooShort(frequency)) return tf.clone(frequency);
  return tf.tidy(() => {
    const [batch, frames, bins] = frequency.shape;
    const rest = tf.slice(frequency, [0, 1, 0], [batch, frames - 1, bins]);
    const turns = tf.mul(tf.sign(rest), tf.ceil(tf.div(tf.sub(tf.abs(rest), 1), 2)));
    return tf.concat<tf.Tensor3D>([firstFrame(frequency), tf.sub<tf.Tensor3D>(rest, tf.mul(turns, 2))], 1);
  });
}
