import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { type Accumulator, type AccumulatorState, mergeable } from './accumulator.js';
import { checkedNumber } from '../note/audio.js';
import { decodeDoubles, encodeDoubles } from '../numeric/base64.js';
import { TooFewExamplesError } from '../errors.js';
import { symmetricEigenvalues } from '../numeric/linear/eigenvalues.js';
import { createScatter, mergeMoments, type Moments, noMoments, type Scatter } from '../numeric/linear/scatter.js';
import { congruent, pivotedCholesky } from '../numeric/linear/symmetric.js';
import { createTiles, type Tiles } from '../numeric/linear/tiles.js';
import { halfOfRow } from '../numeric/row-hash.js';
import { type Matrix, matrixOf, type Rows } from '../numeric/rows.js';

export interface FrechetBatch {
  /** Features of reference examples, [n, dimensions]. */
  readonly reference?: Rows;
  /** Features of the examples to score, [m, dimensions]. */
  readonly generated?: Rows;
}

export interface FrechetDistanceOptions {
  /** Length of a feature vector. */
  readonly dimensions: number;
  /** Whether `compute` estimates the bias, which takes two more distances. Default true. */
  readonly bias?: boolean;
}

/** Their names, each once. */
export const frechetDistanceOptionNames: OptionNames<FrechetDistanceOptions> = { dimensions: true, bias: true };

export interface FrechetDistance {
  /** |mean difference|^2 + tr(S1) + tr(S2) - 2 tr sqrt(S1 S2), at least 0. */
  readonly distance: number;
  /** The first of these terms: how far the means are apart. */
  readonly meanTerm: number;
  /** The rest: how much the covariances differ. */
  readonly covarianceTerm: number;
  /**
   * By how much `distance` is likely too large because the sets are finite: the mean distance of two halves of the sets, less `distance`.
   * Exact if the excess goes as 1/n. Compare distances of equal set sizes, or `distance - bias`. `null` where it was not asked for or a half has fewer than 2 examples.
   */
  readonly bias: number | null;
  readonly referenceCount: number;
  readonly generatedCount: number;
  readonly dimensions: number;
}

/** Fréchet distance of two Gaussians with these moments; covariances are unbiased (divided by n - 1). */
function betweenMoments(a: Moments, b: Moments, tiles: Tiles): { meanTerm: number; covarianceTerm: number } {
  const dimension = a.mean.length;
  let meanTerm = 0;
  let traces = 0;
  for (let i = 0, corner = 0; i < dimension; i++, corner += dimension + 1) {
    meanTerm += (a.mean[i]! - b.mean[i]!) ** 2;
    traces += a.scatter[corner]! / (a.count - 1) + b.scatter[corner]! / (b.count - 1);
  }
  // With S1 = P^T R^T R P the product S1 S2 has the eigenvalues of the symmetric R P S2 P^T R^T (and zeros), also where S1 has no inverse.
  const cholesky = pivotedCholesky(a.scatter, dimension, tiles);
  const { matrix, stride } = congruent(cholesky, b.scatter, tiles);
  const eigenvalues = symmetricEigenvalues(matrix, cholesky.rank, { stride });
  const root = eigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  const degrees = Math.sqrt((a.count - 1) * (b.count - 1));
  return { meanTerm, covarianceTerm: Math.max(0, traces - (2 * root) / degrees) };
}

const KIND = 'frechetDistance';
const SIDES = ['reference', 'generated'] as const;

/**
 * Fréchet distance between two sets of features (FID when they come from an image classifier, FAD from an audio one): how far apart the
 * Gaussians with their means and covariances are. Double precision; covariances unbiased; defined when there are fewer examples than
 * dimensions. All examples count: the original evaluation let only the first 128 of each set in by mistake.
 *
 * `update` takes either side or both. Halves for the bias are told apart by the examples' content, so order and sharding change nothing.
 *
 * @throws TooFewExamplesError from `compute` with fewer than 2 examples on a side
 * @see Heusel et al. 2017; Chong and Forsyth 2020 for the bias
 */
