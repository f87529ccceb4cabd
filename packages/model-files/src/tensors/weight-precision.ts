import { largestHalf, toHalves } from '@gansynth/common/half';
import type { io } from '@tensorflow/tfjs-core';
import { ModelFileError } from '../errors.js';
import { concatenate, elements } from './plain-tensor.js';
import type { WeightSpec } from './weight-groups.js';

/** What a weight is stored as. */
export type WeightPrecision = 'float32' | 'float16' | 'uint8';

/** What each weight is stored as. */
export type PrecisionOf = (weight: { readonly name: string; readonly shape: readonly number[] }) => WeightPrecision;

/** A weight as tfjs or this package describes it. */
export type AnyWeightSpec = io.WeightsManifestEntry | WeightSpec;

interface Stored {
  readonly bytes: Uint8Array;
  readonly quantization?:
    | { readonly dtype: 'float16' }
    | { readonly dtype: 'uint8'; readonly scale: number; readonly min: number };
}

const encoders: Record<WeightPrecision, (values: Float32Array, name: string) => Stored> = {
  float32: ({ buffer, byteOffset, byteLength }) => ({ bytes: new Uint8Array(buffer, byteOffset, byteLength) }),

  float16(values, name) {
    const large = values.find((value) => !(Math.abs(value) <= largestHalf));
    if (large !== undefined) throw unstorable(name, `weights up to ${largestHalf} to store as float16`, large);
    const halves = new Uint16Array(values.length);
    toHalves(values, 1, halves);
    return { bytes: new Uint8Array(halves.buffer), quantization: { dtype: 'float16' } };
  },

  uint8(values, name) {
    const wild = values.find((value) => !Number.isFinite(value));
    if (wild !== undefined) throw unstorable(name, 'finite weights to store as uint8', wild);
    const min = values.reduce((least, value) => Math.min(least, value), values[0] ?? 0);
    const scale = (values.reduce((most, value) => Math.max(most, value), min) - min) / 255;
    const bytes = new Uint8Array(values.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = scale === 0 ? 0 : Math.round((values[i]! - min) / scale);
    return { bytes, quantization: { dtype: 'uint8', scale, min } };
  },
};

/**
 * Weights as they are stored, in the ways that tfjs describes: 16-bit floats, or 256 even steps from a tensor's least value to its greatest.
 *
 * @param bytes of the weights, one after the other in the order of `specs`
 * @throws ModelFileError for a precision that there is not, or a weight that cannot be stored in it
 */
export function atPrecision(
  bytes: Uint8Array<ArrayBuffer>,
  specs: readonly AnyWeightSpec[],
  precision: WeightPrecision | PrecisionOf = 'float32',
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly specs: readonly AnyWeightSpec[] } {
  if (precision === 'float32') return { bytes, specs };
  const parts: Uint8Array[] = [];
  let position = 0;
  const stored = specs.map((spec) => {
    if (spec.dtype !== 'float32' || spec.quantization !== undefined)
      throw unstorable(spec.name, 'a float32 weight to store in another precision', spec.dtype);
    const wanted = typeof precision === 'function' ? precision({ name: spec.name, shape: spec.shape }) : precision;
    if (!Object.hasOwn(encoders, wanted))
      throw new ModelFileError(
        'precision',
        `expected ${precisions}, found ${JSON.stringify(wanted)}. Leave it out for float32.`,
        wanted,
      );
    const values = new Float32Array(bytes.buffer, position, elements(spec.shape));
    position += values.byteLength;
    const { bytes: part, ...how } = encoders[wanted](values, spec.name);
    parts.push(part);
    return { ...spec, ...how };
  });
  return { bytes: concatenate(parts), specs: stored };
}

const precisions = Object.keys(encoders)
  .join(', ')
  .replace(/, (?=\w+$)/, ' or ');

const unstorable = (name: string, expected: string, found: unknown): ModelFileError =>
  new ModelFileError('model.json', `expected ${expected}, found ${found} in "${name}". Store them as float32.`, found);
