import { floatProducts } from '../linear/float-products.js';
import type { Matrix } from '../rows.js';

/**
 * Number of the nearest of `count` centres [count, columns] for every row, in double precision; the first of equals. Products in single
 * precision leave out the centres that cannot be the nearest whatever was rounded: mostly all but one, and then nothing is left to compute.
 */
export function nearestCentre(centres: Float64Array, count: number, columns: number): (matrix: Matrix) => Int32Array {
  // Less their mean, centres and rows lose no digits to a common offset.
  const shift = new Float64Array(columns);
  for (let i = 0; i < centres.length; i++) shift[i % columns]! += centres[i]! / count;
  const shifted = centres.map((value, i) => value - shift[i % columns]!);
  const halves = new Float64Array(count);
  for (let i = 0; i < shifted.length; i++) halves[Math.floor(i / columns)]! += shifted[i]! ** 2 / 2;
  const rough = floatProducts(shifted, count, shift);
  const none = new Float32Array(count).fill(Number.NaN);

  /** Of those centres whose value by `products` is not surely above `limit`, the nearest. */
  const exact = (data: Matrix['data'], row: number, products: Float32Array, at: number, limit: number): number => {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let centre = 0; centre < count; centre++) {
      // Written so that what is no number is never sure.
      if (halves[centre]! - products[at + centre]! > limit) continue;
      let sum = 0;
      for (let i = row * columns, j = 0, c = centre * columns; j < columns; i++, j++, c++)
        sum += (data[i]! - shift[j]!) * shifted[c]!;
      // Half the squared distance, less what is the same for all centres.
      const value = halves[centre]! - sum;
      if (value < least) {
        least = value;
        best = centre;
      }
    }
    return best;
  };

  return ({ data, rows }) => {
    const index = new Int32Array(rows);
    if (!rough) return index.map((_, row) => exact(data, row, none, 0, 0));
    const { chunk, products, stride } = rough;
    for (let from = 0; from < rows; from += chunk) {
      const to = Math.min(rows, from + chunk);
      rough.multiply(data, from, to);
      for (let row = from, at = 0; row < to; row++, at += stride) {
        let best = 0;
        let least = Number.POSITIVE_INFINITY;
        let next = Number.POSITIVE_INFINITY;
        for (let centre = 0; centre < count; centre++) {
          const value = halves[centre]! - products[at + centre]!;
          if (value < least) {
            next = least;
            least = value;
            best = centre;
          } else if (value < next) next = value;
        }
        // Both may be wrong, each by the error.
        const limit = least + 2 * rough.error(row - from);
        index[row] = next > limit ? best : exact(data, row, products, at, limit);
      }
    }
    return index;
  };
}