export function frechetDistance(
  options: FrechetDistanceOptions,
  state?: AccumulatorState,
): Accumulator<FrechetBatch, FrechetDistance> {
  checkOptions('frechetDistance', options, frechetDistanceOptionNames);
  const { dimensions, bias = true } = options;
  checkedNumber(dimensions, 1, 1e5, KIND, 'dimensions');
  const settings = { dimensions };
  // [side][half]
  const scatters: Scatter[][] = SIDES.map(() => [createScatter(dimensions), createScatter(dimensions)]);
  const take = (other: AccumulatorState): void => {
    for (const [side, halves] of scatters.entries()) {
      for (const [half, scatter] of halves.entries()) {
        scatter.addMoments(decodeMoments(other.sums[`${SIDES[side]}${half}`], dimensions));
      }
    }
  };
  if (state) take(mergeable(state, KIND, settings));

  return {
    update({ reference, generated }) {
      const matrices = [reference, generated].map((rows) => rows && matrixOf(rows, `${KIND}: update`, dimensions));
      for (const [side, matrix] of matrices.entries()) if (matrix) addRows(matrix, scatters[side]!);
    },
    merge(other) {
      take(mergeable(other, KIND, settings));
    },
    compute() {
      const [reference, generated] = scatters.map((halves) => halves.map((half) => half.moments())) as [Moments[], Moments[]];
      const [wholeReference, wholeGenerated] = [reference, generated].map((halves) => mergeMoments(halves[0]!, halves[1]!)) as [
        Moments,
        Moments,
      ];
      for (const [i, { count }] of [wholeReference, wholeGenerated].entries()) {
        if (count < 2) {
          throw new TooFewExamplesError(
            `${KIND}: expected at least 2 ${SIDES[i]} examples, found ${count}. A covariance needs two; a useful one more than ${dimensions}.`,
            count,
            2,
          );
        }
      }
      const tiles = createTiles(0);
      const { meanTerm, covarianceTerm } = betweenMoments(wholeReference, wholeGenerated, tiles);
      const distance = meanTerm + covarianceTerm;
      const enough = bias && [...reference, ...generated].every(({ count }) => count >= 2);
      const halves = enough ? [0, 1].map((i) => betweenMoments(reference[i]!, generated[i]!, tiles)) : [];
      const ofHalves = halves.reduce((sum, half) => sum + (half.meanTerm + half.covarianceTerm) / 2, 0);
      return {
        distance,
        meanTerm,
        covarianceTerm,
        bias: enough ? ofHalves - distance : null,
        referenceCount: wholeReference.count,
        generatedCount: wholeGenerated.count,
        dimensions,
      };
    },
    toJSON: () => ({
      kind: KIND,
      settings,
      sums: Object.fromEntries(
        scatters.flatMap((halves, side) =>
          halves.map((scatter, half) => [`${SIDES[side]}${half}`, encodeMoments(scatter.moments())]),
        ),
      ),
    }),
  };
}

function addRows({ data, rows, columns }: Matrix, halves: Scatter[]): void {
  for (let row = 0; row < rows; row++) halves[halfOfRow(data, row * columns, columns)]?.add(data, row * columns);
}

function encodeMoments({ count, mean, scatter }: Moments): unknown {
  return { count, mean: encodeDoubles(mean), scatter: encodeDoubles(scatter) };
}

function decodeMoments(saved: unknown, dimensions: number): Moments {
  const { count, mean, scatter } = saved as { count: number; mean: string; scatter: string };
  if (count === 0) return noMoments(dimensions);
  return {
    count,
    mean: decodeDoubles(mean, dimensions, KIND),
    scatter: decodeDoubles(scatter, dimensions * dimensions, KIND),
  };
}
