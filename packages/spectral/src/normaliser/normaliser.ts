import * as tf from '@tensorflow/tfjs-core';
import { checkTensor } from '../check.js';
import { OptionError } from '../errors.js';

/** How the constants came about: nothing to do, the original's, or measured per channel or per frequency row and channel. */
export type NormaliserKind = 'none' | 'gansynth' | 'channel' | 'frequency';

export const normaliserKinds: readonly NormaliserKind[] = ['none', 'gansynth', 'channel', 'frequency'];

/** A normaliser in a file: y = clip(scale x + offset, -1, 1), both of shape [1 or bins][channels]. */
export interface NormaliserJSON {
  readonly kind: NormaliserKind;
  readonly scale: readonly (readonly number[])[];
  readonly offset: readonly (readonly number[])[];
}

/** Brings images to the range networks like, and back. */
export interface Normaliser extends NormaliserJSON {
  /**
   * clip(scale x + offset, -1, 1), differentiable; kind `none` returns the image as it is, unclipped.
   *
   * @param image [batch, frames, bins, channels]
   */
  normalise(image: tf.Tensor4D): tf.Tensor4D;
  /**
   * (y - offset) / scale, differentiable; exact inverse of `normalise` where nothing was clipped.
   *
   * @param image [batch, frames, bins, channels]
   */
  denormalise(image: tf.Tensor4D): tf.Tensor4D;
  toJSON(): NormaliserJSON;
}

/**
 * Rebuilds a normaliser from its JSON, and refuses one that could not be undone.
 *
 * @throws OptionError unless scale and offset are equally shaped tables of finite numbers without a zero scale
 */
export function normaliserFromJSON({ kind, scale, offset }: NormaliserJSON): Normaliser {
  if (!normaliserKinds.includes(kind)) {
    throw new OptionError(`normaliser: expected kind to be one of ${normaliserKinds.join(', ')}, found ${kind}.`, 'kind', kind);
  }
  const [rows, channels] = checkTables(scale, offset);
  const json: NormaliserJSON = { kind, scale: scale.map((row) => [...row]), offset: offset.map((row) => [...row]) };
  const table = (values: readonly (readonly number[])[]): tf.Tensor4D => tf.tensor4d(values.flat(), [1, 1, rows, channels]);
  const check = (image: tf.Tensor4D, what: string): void =>
    checkTensor(image, `normaliser: ${what}`, ['batch', 'frames', rows === 1 ? 'bins' : rows, channels]);
  return Object.freeze({
    ...json,
    normalise(image: tf.Tensor4D): tf.Tensor4D {
      check(image, 'normalise');
      if (kind === 'none' || image.size === 0) return tf.clone(image);
      return tf.tidy(() => tf.clipByValue(tf.add<tf.Tensor4D>(tf.mul(image, table(scale)), table(offset)), -1, 1));
    },
    denormalise(image: tf.Tensor4D): tf.Tensor4D {
      check(image, 'denormalise');
      if (kind === 'none' || image.size === 0) return tf.clone(image);
      return tf.tidy(() => tf.div<tf.Tensor4D>(tf.sub(image, table(offset)), table(scale)));
    },
    toJSON: () => ({ kind, scale: json.scale.map((row) => [...row]), offset: json.offset.map((row) => [...row]) }),
  });
}

function checkTables(scale: NormaliserJSON['scale'], offset: NormaliserJSON['offset']): [rows: number, channels: number] {
  for (const [name, table] of Object.entries({ scale, offset })) {
    const regular =
      Array.isArray(table) && table.length > 0 && table.every((row) => Array.isArray(row) && row.length === table[0]?.length);
    const finite = regular && table.flat().every((value) => Number.isFinite(value) && (name === 'offset' || value !== 0));
    if (!finite || table[0]?.length === 0) {
      const wanted = `a table [1 or bins][channels] of finite numbers${name === 'scale' ? ' other than 0' : ''}`;
      throw new OptionError(
        `normaliser: expected ${name} to be ${wanted}, found ${JSON.stringify(table)?.slice(0, 80)}.`,
        name,
        table,
      );
    }
  }
  const [rows, channels] = [scale.length, scale[0]!.length];
  if (offset.length !== rows || offset[0]?.length !== channels) {
    const found = `[${offset.length}][${offset[0]?.length}]`;
    throw new OptionError(
      `normaliser: expected offset of scale's shape [${rows}][${channels}], found ${found}.`,
      'offset',
      offset,
    );
  }
  return [rows, channels];
}
