/**
 * One pass over the lower triangle of the leading `size` rows: subtracts v w^T + w v^T, and at once multiplies what comes out by u. Two rows at
 * a time, for the matrix does not fit the fastest cache and every element then serves twice.
 *
 * @param product set to A u
 */
function updateAndMultiply(
  a: Float64Array,
  stride: number,
  size: number,
  v: Float64Array,
  w: Float64Array,
  u: Float64Array,
  product: Float64Array,
): void {
  product.fill(0, 0, size);
  let i = 0;
  for (; i + 1 < size; i += 2) {
    const first = i * stride;
    const second = first + stride;
    const [v0, w0, u0] = [v[i] as number, w[i] as number, u[i] as number];
    const [v1, w1, u1] = [v[i + 1] as number, w[i + 1] as number, u[i + 1] as number];
    let dot0 = 0;
    let dot1 = 0;
    for (let j = 0; j < i; j++) {
      const vj = v[j] as number;
      const wj = w[j] as number;
      const uj = u[j] as number;
      const x = (a[first + j] as number) - (v0 * wj + w0 * vj);
      const y = (a[second + j] as number) - (v1 * wj + w1 * vj);
      a[first + j] = x;
      a[second + j] = y;
      dot0 += x * uj;
      dot1 += y * uj;
      (product[j] as number) += x * u0 + y * u1;
    }
    const corner = (a[first + i] as number) - 2 * v0 * w0;
    const below = (a[second + i] as number) - (v1 * w0 + w1 * v0);
    const last = (a[second + i + 1] as number) - 2 * v1 * w1;
    a[first + i] = corner;
    a[second + i] = below;
    a[second + i + 1] = last;
    (product[i] as number) += dot0 + corner * u0 + below * u1;
    (product[i + 1] as number) += dot1 + below * u0 + last * u1;
  }
  if (i < size) {
    const at = i * stride;
    let dot = 0;
    for (let j = 0; j < i; j++) {
      const x = (a[at + j] as number) - ((v[i] as number) * (w[j] as number) + (w[i] as number) * (v[j] as number));
      a[at + j] = x;
      dot += x * (u[j] as number);
      (product[j] as number) += x * (u[i] as number);
    }
    const corner = (a[at + i] as number) - 2 * (v[i] as number) * (w[i] as number);
    a[at + i] = corner;
    (product[i] as number) += dot + corner * (u[i] as number);
  }
}

/**
 * Householder reduction of a symmetric matrix to tridiagonal form, keeping only the two diagonals.
 *
 * @param a [size, size] row-major; only the lower triangle is read, and it is overwritten
 */
function tridiagonal(a: Float64Array, size: number): { readonly diagonal: Float64Array; readonly off: Float64Array } {
  const diagonal = new Float64Array(size);
  const off = new Float64Array(size);
  // A - v w^T - w v^T is the matrix so far; the subtraction is left to the next pass over A.
  let [v, u] = [new Float64Array(size), new Float64Array(size)];
  let [w, product] = [new Float64Array(size), new Float64Array(size)];
  // From the last row upwards: the rows still to come are then a leading block of the lower triangle.
  for (let last = size - 1; last > 0; last--) {
    const row = last * size;
    const [vLast, wLast] = [v[last] as number, w[last] as number];
    let scale = 0;
    for (let i = 0; i <= last; i++) {
      u[i] = (a[row + i] as number) - (vLast * (w[i] as number) + wLast * (v[i] as number));
      if (i < last) scale = Math.max(scale, Math.abs(u[i] as number));
    }
    diagonal[last] = u[last] as number;
    u[last] = 0;
    let norm = 0;
    for (let i = 0; i < last; i++) {
      if (scale > 0) (u[i] as number) /= scale;
      norm += (u[i] as number) ** 2;
    }
    const head = u[last - 1] as number;
    const length = Math.sqrt(norm);
    const target = head > 0 ? -length : length;
    off[last] = scale * target;
    // Reflection I - u u^T / h with h = u^T u / 2.
    const h = norm - head * target;
    if (h > 0) u[last - 1] = head - target;
    updateAndMultiply(a, size, last, v, w, u, product);
    if (h > 0) {
      let overlap = 0;
      for (let i = 0; i < last; i++) {
        (product[i] as number) /= h;
        overlap += (product[i] as number) * (u[i] as number);
      }
      for (let i = 0; i < last; i++) (product[i] as number) -= (overlap / (2 * h)) * (u[i] as number);
    } else {
      u.fill(0);
      product.fill(0);
    }
    [v, u] = [u, v];
    [w, product] = [product, w];
  }
  diagonal[0] = (a[0] as number) - 2 * (v[0] as number) * (w[0] as number);
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
