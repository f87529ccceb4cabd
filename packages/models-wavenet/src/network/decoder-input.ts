import * as tf from '@tensorflow/tfjs-core';
import type { OutputConfig } from '../config/output-config.js';
import { muLawEncode } from '../mu-law.js';

/** Steps of 16-bit audio in a unit. */
export const stepsPerUnit = 32_768;

/** The nearest of the 65,536 values of 16-bit audio, -1 to 1 - 2^-15. */
export const quantise16 = (sample: number): number =>
  Math.max(-stepsPerUnit, Math.min(stepsPerUnit - 1, Math.round(sample * stepsPerUnit))) / stepsPerUnit;

/**
 * Samples as a network sees them: mu-law codes divided by 128, or 16-bit samples.
 *
 * @param audio in [-1, 1]
 */
export function scaledSamples(output: OutputConfig, audio: ArrayLike<number>): Float32Array<ArrayBuffer> {
  return output.kind === 'mu-law'
    ? Float32Array.from(muLawEncode(audio), (code) => code / 128)
    : Float32Array.from(audio, quantise16);
}

/** Sounds of one length as rows. */
export const rows = (sounds: readonly Float32Array[]): tf.Tensor2D => {
  const samples = sounds[0]?.length ?? 0;
  const values = new Float32Array(sounds.length * samples);
  for (const [index, sound] of sounds.entries()) values.set(sound, index * samples);
  return tf.tensor2d(values, [sounds.length, samples]);
};

/** Each sample replaced by the one before; zero comes first. [batch, samples] */
export function shifted(input: tf.Tensor2D): tf.Tensor2D {
  const [batch, samples] = input.shape;
  return tf.tidy(() =>
    tf.slice(
      tf.pad(input, [
        [0, 0],
        [1, 0],
      ]),
      [0, 0],
      [batch, samples],
    ),
  );
}
