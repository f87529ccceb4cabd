import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../../check-options.js';
import { randomStream } from '@gansynth/common/random';
import { decodeDoubles, encodeDoubles } from '../../numeric/base64.js';
import { ShapeError, ValueError } from '../../errors.js';
import { type KMeansOptions, kMeans } from '../../numeric/k-means/k-means.js';
import { nearestCentre } from '../../numeric/k-means/nearest.js';
import { checkFinite, type Matrix, matrixOf, type Rows, uncheckedMatrixOf } from '../../numeric/rows.js';

/** Bins of the space of features: Voronoi cells round centres. Found once on reference examples, then used for every model. */
export interface NdbBins {
  readonly k: number;
  /** Dimensions of a feature vector. */
  readonly dimensions: number;
  /** [k, dimensions] in whitened units where `whitening` is set. */
  readonly centres: Float64Array;
  /** Subtracted from and divided into features before the nearest centre is sought. */
  readonly whitening: { readonly mean: Float64Array; readonly deviation: Float64Array } | undefined;
  /** Dimensions that count for the nearest centre; all if undefined. */
  readonly subspace: Int32Array | undefined;
}

export interface NdbBinsOptions extends Omit<KMeansOptions, 'k'> {
  /** Default 50, as the GANSynth paper. */
  readonly k?: number;
  /** Divide each dimension by its deviation (plus 1e-6), after subtracting its mean. Default false, as the original library. */
  readonly whiten?: boolean;
  /**
   * Number of dimensions, drawn at random, that clustering and assignment look at. Default, as the original library: a sixth of them where there
   * are more than 1000, else all.
   */
  readonly subspace?: number;
}

/** Their names, each once. */
export const ndbBinsOptionNames: OptionNames<NdbBinsOptions> = {
  k: true,
  whiten: true,
  subspace: true,
  seed: true,
  restarts: true,
  maximumIterations: true,
  tolerance: true,
  signal: true,
  onEvent: true,
};

const SUBSPACE_FROM = 1000;
const SUBSPACE_SHARE = 6;
const WHITENING_FLOOR = 1e-6;
const WHO = 'ndb: assign';
/** Rows assigned at a time. */
const PART = 128;

/**
 * Finds the bins of NDB by k-means on reference features (GANSynth: log spectrograms), largest bin first.
 *
 * @returns bins, to be kept with `binsToJSON` and used for every model that is to be compared
 * @see Richardson and Weiss 2018, On GANs and GMMs, section 4
 */
export async function ndbBins(reference: Rows, options: NdbBinsOptions = {}): Promise<NdbBins> {
  checkOptions('ndbBins', options, ndbBinsOptionNames);
  const { k = 50, whiten = false, subspace, ...clustering } = options;
  const matrix = matrixOf(reference, 'ndbBins');
  const dimensions = matrix.columns;
  const size = subspace ?? (dimensions > SUBSPACE_FROM ? Math.floor(dimensions / SUBSPACE_SHARE) : dimensions);
  if (!Number.isInteger(size) || size < 1 || size > dimensions) {
    throw new ValueError(`ndbBins: expected subspace in [1, ${dimensions}], found ${size}.`, size);
  }
  const whitening = whiten ? whiteningOf(matrix) : undefined;
  const chosen =
    size < dimensions
      ? randomStream(clustering.seed ?? 0, 'ndb-subspace')
          .permutation(dimensions)
          .slice(0, size)
          .sort()
      : undefined;
  const seen = project(matrix, whitening, chosen);
  const { centres, assignment, counts } = await kMeans(
    { data: seen.data, shape: [seen.rows, seen.columns] },
    { k, ...clustering },
  );
  const full = chosen ? memberMeans(project(matrix, whitening, undefined), assignment, counts) : centres;
  return { k, dimensions, centres: full, whitening, subspace: chosen };
}

/** Bins with centres found elsewhere, [k, dimensions]. */
export function ndbBinsFromCentres(centres: Rows, whitening?: NdbBins['whitening']): NdbBins {
  const { data, rows, columns } = matrixOf(centres, 'ndbBinsFromCentres');
  return { k: rows, dimensions: columns, centres: Float64Array.from(data), whitening, subspace: undefined };
}

/** Mean and deviation (over n, plus 1e-6) of each dimension, as whitening uses them. */
export function ndbWhitening(reference: Rows): NonNullable<NdbBins['whitening']> {
  return whiteningOf(matrixOf(reference, 'ndbWhitening'));
}

