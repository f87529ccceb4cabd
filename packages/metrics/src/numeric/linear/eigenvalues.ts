import { type RankTwoUpdate, rankTwoUpdate } from './rank-two-update.js';

/**
 * Householder reduction of a symmetric matrix with elements up to 1 to tridiagonal form, keeping only the two diagonals; the matrix is
 * overwritten.
 */
function tridiagonal(update: RankTwoUpdate, size: number): { readonly diagonal: Float64Array; readonly off: Float64Array } {
  const { matrix: a, stride } = update;
  const diagonal = new Float64Array(size);
  const off = new Float64Array(size);
  // A - v w^T - w v^T is the matrix so far; the subtraction is left to the next pass over A.
  let [v, w, u, product] = update.vectors;
  // From the last row upwards: the rows still to come are then a leading block of the lower triangle.
  for (let last = size - 1; last > 0; last--) {
    const row = last * stride;
    const { values: vs } = v;
    const { values: ws } = w;
    const { values: us } = u;
    const { values: products } = product;
    const vLast = vs[last]!;
    const wLast = ws[last]!;
    let norm = 0;
    for (let i = 0; i < last; i++) {
      const value = a[row + i]! - (vLast * ws[i]! + wLast * vs[i]!);
      us[i] = value;
      norm += value * value;
    }
    diagonal[last] = a[row + last]! - 2 * vLast * wLast;
    us[last] = 0;
    const head = us[last - 1]!;
    const length = Math.sqrt(norm);
    const target = head > 0 ? -length : length;
    off[last] = target;
    // Reflection I - u u^T / h with h = u^T u / 2.
    const h = norm - head * target;
    // Where the squares vanish, so do the elements beside the largest of the matrix, which is 1.
    if (h > 0) us[last - 1] = head - target;
    update.run(last, v, w, u, product);
    if (h > 0) {
      let overlap = 0;
      for (let i = 0; i < last; i++) {
        products[i]! /= h;
        overlap += products[i]! * us[i]!;
      }
      for (let i = 0; i < last; i++) products[i]! -= (overlap / (2 * h)) * us[i]!;
    } else {
      us.fill(0);
      products.fill(0);
    }
    [v, w, u, product] = [u, product, v, w];
  }
  diagonal[0] = a[0]! - 2 * v.values[0]! * w.values[0]!;
  return { diagonal, off };
}

const MAXIMUM_SWEEPS = 60;

/** Implicit QL with Wilkinson's shift on the two diagonals. */
function implicitQl(diagonal: Float64Array, off: Float64Array): void {
  const size = diagonal.length;
  off.copyWithin(0, 1);
  off[size - 1] = 0;
  for (let low = 0; low < size; low++) {
    for (let sweep = 0; ; sweep++) {
      let end = low;
      for (; end < size - 1; end++) {
        const scale = Math.abs(diagonal[end]!) + Math.abs(diagonal[end + 1]!);
        if (Math.abs(off[end]!) <= Number.EPSILON * scale) break;
      }
      if (end === low || sweep === MAXIMUM_SWEEPS) break;
      let g = (diagonal[low + 1]! - diagonal[low]!) / (2 * off[low]!);
      let r = Math.sqrt(g * g + 1);
      g = diagonal[end]! - diagonal[low]! + off[low]! / (g + (g >= 0 ? r : -r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = end - 1;
      for (; i >= low; i--) {
        const f = s * off[i]!;
        const b = c * off[i]!;
        r = Math.sqrt(f * f + g * g);
        off[i + 1] = r;
        if (r === 0) {
          diagonal[i + 1]! -= p;
          off[end] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = diagonal[i + 1]! - p;
        r = (diagonal[i]! - g) * s + 2 * c * b;
        p = s * r;
        diagonal[i + 1] = g + p;
        g = c * r - b;
      }
      if (r === 0 && i >= low) continue;
      diagonal[low]! -= p;
      off[low] = g;
      off[end] = 0;
    }
  }
}

/**
 * Eigenvalues of a symmetric matrix, ascending, in double precision; no vectors, which are most of the work elsewhere.
 *
 * @param matrix [size, size] row-major, rows `stride` apart, of which the lower triangle is read
 * @param simd false: plain JavaScript even where WebAssembly has SIMD
 * @see Golub and Van Loan, Matrix Computations, sections 8.3 and 8.4
 */
export function symmetricEigenvalues(
  matrix: Float64Array,
  size: number,
  { stride = size, simd = true }: { readonly stride?: number; readonly simd?: boolean } = {},
): Float64Array {
  let scale = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) scale = Math.max(scale, Math.abs(matrix[i * stride + j]!));
  }
  if (scale === 0) return new Float64Array(size);
  // Squares of elements appear on the way: scaled to 1 they neither overflow nor vanish.
  const update = rankTwoUpdate(size, simd);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) update.matrix[i * update.stride + j] = matrix[i * stride + j]! / scale;
    // The blocks of two rows on the diagonal are whole.
    if (i % 2) update.matrix[(i - 1) * update.stride + i] = matrix[i * stride + i - 1]! / scale;
  }
  const { diagonal, off } = tridiagonal(update, size);
  implicitQl(diagonal, off);
  return diagonal.map((value) => value * scale).sort();
}
