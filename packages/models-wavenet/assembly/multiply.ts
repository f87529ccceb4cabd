import { accumulateEight, accumulateOne, widenHalves } from './accumulate';
import { dotEight, dotOne, widenBytes } from './dot';
import * as P from './plan';
import { address, word } from './plan';
import { quantiseEight, quantiseOne } from './quantise';

// Of the plan at hand: the precision of its weights, bytes of a row, and where a panel is widened.
export let precision: i32 = 0;
export let rowBytes: usize = 0;
let panel: usize = 0;

export function locateProducts(plan: usize): void {
  precision = word(plan, P.PRECISION);
  rowBytes = (<usize>word(plan, P.LANES)) << 2;
  panel = address(plan, P.SCRATCH);
}

// Bytes of a matrix: its weights, of each output a bias, and of whole numbers also a scale.
export function matrixBytes(kind: i32, outputs: i32, inputs: i32): usize {
  const each = kind === P.FLOAT32 ? 4 * inputs + 4 : kind === P.BFLOAT16 ? 2 * inputs + 4 : inputs + 8;
  return <usize>outputs * <usize>each;
}

export function accumulateTiles(
  kind: i32,
  w: usize,
  x: usize,
  xStride: usize,
  out: usize,
  outStride: usize,
  tiles: i32,
  outputs: i32,
  inputs: i32,
): void {
  if (kind === P.FLOAT32) {
    accumulateEight(w, x, xStride, out, outStride, tiles, outputs, inputs);
    return;
  }
  // Every panel is widened once for all tiles.
  const bytes = matrixBytes(kind, 4, inputs);
  for (let o = 0; o < outputs; o += 4) {
    if (kind === P.BFLOAT16) {
      widenHalves(w, panel, inputs);
      accumulateEight(panel, x, xStride, out, outStride, tiles, 4, inputs);
    } else {
      widenBytes(w, panel, inputs);
      dotEight(panel, x, xStride, out, outStride, tiles, 4, inputs);
    }
    w += bytes;
    out += 128;
  }
}

// out += W x + b for the plan's tiles, outputs from `first` to before `end`.
export function accumulate(plan: usize, kind: i32, w: usize, x: usize, out: usize, first: i32, end: i32, inputs: i32): void {
  const stride = address(plan, P.TILE_BYTES);
  const outputs = end - first;
  w += matrixBytes(kind, first, inputs);
  out += <usize>first * rowBytes;
  if (word(plan, P.LANES) === 8) {
    accumulateTiles(kind, w, x, stride, out, stride, word(plan, P.TILES), outputs, inputs);
    return;
  }
  for (let tile = word(plan, P.TILES); tile > 0; tile--) {
    if (kind === P.FLOAT32) accumulateOne<f32>(w, x, out, outputs, inputs);
    else if (kind === P.BFLOAT16) accumulateOne<u16>(w, x, out, outputs, inputs);
    else dotOne(w, x, out, outputs, inputs);
    x += stride;
    out += stride;
  }
}

// Rows of 32 bits of what a vector of `rows` is multiplied as: those before what row `at` lies in, or all.
export function operandRows(at: i32, rows: i32): i32 {
  if (precision !== P.INT8) return at;
  return at === rows ? (rows >> 1) + 1 : at >> 1;
}

// What a vector is multiplied as: itself, or the whole numbers that are written after it, by each of several threads all of them, alike.
export function operand(plan: usize, vector: usize, rows: i32): usize {
  const bytes = <usize>rows * rowBytes;
  if (precision !== P.INT8) return vector;
  const stride = address(plan, P.TILE_BYTES);
  const most = load<f32>(plan + (P.MOST << 2));
  let from = vector;
  for (let tile = word(plan, P.TILES); tile > 0; tile--) {
    if (word(plan, P.LANES) === 8) quantiseEight(from, from + bytes, rows, most);
    else quantiseOne(from, from + bytes, rows, most);
    from += stride;
  }
  return vector + bytes;
}