function whiteningOf({ data, rows, columns }: Matrix): NonNullable<NdbBins['whitening']> {
  const mean = new Float64Array(columns);
  const deviation = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) mean[i % columns]! += data[i]! / rows;
  for (let i = 0; i < data.length; i++) deviation[i % columns]! += (data[i]! - mean[i % columns]!) ** 2 / rows;
  return { mean, deviation: deviation.map((variance) => Math.sqrt(variance) + WHITENING_FLOOR) };
}

function project({ data, rows, columns }: Matrix, whitening: NdbBins['whitening'], subspace: Int32Array | undefined): Matrix {
  if (!whitening && !subspace) return { data, rows, columns };
  const chosen = subspace ?? Int32Array.from({ length: columns }, (_, i) => i);
  const projected = new Float64Array(rows * chosen.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const column of chosen) {
      const value = data[row * columns + column]!;
      projected[at++] = whitening ? (value - whitening.mean[column]!) / whitening.deviation[column]! : value;
    }
  }
  return { data: projected, rows, columns: chosen.length };
}

function memberMeans({ data, rows, columns }: Matrix, assignment: Int32Array, counts: Int32Array): Float64Array {
  const means = new Float64Array(counts.length * columns);
  for (let row = 0; row < rows; row++) {
    const bin = assignment[row]!;
    for (let column = 0; column < columns; column++) {
      means[bin * columns + column]! += data[row * columns + column]! / counts[bin]!;
    }
  }
  return means;
}

/** Bin of each example. */
export function assignBins(bins: NdbBins, rows: Rows): Int32Array {
  return binAssigner(bins)(rows);
}

/** `assignBins` for one batch after the other: what depends on the bins alone is done once. */
export function binAssigner(bins: NdbBins): (rows: Rows) => Int32Array {
  const { k, dimensions, whitening, subspace } = bins;
  const { data, columns } = project({ data: bins.centres, rows: k, columns: dimensions }, undefined, subspace);
  const nearest = nearestCentre(data as Float64Array, k, columns);
  return (rows) => {
    const matrix = uncheckedMatrixOf(rows, WHO, dimensions);
    const index = new Int32Array(matrix.rows);
    // In parts that stay in the cache from the check to the assignment.
    for (let from = 0; from < matrix.rows; from += PART) {
      const to = Math.min(matrix.rows, from + PART);
      const part = {
        data: matrix.data.subarray(from * dimensions, to * dimensions),
        rows: to - from,
        columns: dimensions,
      };
      checkFinite(part, WHO, from);
      index.set(nearest(project(part, whitening, subspace)), from);
    }
    return index;
  };
}

/** Bins as plain data. */
export interface SavedNdbBins {
  readonly kind: 'ndb-bins';
  readonly k: number;
  readonly dimensions: number;
  /** Doubles in base64. */
  readonly centres: string;
  readonly whitening: { readonly mean: string; readonly deviation: string } | null;
  readonly subspace: readonly number[] | null;
}

export function binsToJSON({ k, dimensions, centres, whitening, subspace }: NdbBins): SavedNdbBins {
  return {
    kind: 'ndb-bins',
    k,
    dimensions,
    centres: encodeDoubles(centres),
    whitening: whitening ? { mean: encodeDoubles(whitening.mean), deviation: encodeDoubles(whitening.deviation) } : null,
    subspace: subspace ? Array.from(subspace) : null,
  };
}

/** @throws ValueError or ShapeError if the data are not bins, or damaged */
export function binsFromJSON(saved: SavedNdbBins): NdbBins {
  const who = 'binsFromJSON';
  if (saved?.kind !== 'ndb-bins') throw new ValueError(`${who}: expected kind ndb-bins, found ${String(saved?.kind)}.`, saved);
  const { k, dimensions, centres, whitening, subspace } = saved;
  if (subspace?.some((column) => !Number.isInteger(column) || column < 0 || column >= dimensions)) {
    throw new ShapeError(`${who}: expected a subspace of ${dimensions} dimensions. The saved state is damaged.`, subspace);
  }
  return {
    k,
    dimensions,
    centres: decodeDoubles(centres, k * dimensions, who),
    whitening: whitening
      ? { mean: decodeDoubles(whitening.mean, dimensions, who), deviation: decodeDoubles(whitening.deviation, dimensions, who) }
      : undefined,
    subspace: subspace ? Int32Array.from(subspace) : undefined,
  };
}

const hashes = new WeakMap<NdbBins, string>();

/** Short name of these very bins, so that counts in other bins are not added to or compared with them; worked out once, as bins do not change. */
export function binsHash(bins: NdbBins): string {
  const hash = hashes.get(bins) ?? hashOf(bins);
  hashes.set(bins, hash);
  return hash;
}

function hashOf(bins: NdbBins): string {
  const text = JSON.stringify(binsToJSON(bins));
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
    b ^= b >>> 13;
  }
  return [a, b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
