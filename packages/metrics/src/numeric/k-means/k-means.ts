import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../../check-options.js';
import { randomStream } from '@gansynth/common/random';
import { checkedNumber } from '../../note/audio.js';
import { TooFewExamplesError } from '../../errors.js';
import { breathe } from '@gansynth/common/breathe';
import { matrixOf, type Rows } from '../rows.js';
import { Lloyd } from './lloyd.js';
import { rowProducts } from './row-products.js';
import { seedCentres } from './seeding.js';

export interface KMeansOptions {
  /** Number of clusters. */
  readonly k: number;
  /** Default 0. */
  readonly seed?: number;
  /** Runs from different starts, of which the best is kept. Default 10. */
  readonly restarts?: number;
  /** Default 100. */
  readonly maximumIterations?: number;
  /** A run ends when the centres' squared movement is below this share of the mean variance of a dimension. Default 1e-4. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: KMeansEvent) => void;
}

/** Their names, each once. */
export const kMeansOptionNames: OptionNames<KMeansOptions> = {
  k: true,
  seed: true,
  restarts: true,
  maximumIterations: true,
  tolerance: true,
  signal: true,
  onEvent: true,
};

/** A run has ended. */
export interface KMeansEvent {
  readonly kind: 'run';
  readonly run: number;
  readonly restarts: number;
  readonly objective: number;
  readonly iterations: number;
}

export interface KMeans {
  /** [k, dimensions], row-major; largest cluster first. */
  readonly centres: Float64Array;
  readonly dimensions: number;
  /** Cluster of each row. */
  readonly assignment: Int32Array;
  /** Rows of each cluster, descending. */
  readonly counts: Int32Array;
  /** Sum of squared distances of the rows from their centres: what is minimised. */
  readonly objective: number;
  /** Iterations of the run that was kept, and whether it had converged. */
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * k-means in double precision with seeded, greedy k-means++ starts. The same rows and seed give the same clusters on every machine.
 *
 * @throws TooFewExamplesError with fewer rows than clusters
 */
export async function kMeans(rows: Rows, options: KMeansOptions): Promise<KMeans> {
  checkOptions('kMeans', options, kMeansOptionNames);
  const { k, seed = 0, restarts = 10, maximumIterations = 100, tolerance = 1e-4, signal, onEvent } = options;
  const matrix = matrixOf(rows, 'kMeans');
  checkedNumber(k, 1, 1e6, 'kMeans', 'k');
  checkedNumber(restarts, 1, 1e6, 'kMeans', 'restarts');
  checkedNumber(maximumIterations, 1, 1e9, 'kMeans', 'maximumIterations');
  checkedNumber(tolerance, 0, 1, 'kMeans', 'tolerance');
  if (matrix.rows < k) {
    throw new TooFewExamplesError(
      `kMeans: expected at least k = ${k} rows, found ${matrix.rows}. Give more examples or fewer clusters.`,
      matrix.rows,
      k,
    );
  }
  const products = rowProducts(matrix);
  const stream = randomStream(seed, 'k-means');
  let best: Lloyd | undefined;
  for (let run = 0; run < restarts; run++) {
    await breathe(signal);
    const lloyd = new Lloyd(products, seedCentres(products, k, stream), k, tolerance);
    while (!lloyd.state.converged && lloyd.state.iterations < maximumIterations) {
      await breathe(signal);
      lloyd.step();
    }
    lloyd.finish();
    onEvent?.({ kind: 'run', run: run + 1, restarts, objective: lloyd.state.objective, iterations: lloyd.state.iterations });
    if (!best || lloyd.state.objective < best.state.objective) best = lloyd;
  }
  return sorted(best!.state, products.shift, k);
}

function sorted(
  { centres, assignment, objective, iterations, converged }: Lloyd['state'],
  mean: Float64Array,
  k: number,
): KMeans {
  const dimensions = mean.length;
  const counts = new Int32Array(k);
  for (const cluster of assignment) counts[cluster]!++;
  const order = Array.from({ length: k }, (_, i) => i).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const rank = new Int32Array(k);
  const result = new Float64Array(k * dimensions);
  for (const [to, from] of order.entries()) {
    rank[from] = to;
    for (let j = 0; j < dimensions; j++) result[to * dimensions + j] = centres[from * dimensions + j]! + mean[j]!;
  }
  return {
    centres: result,
    dimensions,
    assignment: assignment.map((cluster) => rank[cluster]!),
    counts: Int32Array.from(order, (from) => counts[from]!),
    objective,
    iterations,
    converged,
  };
}
