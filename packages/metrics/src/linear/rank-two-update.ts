import {
  ADD,
  type Code,
  code,
  constant,
  doubles,
  get,
  increase,
  LESS,
  load,
  loadSplat,
  MULTIPLY,
  repeat,
  set,
  shuffle,
  store,
  times,
  type WasmFunction,
  type WasmInstance,
  wasmInstances,
  when,
  ZERO,
} from './wasm.js';

/**
 * One pass over the lower triangle of a symmetric A: subtracts v w^T + w v^T, and at once adds what comes out times u to `product`. Two rows at a
 * time, for the matrix does not fit the fastest cache and every element then serves twice; their 2 x 2 blocks on the diagonal are kept whole.
 *
 * Offsets in bytes; `pairs` of rows of `rowBytes`.
 */
type UpdateAndMultiply = (a: number, v: number, w: number, u: number, product: number, pairs: number, rowBytes: number) => void;

function updateAndMultiply(): WasmFunction {
  const [a, v, w, u, product, pairs, rowBytes] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [i, bytes, j] = [7, 8, 9] as const;
  // Of the two rows: v[i], w[i], u[i] and the row's product with u.
  const rows = [0, 1].map((r) => ({ at: 10 + r, v: 12 + r, w: 14 + r, u: 16 + r, value: 18 + r, dot: 20 + r }));
  const eachRow = (part: (row: (typeof rows)[number], r: number) => Code): number[] =>
    rows.flatMap((row, r) => [...part(row, r)]);
  const element = (vector: number): number[] => code(get(vector), get(j), ADD);
  const two = (vector: number): number[] => code(element(vector), load(0));
  // v[j], w[j], u[j] of the two columns
  const [vPair, wPair, uPair] = [22, 23, 24] as const;

  /** Two columns of both rows: updates them and adds to their products with u. */
  const block = code(
    code(two(v), set(vPair), two(w), set(wPair), two(u), set(uPair)),
    eachRow(({ at, v: vRow, w: wRow, value, dot }) =>
      code(
        code(element(at), two(at)),
        code(get(vRow), get(wPair), doubles.multiply, get(wRow), get(vPair), doubles.multiply, doubles.add),
        code(doubles.subtract, set(value), get(value), store(0)),
        code(get(dot), get(value), get(uPair), doubles.multiply, doubles.add, set(dot)),
      ),
    ),
  );
  const [upper, lower] = rows as [(typeof rows)[number], (typeof rows)[number]];
  const column = code(
    code(element(product), two(product)),
    code(get(upper.value), get(upper.u), doubles.multiply, get(lower.value), get(lower.u), doubles.multiply, doubles.add),
    code(doubles.add, store(0)),
  );
  const pair = code(
    code(get(i), constant(16), MULTIPLY, set(bytes)),
    eachRow(({ at, dot, ...own }, r) =>
      code(
        code(get(a), get(i), constant(2), MULTIPLY, constant(r), ADD, get(rowBytes), MULTIPLY, ADD, set(at)),
        (
          [
            [v, own.v],
            [w, own.w],
            [u, own.u],
          ] as const
        ).flatMap(([vector, local]) => code(get(vector), get(bytes), ADD, loadSplat(8 * r), set(local))),
        code(ZERO, set(dot)),
      ),
    ),
    code(constant(0), set(j)),
    when(get(i), repeat(code(block, column, increase(j, constant(16))), code(get(j), get(bytes), LESS))),
    block,
    code(element(product), two(product)),
    times(2, (half) => code(get(upper.dot), get(lower.dot), shuffle(2 * half, 2 * half + 1, 4 + 2 * half, 5 + 2 * half))),
    code(doubles.add, doubles.add, store(0)),
    increase(i, constant(1)),
  );
  return {
    name: 'updateAndMultiply',
    parameters: 7,
    integers: 5,
    vectors: 13,
    body: repeat(pair, code(get(i), get(pairs), LESS)),
  };
}

/** Without SIMD: for engines that lack it, and what the kernel is tested against. */
function plainUpdateAndMultiply(data: Float64Array): UpdateAndMultiply {
  const at = (offset: number, i: number): number => data[offset / 8 + i] as number;
  return (a, v, w, u, product, pairs, rowBytes) => {
    for (let i = 0; i < 2 * pairs; i += 2) {
      const rows = [a + i * rowBytes, a + (i + 1) * rowBytes] as const;
      for (const [r, row] of rows.entries()) {
        const dots = [0, 0];
        for (let j = 0; j < i + 2; j++) {
          const value = at(row, j) - (at(v, i + r) * at(w, j) + at(w, i + r) * at(v, j));
          data[row / 8 + j] = value;
          (dots[j % 2] as number) += value * at(u, j);
        }
        (data[product / 8 + i + r] as number) += (dots[0] as number) + (dots[1] as number);
      }
      for (let j = 0; j < i; j++) (data[product / 8 + j] as number) += at(rows[0], j) * at(u, i) + at(rows[1], j) * at(u, i + 1);
    }
  };
}

const kernel: (bytes: number) => WasmInstance<{ readonly updateAndMultiply: UpdateAndMultiply }> | undefined = wasmInstances(
  () => [updateAndMultiply()],
);

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
  const wasm = simd ? kernel(8 * length) : undefined;
  const data = wasm ? new Float64Array(wasm.buffer(), 0, length) : new Float64Array(length);
  const update = wasm?.functions.updateAndMultiply ?? plainUpdateAndMultiply(data);
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
