import { defineErrors, GansynthError } from './errors.js';
import { exactCosSin, exactLog } from './exact-math.js';
import { threefry2x32, type Words } from './threefry.js';

const define = defineErrors('common');

/** Random numbers that cannot be drawn. */
export class RandomError extends GansynthError {
  static {
    define(this, 'RandomError');
  }

  constructor(
    /** The public function: `randomStream: categorical`. */
    readonly where: string,
    message: string,
    /** What was found. */
    readonly value: unknown,
  ) {
    super(`${where}: ${message}`);
  }
}

/** Where a stream stands: plain JSON, all that is needed to go on from there. */
export interface RandomStreamState {
  /** Whole number in [0, 2^53). */
  readonly seed: number;
  readonly name: string;
  /** 64-bit blocks drawn so far. */
  readonly counter: number;
}

/**
 * A seeded sequence of random numbers. It is computed with exactly rounded operations, so it is the same, bit for bit, on every machine and
 * JavaScript engine.
 */
export interface RandomStream {
  readonly state: RandomStreamState;
  /** Independent N(0, 1). */
  normalValues(count: number): Float32Array;
  /** Uniform in [0, 1), in 2^24 steps. */
  uniformValues(count: number): Float32Array;
  /**
   * Indices drawn with probability proportional to `weights`.
   *
   * @param weights finite, not negative, not all zero (pitch counts, for example)
   */
  categorical(weights: ArrayLike<number>, count: number): Int32Array;
  /** Indices drawn uniformly from 0 ... limit - 1. */
  integers(limit: number, count: number): Int32Array;
  /** 0 ... length - 1 in random order. */
  permutation(length: number): Int32Array;
}

/**
 * Opens a stream. Streams of different names under one seed are independent; drawing from one does not move another.
 *
 * @param seed whole number in [0, 2^53)
 * @param name what the stream is for, e.g. `latents`
 * @param counter where to start: the `counter` of a saved state
 * @throws RandomError
 */
export function randomStream(seed: number, name: string, counter = 0): RandomStream {
  checkWhole('seed', seed);
  checkWhole('counter', counter);
  const key = keyOf(seed, name);
  let next = counter;

  /** Calls `use` with each of `count` fresh 64-bit blocks. */
  const blocks = (count: number, use: (low: number, high: number, index: number) => void): void => {
    for (let index = 0; index < count; index++, next++) {
      const [low, high] = threefry2x32(key, [next >>> 0, Math.floor(next / 2 ** 32)]);
      use(low, high, index);
    }
  };
  const fractions = (count: number, use: (fraction: number, index: number) => void): void =>
    blocks(count, (low, high, index) => use(((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53, index));

  const normalValues = (count: number): Float32Array => {
    checkCount('normal', count);
    const values = new Float32Array(count);
    // Box and Muller 1958, two values from one block; u in (0, 1], so the logarithm is finite.
    blocks(Math.ceil(count / 2), (low, high, index) => {
      const radius = Math.sqrt(-2 * exactLog((low + 1) / 2 ** 32));
      const [cosine, sine] = exactCosSin(high / 2 ** 32);
      values[2 * index] = radius * cosine;
      if (2 * index + 1 < count) values[2 * index + 1] = radius * sine;
    });
    return values;
  };
  const uniformValues = (count: number): Float32Array => {
    checkCount('uniform', count);
    const values = new Float32Array(count);
    blocks(Math.ceil(count / 2), (low, high, index) => {
      values[2 * index] = (low >>> 8) / 2 ** 24;
      if (2 * index + 1 < count) values[2 * index + 1] = (high >>> 8) / 2 ** 24;
    });
    return values;
  };
  const integers = (limit: number, count: number): Int32Array => {
    checkCount('integers', count);
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= 2 ** 31)) {
      throw new RandomError('randomStream: integers', `expected a limit in 1 ... 2^31, found ${limit}.`, limit);
    }
    const values = new Int32Array(count);
    fractions(count, (fraction, index) => (values[index] = Math.floor(fraction * limit)));
    return values;
  };

  return {
    get state(): RandomStreamState {
      return { seed, name, counter: next };
    },
    normalValues,
    uniformValues,
    integers,
    categorical: (weights, count) => {
      checkCount('categorical', count);
      const { upTo, total } = cumulative(weights);
      const values = new Int32Array(count);
      fractions(count, (fraction, index) => (values[index] = firstAbove(upTo, total, fraction * total)));
      return values;
    },
    permutation: (length) => {
      checkCount('permutation', length);
      const values = Int32Array.from({ length }, (_, index) => index);
      // Fisher and Yates.
      fractions(Math.max(0, length - 1), (fraction, index) => {
        const last = length - 1 - index;
        swap(values, last, Math.floor(fraction * (last + 1)));
      });
      return values;
    },
  };
}

/** Reopens a stream where it was left. */
export function randomStreamFrom(state: RandomStreamState): RandomStream {
  return randomStream(state.seed, state.name, state.counter);
}

/** Chains the cipher over the seed and the name's characters, so that every stream has a key of its own. */
function keyOf(seed: number, name: string): Words {
  let key: Words = threefry2x32([seed >>> 0, Math.floor(seed / 2 ** 32)], [name.length, 0]);
  for (let index = 0; index < name.length; index++) key = threefry2x32(key, [name.charCodeAt(index), index]);
  return key;
}

/** Sums of the weights up to and with each index. */
function cumulative(weights: ArrayLike<number>): { readonly upTo: Float64Array; readonly total: number } {
  const upTo = Float64Array.from(weights);
  let total = 0;
  for (const [index, weight] of upTo.entries()) {
    if (!(Number.isFinite(weight) && weight >= 0)) {
      throw new RandomError(
        'randomStream: categorical',
        `expected finite weights that are not negative, found ${weight} at index ${index}.`,
        weight,
      );
    }
    total += weight;
    upTo[index] = total;
  }
  if (!(total > 0 && Number.isFinite(total))) {
    throw new RandomError('randomStream: categorical', `expected weights with a positive sum, found ${total}.`, total);
  }
  return { upTo, total };
}

/** First index whose cumulative weight exceeds `value`: never one of weight zero. */
function firstAbove(upTo: Float64Array, total: number, value: number): number {
  let low = 0;
  // If rounding brings `value` up to the total, the last index of positive weight is meant.
  let high = upTo.indexOf(total);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((upTo[middle] ?? total) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function swap(values: Int32Array, a: number, b: number): void {
  const [first = 0, second = 0] = [values[a], values[b]];
  values[a] = second;
  values[b] = first;
}

function checkCount(where: string, count: number): void {
  if (!(Number.isInteger(count) && count >= 0 && count <= 2 ** 31)) {
    throw new RandomError(`randomStream: ${where}`, `expected a whole number of values in 0 ... 2^31, found ${count}.`, count);
  }
}

function checkWhole(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RandomError('randomStream', `expected ${name} to be a whole number in [0, 2^53), found ${value}.`, value);
  }
}
