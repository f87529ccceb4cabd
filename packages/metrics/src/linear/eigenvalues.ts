/**
 * Householder reduction of a symmetric matrix to tridiagonal form, keeping only the two diagonals.
 *
 * @param a [size, size] row-major; only the lower triangle is read, and it is overwritten
 */
function tridiagonal(a: Float64Array, size: number): { readonly diagonal: Float64Array; readonly off: Float64Array } {
  const diagonal = new Float64Array(size);
  const off = new Float64Array(size);
  const v = new Float64Array(size);
  const w = new Float64Array(size);
  // From the last row upwards: the rows still to come are then a leading block of the lower triangle.
  for (let last = size - 1; last > 0; last--) {
    const row = last * size;
    diagonal[last] = a[row + last] as number;
    let scale = 0;
    for (let i = 0; i < last; i++) scale = Math.max(scale, Math.abs(a[row + i] as number));
    let norm = 0;
    for (let i = 0; i < last; i++) {
      v[i] = scale === 0 ? 0 : (a[row + i] as number) / scale;
      norm += (v[i] as number) ** 2;
    }
    const head = v[last - 1] as number;
    const length = Math.sqrt(norm);
    const target = head > 0 ? -length : length;
    off[last] = scale * target;
    // Reflection I - v v^T / h with h = v^T v / 2.
    const h = norm - head * target;
    if (h === 0 || last === 1) continue;
    v[last - 1] = head - target;

    // w = A v / h from the lower triangle alone: each element serves as a[i][j] and as a[j][i].
    w.fill(0, 0, last);
    for (let i = 0; i < last; i++) {
      const at = i * size;
      const vi = v[i] as number;
      let dot = 0;
      for (let j = 0; j < i; j++) {
        const value = a[at + j] as number;
        dot += value * (v[j] as number);
        (w[j] as number) += value * vi;
      }
      (w[i] as number) += dot + (a[at + i] as number) * vi;
    }
    let overlap = 0;
    for (let i = 0; i < last; i++) {
      (w[i] as number) /= h;
      overlap += (w[i] as number) * (v[i] as number);
    }
    const half = overlap / (2 * h);
    for (let i = 0; i < last; i++) (w[i] as number) -= half * (v[i] as number);
    // A -= v w^T + w v^T
    for (let i = 0; i < last; i++) {
      const at = i * size;
      const vi = v[i] as number;
      const wi = w[i] as number;
      for (let j = 0; j <= i; j++) (a[at + j] as number) -= vi * (w[j] as number) + wi * (v[j] as number);
    }
  }
  diagonal[0] = a[0] as number;
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
        const scale = Math.abs(diagonal[end] as number) + Math.abs(diagonal[end + 1] as number);
        if (Math.abs(off[end] as number) <= Number.EPSILON * scale) break;
      }
      if (end === low || sweep === MAXIMUM_SWEEPS) break;
      let g = ((diagonal[low + 1] as number) - (diagonal[low] as number)) / (2 * (off[low] as number));
      let r = Math.sqrt(g * g + 1);
      g = (diagonal[end] as number) - (diagonal[low] as number) + (off[low] as number) / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let i = end - 1;
      for (; i >= low; i--) {
        const f = s * (off[i] as number);
        const b = c * (off[i] as number);
        r = Math.sqrt(f * f + g * g);
        off[i + 1] = r;
        if (r === 0) {
          (diagonal[i + 1] as number) -= p;
          off[end] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = (diagonal[i + 1] as number) - p;
        r = ((diagonal[i] as number) - g) * s + 2 * c * b;
        p = s * r;
        diagonal[i + 1] = g + p;
        g = c * r - b;
      }
      if (r === 0 && i >= low) continue;
      (diagonal[low] as number) -= p;
      off[low] = g;
      off[end] = 0;
    }
  }
}

/**
 * Eigenvalues of a symmetric matrix, ascending, in double precision; no vectors, which are most of the work elsewhere.
 *
 * @param matrix [size, size] row-major, of which the lower triangle is read
 * @see Golub and Van Loan, Matrix Computations, sections 8.3 and 8.4
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  const scale = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (scale === 0) return new Float64Array(size);
  // Squares of elements appear on the way: scaled to 1 they neither overflow nor vanish.
  const { diagonal, off } = tridiagonal(
    matrix.map((value) => value / scale),
    size,
  );
  implicitQl(diagonal, off);
  return diagonal.map((value) => value * scale).sort();
}
