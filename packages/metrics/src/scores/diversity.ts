import { checkOptions } from '../check-options.js';
import { type Accumulator, type AccumulatorState, mergeable } from './accumulator.js';
import { decodeDoubles, encodeDoubles } from '../numeric/base64.js';
import { ShapeError, TooFewExamplesError } from '../errors.js';
import { matrixOf, type Rows } from '../numeric/rows.js';

export interface DiversityBatch {
  /** Features or log spectrograms, [n, dimensions]. */
  readonly features: Rows;
  /** Pitch that each was asked to have, length n. */
  readonly pitches: ArrayLike<number>;
}

export interface Diversity {
  /** Root mean square distance between two notes of one pitch, averaged over pitches (of the squares). 0: every latent gives the same note. */
  readonly distance: number;
  readonly byPitch: readonly { readonly pitch: number; readonly count: number; readonly distance: number }[];
  /** Notes of pitches that have at least two. */
  readonly count: number;
}

interface Spread {
  count: number;
  mean: Float64Array;
  /** Sum of squared distances from the mean. */
  squares: number;
}

const KIND = 'diversity';

function add(a: Spread | undefined, b: Spread): Spread {
  if (!a) return b;
  const count = a.count + b.count;
  const difference = a.mean.map((value, i) => b.mean[i]! - value);
  const between = difference.reduce((sum, d) => sum + d * d, 0);
  return {
    count,
    mean: a.mean.map((value, i) => value + (difference[i]! * b.count) / count),
    squares: a.squares + b.squares + (between * a.count * b.count) / count,
  };
}

/**
 * How different the notes are that different latents give at one pitch: the mean squared distance of all pairs, which follows from mean and
 * spread. Put it beside the same number of real notes: a generator that always plays the same instrument has less.
 */
export function diversity(
  options: { readonly dimensions: number },
  state?: AccumulatorState,
): Accumulator<DiversityBatch, Diversity> {
  checkOptions(KIND, options, { dimensions: true });
  const { dimensions } = options;
  const settings = { dimensions };
  const spreads = new Map<number, Spread>();
  const take = (other: AccumulatorState): void => {
    for (const saved of other.sums['pitches'] as { pitch: number; count: number; mean: string; squares: number }[]) {
      const { pitch, count, mean, squares } = saved;
      spreads.set(pitch, add(spreads.get(pitch), { count, mean: decodeDoubles(mean, dimensions, KIND), squares }));
    }
  };
  if (state) take(mergeable(state, KIND, settings));
  return {
    update({ features, pitches }) {
      const { data, rows, columns } = matrixOf(features, `${KIND}: update`, dimensions);
      if (pitches.length !== rows) {
        throw new ShapeError(`${KIND}: update: expected one pitch for each of ${rows} examples, found ${pitches.length}.`, [
          pitches.length,
        ]);
      }
      for (let row = 0; row < rows; row++) {
        const mean = Float64Array.from(data.subarray(row * columns, (row + 1) * columns));
        const pitch = pitches[row]!;
        spreads.set(pitch, add(spreads.get(pitch), { count: 1, mean, squares: 0 }));
      }
    },
    merge(other) {
      take(mergeable(other, KIND, settings));
    },
    compute() {
      const used = [...spreads].filter(([, { count }]) => count >= 2).sort(([a], [b]) => a - b);
      if (used.length === 0) {
        throw new TooFewExamplesError(
          `${KIND}: expected at least 2 notes of one pitch, found at most 1.`,
          Math.min(1, spreads.size),
          2,
        );
      }
      // Mean over pairs of |a - b|^2 is twice the unbiased variance.
      const squares = used.map(([, spread]) => (2 * spread.squares) / (spread.count - 1));
      return {
        distance: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length),
        byPitch: used.map(([pitch, { count }], i) => ({ pitch, count, distance: Math.sqrt(squares[i]!) })),
        count: used.reduce((sum, [, { count }]) => sum + count, 0),
      };
    },
    toJSON: () => ({
      kind: KIND,
      settings,
      sums: {
        pitches: [...spreads]
          .sort(([a], [b]) => a - b)
          .map(([pitch, { count, mean, squares }]) => ({ pitch, count, mean: encodeDoubles(mean), squares })),
      },
    }),
  };
}
