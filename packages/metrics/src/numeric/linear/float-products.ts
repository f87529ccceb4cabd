import { wasmInstance } from './wasm.js';

const TILE_ROWS = 4;
const TILE_OTHERS = 2;

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
  const wasm = count > 0 && columns > 0 ? wasmInstance(end) : undefined;
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
      wasm.functions.floatNarrow(rowsAt, shiftAt, floatsAt, squaresAt, taken, width);
      wasm.functions.floatMultiply(floatsAt, othersAt, productsAt, taken, stride, 4 * width, 4 * stride);
    },
    error(r) {
      const length = Math.sqrt(squares[r]!);
      const both = length + longest;
      return both < 2 ** 60 ? relative * longest * both + width * UNDERFLOW * (1 + both) : Number.POSITIVE_INFINITY;
    },
  };
}
