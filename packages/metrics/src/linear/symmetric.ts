import { createTiles, packColumns, packRows, padded } from './tiles.js';

/** A^T B of row-major matrices with `rows` rows each: [aColumns, bColumns]. */
export function transposedProduct(
  a: Float64Array,
  aColumns: number,
  b: Float64Array,
  bColumns: number,
  rows: number,
): Float64Array {
  const [m, n] = [padded(aColumns), padded(bColumns)];
  const [aAt, bAt] = [m * n, m * n + m * rows];
  const tiles = createTiles(bAt + n * rows);
  packColumns(tiles.view(), aAt, a, aColumns, 0, rows);
  packColumns(tiles.view(), bAt, b, bColumns, 0, rows);
  tiles.multiply(aAt, bAt, 0, m / 4, n / 4, rows, n);
  return cropped(tiles.view(), n, aColumns, bColumns);
}

/** A B^T of row-major matrices with `columns` columns each: [aRows, bRows]. */
export function productTransposed(a: Float64Array, aRows: number, b: Float64Array, bRows: number, columns: number): Float64Array {
  const [m, n] = [padded(aRows), padded(bRows)];
  const [aAt, bAt] = [m * n, m * n + m * columns];
  const tiles = createTiles(bAt + n * columns);
  const numbers = Int32Array.from({ length: Math.max(aRows, bRows) }, (_, i) => i);
  packRows(tiles.view(), aAt, a, columns, numbers, 0, aRows);
  packRows(tiles.view(), bAt, b, columns, numbers, 0, bRows);
  tiles.multiply(aAt, bAt, 0, m / 4, n / 4, columns, n);
  return cropped(tiles.view(), n, aRows, bRows);
}

function cropped(view: Float64Array, rowLength: number, rows: number, columns: number): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    result.set(view.subarray(row * rowLength, row * rowLength + columns), row * columns);
  }
  return result;
}

/**
 * Cholesky factor with diagonal pivoting of a symmetric positive semi-definite matrix: rows of R with A = R^T R, as many as A has rank.
 *
 * @param matrix [size, size] row-major; left as it is
 * @returns R, row-major [rank, size]
 */
export function pivotedCholesky(matrix: Float64Array, size: number): { readonly factor: Float64Array; readonly rank: number } {
  const rest = new Float64Array(size);
  let largest = 0;
  for (let i = 0; i < size; i++) {
    rest[i] = matrix[i * size + i] as number;
    largest = Math.max(largest, rest[i] as number);
  }
  const tolerance = size * Number.EPSILON * largest;
  const factor = new Float64Array(size * size);
  const row = new Float64Array(size);
  let rank = 0;
  for (; rank < size; rank++) {
    let pivot = 0;
    for (let i = 1; i < size; i++) if ((rest[i] as number) > (rest[pivot] as number)) pivot = i;
    if (!((rest[pivot] as number) > tolerance)) break;
    row.set(matrix.subarray(pivot * size, (pivot + 1) * size));
    let k = 0;
    for (; k + 4 <= rank; k += 4) {
      const at = k * size;
      const [a, b, c, d] = [
        factor[at + pivot] as number,
        factor[at + size + pivot] as number,
        factor[at + 2 * size + pivot] as number,
        factor[at + 3 * size + pivot] as number,
      ];
      for (let i = 0; i < size; i++) {
        (row[i] as number) -=
          a * (factor[at + i] as number) +
          b * (factor[at + size + i] as number) +
          c * (factor[at + 2 * size + i] as number) +
          d * (factor[at + 3 * size + i] as number);
      }
    }
    for (; k < rank; k++) {
      const a = factor[k * size + pivot] as number;
      for (let i = 0; i < size; i++) (row[i] as number) -= a * (factor[k * size + i] as number);
    }
    const scale = 1 / Math.sqrt(rest[pivot] as number);
    for (let i = 0; i < size; i++) {
      const value = rest[i] === Number.NEGATIVE_INFINITY ? 0 : (row[i] as number) * scale;
      factor[rank * size + i] = value;
      (rest[i] as number) -= value * value;
    }
    rest[pivot] = Number.NEGATIVE_INFINITY;
  }
  return { factor: factor.slice(0, rank * size), rank };
}
