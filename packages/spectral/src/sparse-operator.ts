import * as tf from '@tensorflow/tfjs-core';
import { applyLinear } from './engine/linear.js';
import { ShapeError } from './errors.js';

/** One non-zero entry: output[column] += value x input[row]. */
export interface Tap {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

/**
 * A matrix [rows, columns] with few entries a column, in compressed column form: column c has the entries from `start[c]` to
 * `start[c + 1]`, ordered by row.
 */
export interface SparseOperator {
  /** Length of the input axis. */
  readonly rows: number;
  /** Length of the output axis. */
  readonly columns: number;
  readonly start: Int32Array;
  readonly row: Int32Array;
  readonly value: Float64Array;
}

/** Builds an operator from its taps, in any order; none may be outside or occur twice. */
export function sparseOperator(rows: number, columns: number, taps: readonly Tap[]): SparseOperator {
  const sorted = [...taps].sort((a, b) => a.column - b.column || a.row - b.row);
  const start = new Int32Array(columns + 1);
  for (const { column } of sorted) start[column + 1] = start[column + 1]! + 1;
  for (let column = 0; column < columns; column++) start[column + 1] = start[column + 1]! + start[column]!;
  return {
    rows,
    columns,
    start,
    row: Int32Array.from(sorted, (tap) => tap.row),
    value: Float64Array.from(sorted, (tap) => tap.value),
  };
}

/** The entries, ordered by column, then row. */
export function operatorTaps({ columns, start, row, value }: SparseOperator): Tap[] {
  return Array.from({ length: columns }, (_, column) =>
    Array.from({ length: start[column + 1]! - start[column]! }, (_, i): Tap => {
      const at = start[column]! + i;
      return { row: row[at]!, column, value: value[at]! };
    }),
  ).flat();
}

const transposes = new WeakMap<SparseOperator, SparseOperator>();

/** The transposed operator, [columns, rows]. */
export function transposeOperator(operator: SparseOperator): SparseOperator {
  const known = transposes.get(operator);
  if (known !== undefined) return known;
  const turned = operatorTaps(operator).map(({ row, column, value }) => ({ row: column, column: row, value }));
  const made = sparseOperator(operator.columns, operator.rows, turned);
  transposes.set(operator, made);
  transposes.set(made, operator);
  return made;
}

/** The dense matrix, row-major [rows, columns]. */
export function denseOperator(operator: SparseOperator): Float64Array {
  const dense = new Float64Array(operator.rows * operator.columns);
  for (const { row, column, value } of operatorTaps(operator)) dense[row * operator.columns + column] = value;
  return dense;
}

/** output[c] = sum of value x input[row] over column c, for two row vectors at once, which share the walk over the taps. */
export function applyToPair(
  { columns, start, row, value }: SparseOperator,
  inputs: readonly [Float64Array, Float64Array],
  outputs: readonly [Float64Array, Float64Array],
): void {
  const [inA, inB] = inputs;
  const [outA, outB] = outputs;
  let i = 0;
  for (let column = 0; column < columns; column++) {
    let sumA = 0;
    let sumB = 0;
    for (const end = start[column + 1]!; i < end; i++) {
      const at = row[i]!;
      const factor = value[i]!;
      sumA += factor * inA[at]!;
      sumB += factor * inB[at]!;
    }
    outA[column] = sumA;
    outB[column] = sumB;
  }
}

/** Every column padded to the same number of entries, as a gather wants them: index and weight, [width, columns]. */
interface Gather {
  readonly width: number;
  readonly index: Int32Array;
  readonly weight: Float32Array;
}

const gathers = new WeakMap<SparseOperator, Gather>();

function gatherOf(operator: SparseOperator): Gather {
  const known = gathers.get(operator);
  if (known !== undefined) return known;
  const { columns, start, row, value } = operator;
  let width = 1;
  for (let column = 0; column < columns; column++) width = Math.max(width, start[column + 1]! - start[column]!);
  const index = new Int32Array(width * columns);
  const weight = new Float32Array(width * columns);
  for (let column = 0; column < columns; column++) {
    const first = start[column]!;
    for (let i = first; i < start[column + 1]!; i++) {
      index[(i - first) * columns + column] = row[i]!;
      weight[(i - first) * columns + column] = value[i]!;
    }
  }
  const made = { width, index, weight };
  gathers.set(operator, made);
  return made;
}

/**
 * Multiplies the last axis by a sparse matrix; differentiable to any order.
 *
 * @param x [..., rows]
 * @returns [..., columns]
 * @throws ShapeError if the last axis is not `operator.rows` long
 */
export function applyOperator<T extends tf.Tensor>(x: T, operator: SparseOperator): T {
  if (x.shape.at(-1) !== operator.rows) {
    throw new ShapeError(`applyOperator: expected [..., ${operator.rows}], found [${x.shape.join(', ')}].`, x.shape);
  }
  const lead = x.shape.slice(0, -1);
  if (x.size === 0) return tf.zeros([...lead, operator.columns]) as T;
  return tf.tidy(() => {
    const flat = tf.reshape(x, [x.size / operator.rows, operator.rows]);
    const product = applyLinear(
      flat,
      (input) => gatherColumns(input, operator),
      (dy) => gatherColumns(dy, transposeOperator(operator)),
    );
    return tf.reshape(product, [...lead, operator.columns]) as T;
  });
}

function gatherColumns(x: tf.Tensor, operator: SparseOperator): tf.Tensor {
  const { width, index, weight } = gatherOf(operator);
  const count = x.shape[0] as number;
  const columns = operator.columns;
  const taken = tf.reshape(tf.gather(x, tf.tensor1d(index, 'int32'), 1), [count, width, columns]);
  return tf.sum(tf.mul(taken, tf.tensor3d(weight, [1, width, columns])), 1);
}
