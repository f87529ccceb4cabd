import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { type Accumulator, type AccumulatorState, mergeable } from './accumulator.js';
import { checkedNumber } from '../note/audio.js';
import { TooFewExamplesError } from '../errors.js';
import { rowProducts } from '../numeric/k-means/row-products.js';
import { RowSketch } from '../numeric/row-sketch.js';
import { type Matrix, matrixOf, type Rows } from '../numeric/rows.js';

export interface KernelDistanceOptions {
  /** Length of a feature vector. */
  readonly dimensions: number;
  /**
   * Examples a side that enter, at most; of more, a random choice that neither order nor sharding changes. Default 2000 (time and variance go with
   * its square).
   */
  readonly maximumExamples?: number;
  /** Of that choice. Default 0. */
  readonly seed?: number;
}

/** Their names, each once. */
export const kernelDistanceOptionNames: OptionNames<KernelDistanceOptions> = {
  dimensions: true,
  maximumExamples: true,
  seed: true,
};

export interface KernelDistanceBatch {
  /** Features of reference examples, [n, dimensions]. */
  readonly reference?: Rows;
  /** Features of the examples to score, [m, dimensions]. */
  readonly generated?: Rows;
}

export interface KernelDistance {
  /** Squared maximum mean discrepancy, unbiased: around 0, also below it, for samples of one distribution. */
  readonly distance: number;
  /** Standard error, by leaving out each example in turn. */
  readonly standardError: number;
  /** 95 %: distance -+ 1.96 standard errors. */
  readonly confidenceInterval: readonly [low: number, high: number];
  /** Examples that were seen and that entered. */
  readonly referenceCount: number;
  readonly generatedCount: number;
  readonly referenceUsed: number;
  readonly generatedUsed: number;
}

const KIND = 'kernelDistance';
const Z95 = 1.959963984540054;

/** Row sums of the kernel (x.y / dimensions + 1)^3 between two sets. */
function kernelSums(a: Matrix, b: Matrix): { readonly ofRows: Float64Array; readonly ofColumns: Float64Array } {
  const ofRows = new Float64Array(a.rows);
  const ofColumns = new Float64Array(b.rows);
  rowProducts(a, { shift: new Float64Array(a.columns), keep: false }).forEach(
    b.data as Float64Array,
    b.rows,
    undefined,
    (row, products, at) => {
      let sum = 0;
      for (let j = 0; j < b.rows; j++) {
        const base = products[at + j]! / a.columns + 1;
        const value = base * base * base;
        sum += value;
        ofColumns[j]! += value;
      }
      ofRows[row] = sum;
    },
  );
  return { ofRows, ofColumns };
}

/** Row sums within one set, without each row's product with itself. */
function ownSums(matrix: Matrix): Float64Array {
  const { ofRows } = kernelSums(matrix, matrix);
  const { data, columns } = matrix;
  return ofRows.map((sum, row) => {
    let square = 0;
    for (let j = row * columns; j < (row + 1) * columns; j++) square += data[j]! ** 2;
    return sum - (square / columns + 1) ** 3;
  });
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/**
 * Kernel distance (KID when the features are an image classifier's): squared maximum mean discrepancy under the kernel (x.y / d + 1)^3. Unlike the
 * Fréchet distance it is unbiased at every number of examples and assumes no Gaussian.
 *
 * @throws TooFewExamplesError from `compute` with fewer than 3 examples on a side
 * @see Binkowski et al. 2018, Demystifying MMD GANs
 */
export function kernelDistance(
  options: KernelDistanceOptions,
  state?: AccumulatorState,
): Accumulator<KernelDistanceBatch, KernelDistance> {
  checkOptions('kernelDistance', options, kernelDistanceOptionNames);
  const { dimensions, maximumExamples = 2000, seed = 0 } = options;
  checkedNumber(dimensions, 1, 1e7, KIND, 'dimensions');
  checkedNumber(maximumExamples, 3, 1e6, KIND, 'maximumExamples');
  const settings = { dimensions, maximumExamples, seed };
  const [reference, generated] = [0, 1].map(() => new RowSketch(dimensions, maximumExamples, seed)) as [RowSketch, RowSketch];
  const take = (other: AccumulatorState): void => {
    reference.addSaved(other.sums['reference'], KIND);
    generated.addSaved(other.sums['generated'], KIND);
  };
  if (state) take(mergeable(state, KIND, settings));
  return {
    update(batch) {
      const matrices = [batch.reference, batch.generated].map((rows) => rows && matrixOf(rows, `${KIND}: update`, dimensions));
      if (matrices[0]) reference.add(matrices[0]);
      if (matrices[1]) generated.add(matrices[1]);
    },
    merge(other) {
      take(mergeable(other, KIND, settings));
    },
    compute() {
      const [x, y] = [reference.matrix(), generated.matrix()];
      if (Math.min(x.rows, y.rows) < 3) {
        throw new TooFewExamplesError(
          `${KIND}: expected at least 3 reference and 3 generated examples, found ${x.rows} and ${y.rows}.`,
          Math.min(x.rows, y.rows),
          3,
        );
      }
      const [m, n] = [x.rows, y.rows];
      const [ownX, ownY] = [ownSums(x), ownSums(y)];
      const { ofRows, ofColumns } = kernelSums(x, y);
      const [sumX, sumY, sumXY] = [total(ownX), total(ownY), total(ofRows)];
      const distance = sumX / (m * (m - 1)) + sumY / (n * (n - 1)) - (2 * sumXY) / (m * n);
      // What the distance is without example i of x, then of y.
      const withoutX = ownX.map(
        (own, i) => (sumX - 2 * own) / ((m - 1) * (m - 2)) + sumY / (n * (n - 1)) - (2 * (sumXY - ofRows[i]!)) / ((m - 1) * n),
      );
      const withoutY = ownY.map(
        (own, j) => sumX / (m * (m - 1)) + (sumY - 2 * own) / ((n - 1) * (n - 2)) - (2 * (sumXY - ofColumns[j]!)) / (m * (n - 1)),
      );
      const standardError = Math.sqrt(jackknife(withoutX) + jackknife(withoutY));
      return {
        distance,
        standardError,
        confidenceInterval: [distance - Z95 * standardError, distance + Z95 * standardError],
        referenceCount: reference.count,
        generatedCount: generated.count,
        referenceUsed: m,
        generatedUsed: n,
      };
    },
    toJSON: () => ({ kind: KIND, settings, sums: { reference: reference.toJSON(), generated: generated.toJSON() } }),
  };
}

function jackknife(values: Float64Array): number {
  const mean = total(values) / values.length;
  return ((values.length - 1) / values.length) * values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
