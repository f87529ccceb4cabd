import { operatorTaps, sparseOperator, type SparseOperator } from '../sparse-operator.js';

/**
 * The transpose of a non-negative operator, scaled so that the sum of what comes back is right where the input is flat:
 * M[m, k] = W[k, m] / sum over m' of W[k, m'] S[m'], with S[m] the sum of column m. As sparse as the operator itself; no matrix is inverted.
 *
 * @param operator [rows, columns]
 * @returns [columns, rows]; rows of the operator without entries come back as 0
 * @see `_mel_to_linear_matrix` in Magenta's specgrams_helper
 */
export function approximateInverse(operator: SparseOperator): SparseOperator {
  const taps = operatorTaps(operator);
  const columnSum = new Float64Array(operator.columns);
  for (const { column, value } of taps) columnSum[column] = columnSum[column]! + value;
  const scale = new Float64Array(operator.rows);
  for (const { row, column, value } of taps) scale[row] = scale[row]! + value * columnSum[column]!;
  const turned = taps.map(({ row, column, value }) => {
    const s = scale[row]!;
    return { row: column, column: row, value: Math.abs(s) > 1e-8 ? value / s : value * s };
  });
  return sparseOperator(operator.columns, operator.rows, turned);
}
