import type { RandomStream } from '@gansynth/common/random';
import type { RowProducts } from './row-products.js';

/** Candidates for each new centre, of which the best is taken: what one panel of the product holds. */
const CANDIDATES = 4;

/**
 * Greedy k-means++: each centre is drawn with probability proportional to the squared distance from the nearest one so far, four times, and the
 * draw that leaves the smallest sum of squared distances is kept.
 *
 * @returns centres less the mean, [k, columns]
 * @see Arthur and Vassilvitskii 2007, section 2 and its greedy variant
 */
export function seedCentres(products: RowProducts, k: number, stream: RandomStream): Float64Array {
  const { rows, columns, squares } = products;
  const centres = new Float64Array(k * columns);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const distances = Array.from({ length: CANDIDATES }, () => new Float64Array(rows));
  const candidates = new Float64Array(CANDIDATES * columns);

  const first = stream.integers(rows, 1)[0]!;
  products.copyRow(first, centres, 0);
  let potential = 0;
  products.forEach(centres.subarray(0, columns), 1, undefined, (row, product, at) => {
    nearest[row] = Math.max(0, squares[row]! + squares[first]! - 2 * product[at]!);
    potential += nearest[row] as number;
  });
  for (let centre = 1; centre < k; centre++) {
    const drawn = draw(nearest, potential, stream);
    for (const [i, row] of drawn.entries()) products.copyRow(row, candidates, i * columns);
    const sums = new Float64Array(CANDIDATES);
    products.forEach(candidates, CANDIDATES, undefined, (row, product, at) => {
      const own = squares[row]!;
      const before = nearest[row]!;
      for (let i = 0; i < CANDIDATES; i++) {
        const distance = own + squares[drawn[i]!]! - 2 * product[at + i]!;
        const after = distance < before ? Math.max(0, distance) : before;
        (distances[i] as Float64Array)[row] = after;
        sums[i]! += after;
      }
    });
    const best = sums.indexOf(Math.min(...sums));
    nearest.set(distances[best] as Float64Array);
    potential = sums[best]!;
    centres.set(candidates.subarray(best * columns, (best + 1) * columns), centre * columns);
  }
  return centres;
}

/** Rows drawn with these weights; any rows where all weights are 0 (fewer different rows than centres). */
function draw(weights: Float64Array, total: number, stream: RandomStream): number[] {
  if (!(total > 0)) return Array.from(stream.integers(weights.length, CANDIDATES));
  return Array.from(stream.categorical(weights, CANDIDATES));
}
