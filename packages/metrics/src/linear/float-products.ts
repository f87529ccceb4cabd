import {
  ADD,
  type Code,
  code,
  constant,
  doubles,
  floats,
  get,
  increase,
  LESS,
  load,
  locals,
  MULTIPLY,
  repeat,
  set,
  shuffle,
  store,
  storeDouble,
  storeFloat,
  sumOfDoubles,
  sumOfFloats,
  times,
  type WasmFunction,
  type WasmInstance,
  wasmInstances,
  ZERO,
} from './wasm.js';

interface Kernel {
  /** Rows of doubles, less `shift`, as rows of floats, with their squared lengths as doubles; `width` a multiple of 4. */
  narrow(from: number, shift: number, to: number, squares: number, rows: number, width: number): void;
  /** out[row][other] = scalar product of rows of `rowBytes` floats; `rows` a multiple of 4, `others` of 2. */
  multiply(a: number, b: number, out: number, rows: number, others: number, rowBytes: number, outBytes: number): void;
}

function narrow(): WasmFunction {
  const [from, shift, to, squares, rows, width] = [0, 1, 2, 3, 4, 5] as const;
  const [row, column, origin] = [6, 7, 8] as const;
  const [pair, sum] = [locals(9), 11] as const;
  const four = code(
    times(2, (half) =>
      code(
        code(get(from), load(16 * half), get(origin), load(16 * half), doubles.subtract, set(pair(half))),
        code(get(pair(half)), get(pair(half)), doubles.multiply, get(sum), doubles.add, set(sum)),
      ),
    ),
    code(get(to), get(pair(0)), doubles.toFloats, get(pair(1)), doubles.toFloats, shuffle(0, 1, 4, 5), store(0)),
    increase(from, constant(32)),
    increase(origin, constant(32)),
    increase(to, constant(16)),
    increase(column, constant(4)),
  );
  const all = code(
    code(get(shift), set(origin), constant(0), set(column), ZERO, set(sum)),
    repeat(four, code(get(column), get(width), LESS)),
    code(get(squares), sumOfDoubles(sum), storeDouble(0)),
    increase(squares, constant(8)),
    increase(row, constant(1)),
  );
  return {
    name: 'narrow',
    parameters: 6,
    integers: 3,
    vectors: 3,
    body: repeat(all, code(get(row), get(rows), LESS)),
  };
}

const TILE_ROWS = 4;
const TILE_OTHERS = 2;

/** Local that holds the sums of a tile's element. */
const sum = (row: number, other: number): number => 20 + TILE_OTHERS * row + other;

function multiply(): WasmFunction {
  const [a, b, out, rows, others, rowBytes, outBytes] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [i, j, end, target] = [7, 8, 9, 10] as const;
  const [row, other, factor, vector] = [locals(11), locals(15), 17, locals(18)] as const;
  const eachRow = (part: (r: number) => Code): number[] => times(TILE_ROWS, part);
  const eachOther = (part: (o: number) => Code): number[] => times(TILE_OTHERS, part);

  const accumulate = code(
    eachOther((o) => code(get(other(o)), load(0), set(vector(o)))),
    eachRow((r) =>
      code(
        code(get(row(r)), load(0), set(factor)),
        eachOther((o) => code(get(sum(r, o)), get(factor), get(vector(o)), floats.multiply, floats.add, set(sum(r, o)))),
      ),
    ),
    eachRow((r) => increase(row(r), constant(16))),
    eachOther((o) => increase(other(o), constant(16))),
  );
  const tile = code(
    eachRow((r) => code(get(a), get(i), constant(r), ADD, get(rowBytes), MULTIPLY, ADD, set(row(r)))),
    eachOther((o) => code(get(b), get(j), constant(o), ADD, get(rowBytes), MULTIPLY, ADD, set(other(o)))),
    eachRow((r) => eachOther((o) => code(ZERO, set(sum(r, o))))),
    code(get(row(0)), get(rowBytes), ADD, set(end)),
    repeat(accumulate, code(get(row(0)), get(end), LESS)),
    code(get(out), get(i), get(outBytes), MULTIPLY, ADD, get(j), constant(4), MULTIPLY, ADD, set(target)),
    eachRow((r) =>
      code(
        eachOther((o) => code(get(target), sumOfFloats(sum(r, o)), storeFloat(4 * o))),
        increase(target, get(outBytes)),
      ),
    ),
    increase(j, constant(TILE_OTHERS)),
  );
  const rowOfTiles = code(
    code(constant(0), set(j)),
    repeat(tile, code(get(j), get(others), LESS)),
    increase(i, constant(TILE_ROWS)),
  );
  return {
    name: 'multiply',
    parameters: 7,
    integers: 10,
    vectors: 1 + TILE_OTHERS + TILE_ROWS * TILE_OTHERS,
    body: repeat(rowOfTiles, code(get(i), get(rows), LESS)),
  };
}

