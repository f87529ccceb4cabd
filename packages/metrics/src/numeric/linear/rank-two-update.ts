import { type Kernels, wasmInstance } from './wasm.js';

/** Without SIMD: for engines that lack it, and what the kernel is tested against. */
function plainUpdateAndMultiply(data: Float64Array): Kernels['rankTwoUpdate'] {
  const at = (offset: number, i: number): number => data[offset / 8 + i]!;
  return (a, v, w, u, product, pairs, rowBytes) => {
    for (let i = 0; i < 2 * pairs; i += 2) {
      const rows = [a + i * rowBytes, a + (i + 1) * rowBytes] as const;
      for (const [r, row] of rows.entries()) {
        const dots = [0, 0];
        for (let j = 0; j < i + 2; j++) {
          const value = at(row, j) - (at(v, i + r) * at(w, j) + at(w, i + r) * at(v, j));
          data[row / 8 + j] = value;
          dots[j % 2]! += value * at(u, j);
        }
        data[product / 8 + i + r]! += dots[0]! + dots[1]!;
      }
      for (let j = 0; j < i; j++) data[product / 8 + j]! += at(rows[0], j) * at(u, i) + at(rows[1], j) * at(u, i + 1);
    }
  };
}

/** A vector in the memory of a `rankTwoUpdate`. */
export interface Vector {
  readonly values: Float64Array;
  readonly at: number;
}

export interface RankTwoUpdate {
  /** Row-major, rows `stride` apart; lower triangle and the 2 x 2 blocks on the diagonal. All zero at first. */
  readonly matrix: Float64Array;
  readonly stride: number;
  /** v, w, u and the product, of `stride` elements; all zero at first. */
  readonly vectors: readonly [Vector, Vector, Vector, Vector];
  /**
   * Leading `size` rows of the matrix: A -= v w^T + w v^T; product = A u.
   *
   * If `size` is odd, row `size` and its elements of the vectors are also read and written; u must be 0 there.
   */
  run(size: number, v: Vector, w: Vector, u: Vector, product: Vector): void;
}

/** @param simd false: plain JavaScript even where WebAssembly has SIMD */
export function rankTwoUpdate(size: number, simd = true): RankTwoUpdate {
  const stride = size + (size % 2);
  const length = (stride + 4) * stride;
  const wasm = simd ? wasmInstance(8 * length) : undefined;
  const data = wasm ? new Float64Array(wasm.buffer(), 0, length) : new Float64Array(length);
  const update = wasm?.functions.rankTwoUpdate ?? plainUpdateAndMultiply(data);
  const vector = (i: number): Vector => {
    const from = (stride + i) * stride;
    return { values: data.subarray(from, from + stride), at: 8 * from };
  };
  return {
    matrix: data.subarray(0, stride * stride),
    stride,
    vectors: [vector(0), vector(1), vector(2), vector(3)],
    run(rows, v, w, u, product) {
      const pairs = Math.ceil(rows / 2);
      product.values.fill(0, 0, 2 * pairs);
      if (pairs > 0) update(0, v.at, w.at, u.at, product.at, pairs, 8 * stride);
    },
  };
}
