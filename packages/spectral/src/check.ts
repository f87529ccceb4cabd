import type { Tensor } from '@tensorflow/tfjs-core';
import { NonFiniteError, OptionError, ShapeError } from './errors.js';

const list = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;

/**
 * Checks the shape of a tensor against axis names and sizes, and that it holds float32.
 *
 * @param what public name for the message, e.g. `stft: audio`
 * @param axes one entry per axis: a size that must be met, or a name where any size will do
 * @param cure what to do about a wrong rank
 */
export function checkTensor(tensor: Tensor, what: string, axes: readonly (number | string)[], cure = ''): void {
  const shape = (tensor as Partial<Tensor> | null | undefined)?.shape;
  if (!Array.isArray(shape)) {
    throw new ShapeError(`${what}: expected a tensor ${list(axes)}, found ${tensor === null ? 'null' : typeof tensor}.`, []);
  }
  const hint = cure === '' ? '' : ` ${cure}`;
  if (shape.length !== axes.length) {
    const expected = `expected rank ${axes.length} ${list(axes)}`;
    throw new ShapeError(`${what}: ${expected}, found rank ${shape.length} ${list(shape)}.${hint}`, shape);
  }
  if (axes.some((size, axis) => typeof size === 'number' && size !== shape[axis])) {
    throw new ShapeError(`${what}: expected ${list(axes)}, found ${list(shape)}.${hint}`, shape);
  }
  if (tensor.dtype !== 'float32') {
    throw new ShapeError(`${what}: expected float32, found ${tensor.dtype}. Cast it: tf.cast(x, 'float32')`, shape);
  }
}

/** Throws {@link NonFiniteError} at the first NaN or infinity. */
export function checkFinite(values: ArrayLike<number>, what: string, cure: string): void {
  let probe = 0;
  for (let i = 0; i < values.length; i++) probe += values[i]! * 0;
  if (probe === 0) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value))
      throw new NonFiniteError(`${what}: expected finite numbers, found ${value} at index ${i}. ${cure}`, value, i);
  }
}

/** A whole number of at least `least` and at most `most`, or an {@link OptionError}. */
export function checkCount(
  value: number,
  what: string,
  option: string,
  least = 1,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new OptionError(`${what}: expected ${option} to be a whole number ${range}, found ${value}.`, option, value);
  }
  return value;
}

export const isPowerOfTwo = (value: number): boolean =>
  Number.isInteger(value) && value > 0 && Number.isInteger(Math.log2(value));

/** A finite number above 0 and up to `most`, or an {@link OptionError}. */
export function checkPositive(value: number, what: string, option: string, most: number = Number.MAX_VALUE): number {
  if (!(value > 0 && value <= most)) {
    const range = most === Number.MAX_VALUE ? 'above 0' : `above 0, at most ${most}`;
    throw new OptionError(`${what}: expected ${option} ${range}, found ${value}.`, option, value);
  }
  return value;
}