const kernel: (bytes: number) => WasmInstance<Kernel> | undefined = wasmInstances(() => [narrow(), multiply()]);

/** So many elements of rows at a time stay in the second cache, as doubles and as floats. */
const CHUNK_ELEMENTS = 2 ** 16;
const UNIT = 2 ** -24;
/** Of underflow, for each product; smallest steps of floats are 2^-149. */
const UNDERFLOW = 2 ** -140;

const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

/** Scalar products of many rows with few others in single precision, twice as fast as in double, and how wrong they can be. */
export interface FloatProducts {
  /** Rows taken at a time. */
  readonly chunk: number;
  /** Product of row r with other o of the last call: at r * stride + o. */
  readonly products: Float32Array;
  readonly stride: number;
  /** Takes rows `from` .. `to` - 1 of `data`, at most a chunk. */
  multiply(data: Float32Array | Float64Array, from: number, to: number): void;
  /** No product of row r of the last call is farther than this from the product of the doubles; not finite where floats do not reach. */
  error(r: number): number;
}

/**
 * @param others [count, columns], given less the shift
 * @param shift subtracted from rows, in double precision
 * @returns undefined where WebAssembly or its SIMD is missing, or there is nothing to multiply
 * @see Higham, Accuracy and Stability of Numerical Algorithms, section 3.1, for the bound
 */
export function floatProducts(others: Float64Array, count: number, shift: Float64Array): FloatProducts | undefined {
  const columns = shift.length;
  const width = roundUp(columns, 4);
  const stride = roundUp(count, TILE_OTHERS);
  const chunk = Math.max(TILE_ROWS, Math.min(256, roundUp(Math.floor(CHUNK_ELEMENTS / width), TILE_ROWS)));
  const sizes = [8 * chunk * width, 8 * width, 8 * chunk, 4 * chunk * width, 4 * stride * width, 4 * chunk * stride];
  // All multiples of 16 bytes.
  const [rowsAt, shiftAt, squaresAt, floatsAt, othersAt, productsAt, end] = [0, ...sizes].map((_, i) =>
    sizes.slice(0, i).reduce((sum, size) => sum + size, 0),
  ) as [number, number, number, number, number, number, number];
  const wasm = count > 0 && columns > 0 ? kernel(end) : undefined;
  if (!wasm) return undefined;

  const buffer = wasm.buffer();
  new Float64Array(buffer, shiftAt).set(shift);
  const narrowed = new Float32Array(buffer, othersAt, stride * width);
  let largest = 0;
  for (let other = 0; other < count; other++) {
    const row = others.subarray(other * columns, (other + 1) * columns);
    narrowed.set(row, other * width);
    largest = Math.max(
      largest,
      row.reduce((sum, value) => sum + value * value, 0),
    );
  }
  const rows = new Float64Array(buffer, rowsAt, chunk * width);
  const squares = new Float64Array(buffer, squaresAt, chunk);
  const longest = Math.sqrt(largest);
  // Two roundings to floats, one of each product and the sums of a lane and of four lanes; the rest covers doubles' own rounding.
  const roundings = (width / 4 + 8) * UNIT;
  const relative = roundings < 0.5 ? roundings / (1 - roundings) : Number.POSITIVE_INFINITY;
  return {
    chunk,
    products: new Float32Array(buffer, productsAt, chunk * stride),
    stride,
    multiply(data, from, to) {
      const step = width === columns ? to - from : 1;
      for (let row = from; row < to; row += step)
        rows.set(data.subarray(row * columns, (row + step) * columns), (row - from) * width);
      const taken = roundUp(to - from, TILE_ROWS);
      wasm.functions.narrow(rowsAt, shiftAt, floatsAt, squaresAt, taken, width);
      wasm.functions.multiply(floatsAt, othersAt, productsAt, taken, stride, 4 * width, 4 * stride);
    },
    error(r) {
      const length = Math.sqrt(squares[r] as number);
      const both = length + longest;
      return both < 2 ** 60 ? relative * longest * both + width * UNDERFLOW * (1 + both) : Number.POSITIVE_INFINITY;
    },
  };
}
