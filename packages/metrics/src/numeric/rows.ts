import type { Tensor2D } from '@tensorflow/tfjs-core';
import { ShapeError, ValueError } from '../errors.js';

/** Examples as rows: a row-major typed array with its shape. A contiguous two-dimensional `ndarray` is one. */
export interface RowArray {
  readonly data: ArrayLike<number>;
  /** [examples, dimensions] */
  readonly shape: readonly number[];
  /** If present: steps in `data` of the two axes. */
  readonly stride?: readonly number[];
  /** If present: where the first element lies. */
  readonly offset?: number;
}

/**
 * Features or logits, one example a row: a row array, an array of equally long arrays, or a tensor of rank 2. A tensor is read at once, which
 * the webgpu backend cannot do: give it through `await rowsOf(tensor)`.
 */
export type Rows = RowArray | readonly ArrayLike<number>[] | Tensor2D;

/** What every measure computes on: contiguous rows of finite numbers. */
export interface Matrix {
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** A tensor of rank 2 as a row array, on every backend. */
export async function rowsOf(tensor: Tensor2D): Promise<RowArray> {
  return { data: await tensor.data(), shape: tensor.shape };
}

const isTensor = (rows: Rows): rows is Tensor2D => 'dataSync' in rows && typeof rows.dataSync === 'function';

function unchecked(rows: Rows, who: string): Matrix {
  if (Array.isArray(rows)) {
    const lists = rows as readonly ArrayLike<number>[];
    const columns = lists[0]?.length ?? 0;
    const ragged = lists.findIndex((row) => row.length !== columns);
    if (ragged >= 0) {
      throw new ShapeError(
        `${who}: expected rows of equal length, found ${lists[ragged]?.length} in row ${ragged} after ${columns}.`,
        [columns, lists[ragged]?.length ?? 0],
      );
    }
    const data = new Float64Array(lists.length * columns);
    for (const [i, row] of lists.entries()) data.set(row, i * columns);
    return { data, rows: lists.length, columns };
  }
  const { shape } = rows as RowArray;
  if (shape.length !== 2) {
    throw new ShapeError(
      `${who}: expected rank 2 [examples, dimensions], found rank ${shape.length} [${shape.join(', ')}]. Flatten each example to a row.`,
      shape,
    );
  }
  const [count, columns] = shape as [number, number];
  if (isTensor(rows)) return { data: Float32Array.from(rows.dataSync()), rows: count, columns };
  const { data, stride, offset = 0 } = rows as RowArray;
  const contiguous = !stride || (stride[1] === 1 && stride[0] === columns);
  if (
    contiguous &&
    offset === 0 &&
    data.length === count * columns &&
    (data instanceof Float32Array || data instanceof Float64Array)
  ) {
    return { data, rows: count, columns };
  }
  const [rowStep, columnStep] = stride ? (stride as [number, number]) : [columns, 1];
  const needed = count * columns === 0 ? 0 : offset + (count - 1) * rowStep + (columns - 1) * columnStep + 1;
  if (data.length < needed) {
    throw new ShapeError(`${who}: expected ${count * columns} elements for shape [${shape.join(', ')}], found ${data.length}.`, [
      data.length,
    ]);
  }
  const copy = new Float64Array(count * columns);
  for (let i = 0, at = 0; i < count; i++) {
    for (let j = 0; j < columns; j++) copy[at++] = data[offset + i * rowStep + j * columnStep]!;
  }
  return { data: copy, rows: count, columns };
}

/** x * 0 is NaN for NaN and infinity alone; four sums, since one would wait for itself, and in names of their own, which engines do best. */
function allFinite(data: Float32Array | Float64Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 4 <= data.length; i += 4) {
    a += data[i]! * 0;
    b += data[i + 1]! * 0;
    c += data[i + 2]! * 0;
    d += data[i + 3]! * 0;
  }
  for (; i < data.length; i++) a += data[i]! * 0;
  return a + b + c + d === 0;
}

/** Rows as a matrix; refuses other ranks, NaN and infinity, and (if given) another number of columns. The data may be the caller's own. */
export function matrixOf(rows: Rows, who: string, expectedColumns?: number): Matrix {
  const matrix = uncheckedMatrixOf(rows, who, expectedColumns);
  checkFinite(matrix, who);
  return matrix;
}

/** The same, but NaN and infinity are left to `checkFinite`: for who goes through the rows in parts. */
export function uncheckedMatrixOf(rows: Rows, who: string, expectedColumns?: number): Matrix {
  const matrix = unchecked(rows, who);
  if (expectedColumns !== undefined && matrix.rows > 0 && matrix.columns !== expectedColumns) {
    throw new ShapeError(
      `${who}: expected ${expectedColumns} dimensions an example, found ${matrix.columns}. Use the features of one and the same layer.`,
      [matrix.rows, matrix.columns],
    );
  }
  return matrix;
}

/** @param firstRow number of the first row, for the message */
export function checkFinite({ data, columns }: Matrix, who: string, firstRow = 0): void {
  if (allFinite(data)) return;
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      throw new ValueError(
        `${who}: expected finite numbers, found ${data[i]} in row ${firstRow + Math.floor(i / columns)}. Leave the example out or count it as failed.`,
        data[i],
      );
    }
  }
}
