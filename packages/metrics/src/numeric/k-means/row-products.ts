import { createTiles, packRows, padded } from '../linear/tiles.js';
import type { Matrix } from '../rows.js';

const CHUNK = 512;
/** Up to this many doubles (256 MiB) the packed rows are kept between calls. */
const KEEP = 2 ** 25;

/** Scalar products of many rows with few others, again and again: the inner loop of k-means. */
export interface RowProducts {
  readonly rows: number;
  readonly columns: number;
  /** Products are of rows less this, where distances lose no digits to a common offset. */
  readonly shift: Float64Array;
  /** Squared length of each row less the shift. */
  readonly squares: Float64Array;
  /** Copies row `row`, less the shift, to `target` at `at`. */
  copyRow(row: number, target: Float64Array, at: number): void;
  /**
   * Calls `use(row, products, at)` for each of the chosen rows, where products[at + c] is the product with `others` row c (given less the shift).
   *
   * @param chosen row numbers; all rows if undefined
   */
  forEach(
    others: Float64Array,
    count: number,
    chosen: Int32Array | undefined,
    use: (row: number, products: Float64Array, at: number) => void,
  ): void;
}

export interface RowProductsOptions {
  /** Subtracted from every row. Default the mean of all rows. */
  readonly shift?: Float64Array;
  /** Keep the packed rows for another pass. Default true. */
  readonly keep?: boolean;
}

function meanOf({ data, rows, columns }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) mean[column]! += data[at++]!;
  }
  return mean.map((sum) => sum / Math.max(1, rows));
}

function squaredLengths({ data, rows, columns }: Matrix, shift: Float64Array): Float64Array {
  const squares = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      const value = data[at++]! - shift[column]!;
      sum += value * value;
    }
    squares[row] = sum;
  }
  return squares;
}

export function rowProducts(matrix: Matrix, { shift = meanOf(matrix), keep = true }: RowProductsOptions = {}): RowProducts {
  const { data, rows, columns } = matrix;
  let squares: Float64Array | undefined;
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const kept = keep && padded(rows) * columns <= KEEP;
  const tiles = createTiles(kept ? padded(rows) * columns : CHUNK * columns);
  let packed = false;

  return {
    rows,
    columns,
    shift,
    get squares() {
      return (squares ??= squaredLengths(matrix, shift));
    },
    copyRow(row, target, at) {
      for (let column = 0; column < columns; column++) {
        target[at + column] = data[row * columns + column]! - shift[column]!;
      }
    },
    forEach(others, count, chosen, use) {
      const width = padded(count);
      const store = kept ? padded(rows) * columns : 0;
      // Layout: [all rows packed, if kept][one chunk packed][others packed][products]
      const chunkAt = store;
      const othersAt = chunkAt + CHUNK * columns;
      const productsAt = othersAt + width * columns;
      tiles.reserve(productsAt + CHUNK * width);
      const view = tiles.view();
      if (kept && !packed) {
        packRows(view, 0, data, columns, all, 0, rows, shift);
        packed = true;
      }
      packRows(
        view,
        othersAt,
        others,
        columns,
        all.length >= count ? all : Int32Array.from({ length: count }, (_, i) => i),
        0,
        count,
      );
      const list = chosen ?? all;
      for (let from = 0; from < list.length; from += CHUNK) {
        const to = Math.min(list.length, from + CHUNK);
        let at = from * columns;
        if (chosen || !kept) {
          packRows(view, chunkAt, data, columns, list, from, to, shift);
          at = chunkAt;
        }
        view.fill(0, productsAt, productsAt + padded(to - from) * width);
        tiles.multiply(at, othersAt, productsAt, padded(to - from) / 4, width / 4, columns, width);
        for (let i = from; i < to; i++) use(list[i]!, view, productsAt + (i - from) * width);
      }
    },
  };
}
