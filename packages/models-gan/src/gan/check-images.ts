import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from '../errors.js';

/** @throws ArgumentError if a label is no class index */
export function checkLabels(labels: Int32Array, pitches: number): void {
  const unknown = labels.find((label) => label < -1 || label >= pitches);
  if (unknown === undefined) return;
  refuse(
    `labels that are positions in the network's ${pitches} pitches (or -1 for none), found ${unknown}. Give the class index, not the MIDI pitch.`,
    unknown,
  );
}

/**
 * A critic clips images, and some backends clip NaN to a number: it would train on nonsense without a sign of it.
 *
 * @throws ArgumentError if a value is not finite
 */
export async function checkFinite(values: tf.Tensor, what: string): Promise<void> {
  const sum = tf.sum(values);
  const [total] = await sum.data();
  sum.dispose();
  if (!Number.isFinite(total)) refuse(`finite values in all ${what}, found ${total} as their sum.`, total);
}

/** @throws ArgumentError */
export function refuse(expected: string, value: unknown): never {
  throw new ArgumentError('image source', `expected ${expected}`, value);
}
