import { checkOptions } from '../check-options.js';
import { type Accumulator, type AccumulatorState, mergeable } from './accumulator.js';
import { ShapeError, TooFewExamplesError } from '../errors.js';
import { hashRow } from '../numeric/row-hash.js';
import { rowProducts } from '../numeric/k-means/row-products.js';
import { matrixOf, type Rows } from '../numeric/rows.js';

export interface TrainingNotes {
  /** Features or log spectrograms of training notes, [n, dimensions]. */
  readonly features: Rows;
  /** Their names, length n. */
  readonly ids: readonly string[];
}

/** The training note nearest to one note. */
export interface NearestNote {
  readonly id: string;
  /** Euclidean distance of the features; 0 for a copy. */
  readonly distance: number;
}

const KIND = 'nearestNotes';

/**
 * Finds, for each of some notes, the training note nearest to it; the training notes come piece by piece. Of equally near ones the first name in
 * alphabetical order.
 *
 * @param options.notes features of the notes in question, [m, dimensions]
 */
export function nearestNotes(
  options: { readonly notes: Rows },
  state?: AccumulatorState,
): Accumulator<TrainingNotes, readonly NearestNote[]> {
  checkOptions(KIND, options, { notes: true });
  const { data, rows: count, columns } = matrixOf(options.notes, KIND);
  const queries = Float64Array.from(data);
  const settings = {
    notes: count,
    dimensions: columns,
    hash: Array.from({ length: count }, (_, i) => hashRow(data, i * columns, columns)).reduce(
      (sum, h) => (Math.imul(sum, 31) + h) >>> 0,
      0,
    ),
  };
  const best: (NearestNote | undefined)[] = Array.from({ length: count });
  const offer = (i: number, candidate: NearestNote): void => {
    const old = best[i];
    if (!old || candidate.distance < old.distance || (candidate.distance === old.distance && candidate.id < old.id))
      best[i] = candidate;
  };
  const take = (other: AccumulatorState): void => {
    for (const [i, nearest] of (other.sums['nearest'] as (NearestNote | null)[]).entries()) if (nearest) offer(i, nearest);
  };
  if (state) take(mergeable(state, KIND, settings));
  return {
    update({ features, ids }) {
      const training = matrixOf(features, `${KIND}: update`, columns);
      if (ids.length !== training.rows) {
        throw new ShapeError(`${KIND}: update: expected one id for each of ${training.rows} notes, found ${ids.length}.`, [
          ids.length,
        ]);
      }
      const products = rowProducts(training, { keep: false });
      const shifted = queries.map((value, i) => value - products.shift[i % columns]!);
      const nearest = new Int32Array(count).fill(-1);
      const least = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
      products.forEach(shifted, count, undefined, (row, product, at) => {
        for (let i = 0; i < count; i++) {
          const value = products.squares[row]! - 2 * product[at + i]!;
          const best = least[i]!;
          if (value < best || (value === best && ids[row]! < ids[nearest[i]!]!)) {
            least[i] = value;
            nearest[i] = row;
          }
        }
      });
      for (let i = 0; i < count && training.rows > 0; i++) {
        const row = nearest[i]!;
        // Written out, so that a copy is at distance 0 and not at the rounding of a difference of large numbers.
        let square = 0;
        for (let j = 0; j < columns; j++) square += (training.data[row * columns + j]! - queries[i * columns + j]!) ** 2;
        offer(i, { id: ids[row]!, distance: Math.sqrt(square) });
      }
    },
    merge(other) {
      take(mergeable(other, KIND, settings));
    },
    compute() {
      if (best.some((nearest) => nearest === undefined)) {
        throw new TooFewExamplesError(`${KIND}: expected at least 1 training note, found none. Call update first.`, 0, 1);
      }
      return best.map((nearest) => nearest!);
    },
    toJSON: () => ({ kind: KIND, settings, sums: { nearest: best.map((nearest) => nearest ?? null) } }),
  };
}

export interface Memorisation {
  /** Median distance of generated notes from their nearest training note, and of real notes that were held out. */
  readonly generatedMedian: number;
  readonly heldOutMedian: number;
  /**
   * Share of generated notes nearer to a training note than all but 1 % of the held-out notes are. About 0.01 is what fresh real notes have; much
   * more is copying.
   */
  readonly suspiciousShare: number;
  /** Distance below which a note is suspicious. */
  readonly threshold: number;
}

/**
 * Whether a generator copies its training notes: compares how near its notes come to them with how near unseen real notes come.
 *
 * @throws TooFewExamplesError with no generated or fewer than 20 held-out notes
 */
export function memorisation(generated: readonly NearestNote[], heldOut: readonly NearestNote[]): Memorisation {
  if (generated.length === 0 || heldOut.length < 20) {
    throw new TooFewExamplesError(
      `memorisation: expected generated notes and at least 20 held-out ones, found ${generated.length} and ${heldOut.length}.`,
      Math.min(generated.length, heldOut.length),
      20,
    );
  }
  const [mine, real] = [generated, heldOut].map((notes) => notes.map(({ distance }) => distance).sort((a, b) => a - b)) as [
    number[],
    number[],
  ];
  const threshold = real[Math.floor(real.length / 100)]!;
  return {
    generatedMedian: mine[mine.length >> 1]!,
    heldOutMedian: real[real.length >> 1]!,
    suspiciousShare: mine.filter((distance) => distance < threshold).length / mine.length,
    threshold,
  };
}
