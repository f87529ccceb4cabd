import * as tf from '@tensorflow/tfjs-core';
import { cumulate } from '../engine/cumulate.js';
import { LOG_FLOOR, logMagnitude, magnitude } from '../magnitude.js';
import { instantaneousFrequency, phaseAngle, wrapFrequency } from '../phase.js';
import { applyOperator } from '../sparse-operator.js';
import { istft, stft, type Spectrum } from '../stft.js';
import { firstBin, type Chain } from './chain.js';

/** Audio [batch, samples] to image [batch, frames, bins, 2], by the package's public parts; differentiable. */
export function encodeTensor(audio: tf.Tensor2D, { kind, geometry, trim, window, mel, engine }: Chain): tf.Tensor4D {
  const { fftSize, hop, padLeft, frames, bins } = geometry;
  const whole = stft(audio, { fftSize, hop, padLeft, window, engine });
  const cut = (part: tf.Tensor3D): tf.Tensor3D => tf.slice(part, [0, 0, firstBin(trim)], [part.shape[0], frames, bins]);
  const spectrum: Spectrum = { real: cut(whole.real), imaginary: cut(whole.imaginary) };
  const phase = phaseAngle(spectrum);
  if (kind === 'phase') return tf.stack([logMagnitude(spectrum), tf.div(phase, Math.PI)], 3) as tf.Tensor4D;
  const frequency = instantaneousFrequency(phase);
  if (mel === undefined) return tf.stack([logMagnitude(spectrum), frequency], 3) as tf.Tensor4D;
  const power = tf.square(tf.add(magnitude(spectrum), LOG_FLOOR));
  const logPower = tf.log(tf.add(applyOperator(power, mel.forward), LOG_FLOOR));
  // The original sums frequency to phase, applies the matrix, and differences again: a linear round trip, up to the last wrap.
  return tf.stack([logPower, wrapFrequency(applyOperator(frequency, mel.forward))], 3) as tf.Tensor4D;
}

const withinOneTurn = (halfTurns: tf.Tensor): tf.Tensor => tf.sub(halfTurns, tf.mul(tf.round(tf.mul(halfTurns, 0.5)), 2));

/** Image [batch, frames, bins, 2] to audio [batch, samples], by the package's public parts; differentiable. */
export function decodeTensor(image: tf.Tensor4D, { kind, geometry, trim, window, mel, engine }: Chain): tf.Tensor2D {
  const { fftSize, hop, padLeft, samples } = geometry;
  const [level, turn] = tf.unstack(image, 3) as [tf.Tensor3D, tf.Tensor3D];
  const halfTurns = kind === 'phase' ? turn : cumulate(turn);
  const amplitude = mel === undefined ? tf.exp(level) : tf.sqrt(tf.add(applyOperator(tf.exp(level), mel.inverse), LOG_FLOOR));
  // GPUs promise sine and cosine only near 0, and phases of real notes reach hundreds of radians.
  const angle = tf.mul(withinOneTurn(mel === undefined ? halfTurns : applyOperator(halfTurns, mel.inverse)), Math.PI);
  const first = firstBin(trim);
  const spread = (part: tf.Tensor): tf.Tensor3D =>
    tf.pad(part, [
      [0, 0],
      [0, 0],
      [first, 1 - first],
    ]) as tf.Tensor3D;
  const spectrum = { real: spread(tf.mul(amplitude, tf.cos(angle))), imaginary: spread(tf.mul(amplitude, tf.sin(angle))) };
  return istft(spectrum, { fftSize, hop, padLeft, window, samples, engine });
}
