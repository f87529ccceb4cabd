import { createTiles, padded, PANEL, type Tiles } from './tiles.js';

/** Rows a product takes in; no power of two, or the panels of a row would fall on the same few lines of a cache. */
const CHUNK = 250;

/** Count, mean and scatter matrix of rows that come piece by piece. */
export interface Scatter {
  readonly dimension: number;
  readonly count: number;
  /** Takes one row of `source`, which starts at `offset`. */
  add(source: Float32Array | Float64Array, offset: number): void;
  /** Takes the moments of other rows. */
  addMoments(moments: Moments): void;
  moments(): Moments;
}

export interface Moments {
  readonly count: number;
  readonly mean: Float64Array;
  /** Sum of (x - mean)(x - mean)^T, symmetric, row-major. */
  readonly scatter: Float64Array;
}

/** Moments of two disjoint sets of rows together (Chan, Golub and LeVeque 1979). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const dimension = a.mean.length;
  const count = a.count + b.count;
  const difference = a.mean.map((value, i) => b.mean[i]! - value);
  const weight = (a.count * b.count) / count;
  const scatter = new Float64Array(dimension * dimension);
  for (let i = 0, at = 0; i < dimension; i++) {
    const d = weight * difference[i]!;
    for (let j = 0; j < dimension; j++, at++) {
      scatter[at] = a.scatter[at]! + b.scatter[at]! + d * difference[j]!;
    }
  }
  return { count, mean: a.mean.map((value, i) => value + (difference[i]! * b.count) / count), scatter };
}

export const noMoments = (dimension: number): Moments => ({
  count: 0,
  mean: new Float64Array(dimension),
  scatter: new Float64Array(dimension * dimension),
});

/**
 * Rows are packed as they come and enter as one matrix product per chunk, relative to the first row: far from zero the difference of large sums
 * would lose the small variances.
 */
export function createScatter(dimension: number, simd = true): Scatter {
  const width = padded(dimension);
  // Layout: [scatter][one chunk packed][one row][shift][sums of rows less the shift]
  const chunkAt = width * width;
  const rowAt = chunkAt + CHUNK * width;
  const shiftAt = rowAt + width;
  const sumsAt = shiftAt + width;
  let tiles: Tiles | undefined;
  let view: Float64Array = new Float64Array(0);
  let merged = noMoments(dimension);
  let taken = 0;
  let waiting = 0;

  const flush = (): void => {
    if (waiting === 0 || !tiles) return;
    if (waiting < CHUNK) {
      // What is left in the buffer of the chunk before must not count again.
      for (let at = chunkAt; at < chunkAt + CHUNK * width; at += CHUNK * PANEL)
        view.fill(0, at + waiting * PANEL, at + CHUNK * PANEL);
    }
    tiles.multiply(chunkAt, chunkAt, 0, width / PANEL, width / PANEL, CHUNK, width, { upper: true });
    taken += waiting;
    waiting = 0;
  };
  const own = (): Moments => {
    flush();
    if (taken === 0) return noMoments(dimension);
    const offset = view.slice(sumsAt, sumsAt + dimension).map((value) => value / taken);
    const scatter = new Float64Array(dimension * dimension);
    for (let i = 0; i < dimension; i++) {
      const d = taken * offset[i]!;
      for (let j = i; j < dimension; j++) {
        const value = view[i * width + j]! - d * offset[j]!;
        scatter[i * dimension + j] = value;
        scatter[j * dimension + i] = value;
      }
    }
    return { count: taken, mean: offset.map((value, i) => value + view[shiftAt + i]!), scatter };
  };
  return {
    dimension,
    get count() {
      return merged.count + taken + waiting;
    },
    add(source, offset) {
      const row = source.subarray(offset, offset + dimension);
      if (!tiles) {
        tiles = createTiles(sumsAt + width, simd);
        view = tiles.view();
        view.set(row, shiftAt);
      }
      view.set(row, rowAt);
      tiles.spread(rowAt, shiftAt, sumsAt, chunkAt + waiting * PANEL, width, CHUNK * PANEL);
      if (++waiting === CHUNK) flush();
    },
    addMoments(moments) {
      merged = mergeMoments(merged, moments);
    },
    moments: () => mergeMoments(merged, own()),
  };
}
