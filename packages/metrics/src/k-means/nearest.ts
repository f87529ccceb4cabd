import type { Matrix } from '../rows.js';
import { rowProducts } from './row-products.js';

export interface Nearest {
  /** Number of the nearest centre; the first of equals. */
  readonly index: Int32Array;
  /** Squared distance from it. */
  readonly squaredDistance: Float64Array;
}

/** Nearest of `count` centres [count, columns] for every row, in double precision. */
export function nearestCentre(matrix: Matrix, centres: Float64Array, count: number): Nearest {
  const products = rowProducts(matrix);
  const { columns, mean, squares } = products;
  const shifted = centres.map((value, i) => value - (mean[i % columns] as number));
  const halves = new Float64Array(count);
  for (let i = 0; i < shifted.length; i++) (halves[Math.floor(i / columns)] as number) += (shifted[i] as number) ** 2 / 2;
  const index = new Int32Array(matrix.rows);
  const squaredDistance = new Float64Array(matrix.rows);
  products.forEach(shifted, count, undefined, (row, product, at) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let centre = 0; centre < count; centre++) {
      const value = (halves[centre] as number) - (product[at + centre] as number);
      if (value < least) [best, least] = [centre, value];
    }
    index[row] = best;
    squaredDistance[row] = Math.max(0, (squares[row] as number) + 2 * least);
  });
  return { index, squaredDistance };
}
