import type { Matrix } from '../rows.js';
import { rowProducts } from './row-products.js';

/** Number of the nearest of `count` centres [count, columns] for every row, in double precision; the first of equals. */
export function nearestCentre(matrix: Matrix, centres: Float64Array, count: number): Int32Array {
  const { columns } = matrix;
  const shift = new Float64Array(columns);
  for (let i = 0; i < centres.length; i++) (shift[i % columns] as number) += (centres[i] as number) / count;
  const shifted = centres.map((value, i) => value - (shift[i % columns] as number));
  const halves = new Float64Array(count);
  for (let i = 0; i < shifted.length; i++) (halves[Math.floor(i / columns)] as number) += (shifted[i] as number) ** 2 / 2;
  const index = new Int32Array(matrix.rows);
  rowProducts(matrix, { shift, keep: false }).forEach(shifted, count, undefined, (row, product, at) => {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let centre = 0; centre < count; centre++) {
      const value = (halves[centre] as number) - (product[at + centre] as number);
      if (value < least) {
        least = value;
        best = centre;
      }
    }
    index[row] = best;
  });
  return index;
}
