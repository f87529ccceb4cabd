import { createTiles, packColumns, packRows, padded, PANEL, type Tiles } from './tiles.js';

/** Rows of a factor that are found before what is left of the matrix is updated, and that share the columns they skip. */
const BLOCK = 32;

export interface Cholesky {
  /** R with A = P^T R^T R P, row-major [rank, width]; zero below the diagonal and beyond A's size. */
  readonly factor: Float64Array;
  readonly width: number;
  readonly rank: number;
  /** P: column i of R belongs to row and column order[i] of A. */
  readonly order: Int32Array;
}

/**
 * Cholesky factor with diagonal pivoting of a symmetric positive semi-definite matrix, with as many rows as it has rank.
 *
 * @param matrix [size, size] row-major; left as it is
 * @param tiles memory to compute in, whatever it holds; to use it again saves the time that fresh memory takes
 * @see Higham, Accuracy and Stability of Numerical Algorithms, section 10.3
 */
export function pivotedCholesky(matrix: Float64Array, size: number, tiles: Tiles = createTiles(0)): Cholesky {
  const width = padded(size);
  // Layout: [what is left of the matrix, in the order of the pivots][a block of R, packed][the same, negative]
  const blockAt = width * width;
  const negativeAt = blockAt + width * BLOCK;
  tiles.reserve(negativeAt + width * BLOCK);
  const left = tiles.view();
  for (let i = 0; i < size; i++) left.set(matrix.subarray(i * size, (i + 1) * size), i * width);
  const order = Int32Array.from({ length: size }, (_, i) => i);
  const rest = Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]!);
  const tolerance = size * Number.EPSILON * rest.reduce((most, value) => Math.max(most, value), 0);
  const factor = new Float64Array(size * width);
  for (let from = 0; from < size; from += BLOCK) {
    const to = Math.min(size, from + BLOCK);
    for (let rank = from; rank < to; rank++) {
      let pivot = rank;
      for (let i = rank + 1; i < size; i++) if (rest[i]! > rest[pivot]!) pivot = i;
      if (!(rest[pivot]! > tolerance)) return { factor, width, rank, order };
      if (pivot !== rank) {
        [order[rank], order[pivot]] = [order[pivot]!, order[rank]!];
        swap(rest, rank, pivot);
        for (let k = 0; k < rank; k++) swap(factor, k * width + rank, k * width + pivot);
        for (let i = rank; i < size; i++) swap(left, rank * width + i, pivot * width + i);
        for (let i = rank; i < size; i++) swap(left, i * width + rank, i * width + pivot);
      }
      const row = factor.subarray(rank * width, rank * width + size);
      for (let i = rank; i < size; i++) row[i] = left[rank * width + i]!;
      subtractRows(row, factor.subarray(from * width, rank * width), width, rank);
      const scale = 1 / Math.sqrt(rest[rank]!);
      for (let i = rank; i < size; i++) {
        const value = row[i]! * scale;
        row[i] = value;
        rest[i]! -= value * value;
      }
    }
    if (to === size) break;
    packColumns(left, blockAt, factor, width, from, to);
    for (let i = blockAt; i < negativeAt; i++) left[i + width * BLOCK] = -left[i]!;
    const panels = (width - to) / PANEL;
    const done = to * (to - from);
    tiles.multiply(blockAt + done, negativeAt + done, to * width + to, panels, panels, to - from, width);
  }
  return { factor, width, rank: size, order };
}

/** row -= other[column] other from that column on, for each of the others; four at a time. */
function subtractRows(row: Float64Array, others: Float64Array, width: number, column: number): void {
  const size = row.length;
  let at = 0;
  for (; at + 4 * width <= others.length; at += 4 * width) {
    const [p, q, r, s] = [at, at + width, at + 2 * width, at + 3 * width];
    const a = others[p + column]!;
    const b = others[q + column]!;
    const c = others[r + column]!;
    const d = others[s + column]!;
    for (let i = column; i < size; i++) {
      row[i]! -= a * others[p + i]! + b * others[q + i]! + c * others[r + i]! + d * others[s + i]!;
    }
  }
  for (; at < others.length; at += width) {
    const a = others[at + column]!;
    for (let i = column; i < size; i++) row[i]! -= a * others[at + i]!;
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const kept = values[i]!;
  values[i] = values[j]!;
  values[j] = kept;
}

/**
 * R P B P^T R^T of a symmetric B [size, size], where R and P are the Cholesky factor of A and its order: it has the eigenvalues of A B that are
 * not zero.
 *
 * @returns the lower triangle of [rank, rank], row-major and rows `stride` apart; it lies in `tiles`
 */
export function congruent(
  { factor, width, rank, order }: Cholesky,
  matrix: Float64Array,
  tiles: Tiles = createTiles(0),
): { readonly matrix: Float64Array; readonly stride: number } {
  const height = padded(rank);
  // Layout: [R packed][P B P^T packed, then its product][product R P B P^T][its product with R^T]
  const otherAt = height * width;
  const productAt = otherAt + width * width;
  const resultAt = productAt + height * width;
  tiles.reserve(resultAt + height * height);
  const view = tiles.view();
  view.fill(0, productAt, resultAt + height * height);
  const numbers = Int32Array.from({ length: width }, (_, i) => i);
  packRows(view, 0, factor, width, numbers, 0, rank);
  packPermuted(view, otherAt, matrix, order, width);
  /** Rows of R times what is packed, in blocks that leave out the zeros below R's diagonal. */
  const multiply = (to: number, rowLength: number, columnPanels: (rowsTo: number) => number): void => {
    for (let row = 0; row < height; row += BLOCK) {
      const rows = Math.min(BLOCK, height - row);
      const skipped = row * PANEL;
      tiles.multiply(
        row * width + skipped,
        otherAt + skipped,
        to + row * rowLength,
        rows / PANEL,
        columnPanels(row + rows),
        width - row,
        rowLength,
        { panelLength: width * PANEL },
      );
    }
  };
  multiply(productAt, width, () => width / PANEL);
  packRows(view, otherAt, view.subarray(productAt, resultAt), width, numbers, 0, rank);
  multiply(resultAt, height, (rowsTo) => rowsTo / PANEL);
  return { matrix: view.subarray(resultAt, resultAt + rank * height), stride: height };
}

/** Packs the rows and columns of a symmetric matrix in this order, and zeros up to `width`. */
function packPermuted(target: Float64Array, at: number, matrix: Float64Array, order: Int32Array, width: number): void {
  const size = order.length;
  target.fill(0, at, at + width * width);
  for (let i = 0; i < size; i++) {
    const row = order[i]! * size;
    // [panel][column][4]
    let out = at + (i - (i % PANEL)) * width + (i % PANEL);
    for (let j = 0; j < size; j++, out += PANEL) target[out] = matrix[row + order[j]!]!;
  }
}
