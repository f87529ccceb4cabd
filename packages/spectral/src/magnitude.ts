import * as tf from '@tensorflow/tfjs-core';
import { checkPositive } from './check.js';
import type { Spectrum } from './stft.js';

/** What is added to a magnitude before its logarithm: silence becomes ln 1e-6 = -13.8155. The original's value. */
export const LOG_FLOOR = 1e-6;

/** Far below any audible power; keeps the slope of the square root at zero finite. */
const TINY_POWER = 1e-30;

/** |X|^2 of a spectrum, same shape as its parts. */
export function power<T extends tf.Tensor>({ real, imaginary }: { real: T; imaginary: T }): T {
  return tf.tidy(() => tf.add<T>(tf.square(real), tf.square(imaginary)));
}

/** |X| of a spectrum, same shape as its parts; its gradient is 0 at 0. */
export function magnitude<T extends tf.Tensor>(spectrum: { real: T; imaginary: T }): T {
  return tf.tidy(() => tf.sqrt(tf.add<T>(power(spectrum), TINY_POWER)));
}

/** ln(|X| + floor), natural logarithm of the magnitude (not of the power), same shape as the spectrum's parts. */
export function logMagnitude(spectrum: Spectrum, { floor = LOG_FLOOR }: { floor?: number } = {}): tf.Tensor3D {
  checkPositive(floor, 'logMagnitude', 'floor');
  return tf.tidy(() => tf.log(tf.add<tf.Tensor3D>(magnitude(spectrum), floor)));
}

const DECIBEL = 10 / Math.LN10;

/**
 * Power to decibels: 10 log10(max(power, floor) / reference).
 *
 * @param power any shape, at least 0
 * @param options `reference` power of 0 dB, default 1; `floor` smallest power, default 1e-10 (-100 dB)
 */
export function powerToDecibels<T extends tf.Tensor>(
  power: T,
  { reference = 1, floor = 1e-10 }: { reference?: number; floor?: number } = {},
): T {
  checkPositive(reference, 'powerToDecibels', 'reference');
  checkPositive(floor, 'powerToDecibels', 'floor');
  return tf.tidy(() => tf.sub<T>(tf.mul(tf.log(tf.maximum(power, floor)), DECIBEL), DECIBEL * Math.log(reference)));
}

/** Decibels to power: reference 10^(decibels / 10), any shape. */
export function decibelsToPower<T extends tf.Tensor>(decibels: T, { reference = 1 }: { reference?: number } = {}): T {
  checkPositive(reference, 'decibelsToPower', 'reference');
  return tf.tidy(() => tf.mul<T>(tf.exp(tf.div(decibels, DECIBEL)), reference));
}

/** Natural-log magnitude, as images hold it, to decibels: 20 log10(e) x. */
export function logMagnitudeToDecibels<T extends tf.Tensor>(logMagnitude: T): T {
  return tf.mul(logMagnitude, 2 * DECIBEL);
}
