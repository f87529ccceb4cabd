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
  // Columns of `work` are in the order of the pivots, so that what is left to do is always on the right.
  const order = Int32Array.from({ length: size }, (_, i) => i);
  const rest = Float64Array.from({ length: size }, (_, i) => matrix[i * size + i] as number);
  const tolerance = size * Number.EPSILON * rest.reduce((most, value) => Math.max(most, value), 0);
  const work = new Float64Array(size * size);
  let rank = 0;
  for (; rank < size; rank++) {
    let pivot = rank;
    for (let i = rank + 1; i < size; i++) if ((rest[i] as number) > (rest[pivot] as number)) pivot = i;
    if (!((rest[pivot] as number) > tolerance)) break;
    swap(order, rank, pivot);
    swap(rest, rank, pivot);
    for (let k = 0; k < rank; k++) swap(work, k * size + rank, k * size + pivot);
    const row = work.subarray(rank * size, (rank + 1) * size);
    const source = (order[rank] as number) * size;
    for (let i = rank; i < size; i++) row[i] = matrix[source + (order[i] as number)] as number;
    subtractRows(row, work, rank, size);
    const scale = 1 / Math.sqrt(rest[rank] as number);
    for (let i = rank; i < size; i++) {
      const value = (row[i] as number) * scale;
      row[i] = value;
      (rest[i] as number) -= value * value;
    }
  }
  const factor = new Float64Array(rank * size);
  for (let k = 0; k < rank; k++) {
    for (let i = k; i < size; i++) factor[k * size + (order[i] as number)] = work[k * size + i] as number;
  }
  return { factor, rank };
}

/** row -= sum over k < rank of work[k][rank] work[k], from column `rank` on; four k at a time. */
function subtractRows(row: Float64Array, work: Float64Array, rank: number, size: number): void {
  let k = 0;
  for (; k + 4 <= rank; k += 4) {
    const [p, q, r, s] = [k * size, (k + 1) * size, (k + 2) * size, (k + 3) * size];
    const a = work[p + rank] as number;
    const b = work[q + rank] as number;
    const c = work[r + rank] as number;
    const d = work[s + rank] as number;
    for (let i = rank; i < size; i++) {
      (row[i] as number) -=
        a * (work[p + i] as number) + b * (work[q + i] as number) + c * (work[r + i] as number) + d * (work[s + i] as number);
    }
  }
  for (; k < rank; k++) {
    const a = work[k * size + rank] as number;
    for (let i = rank; i < size; i++) (row[i] as number) -= a * (work[k * size + i] as number);
  }
}

function swap(values: Float64Array | Int32Array, i: number, j: number): void {
  const kept = values[i] as number;
  values[i] = values[j] as number;
  values[j] = kept;
}
