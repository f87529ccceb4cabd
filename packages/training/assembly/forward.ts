// Convolution, NHWC, with bias and leaky ReLU applied while the result is still in registers.
//
// For one row of the filter, the taps of a pixel and their channels are one contiguous run of the input, and so are the weights: the
// inner loop is a product of a few pixels' runs with the packed weights, and needs neither an im2col copy nor an indirection table.

// Rearranges weights [depth, columns] into panels of eight columns, [columns / 8, depth, 8]; missing columns are zero.
export function packFilter(w: usize, packed: usize, depth: i32, columns: i32): void {
  for (let n = 0; n < columns; n += 8) {
    const width = min(8, columns - n);
    for (let k = 0; k < depth; k++) {
      const source = w + ((<usize>(k * columns + n)) << 2);
      if (width === 8) {
        v128.store(packed, v128.load(source));
        v128.store(packed, v128.load(source, 16), 16);
      } else {
        for (let i = 0; i < 8; i++) store<f32>(packed + ((<usize>i) << 2), i < width ? load<f32>(source + ((<usize>i) << 2)) : 0);
      }
      packed += 32;
    }
  }
}

// The bias, padded to whole panels, is at `bias` (0: none). slope 1 means no activation. Output rows [from, to) of batch * outHeight
// are computed. `scratch` has room for filterHeight padded rows where there is padding left or right.
export function convolve(
  x: usize,
  packed: usize,
  bias: usize,
  y: usize,
  scratch: usize,
  inHeight: i32,
  inWidth: i32,
  inChannels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
  padRight: i32,
  slope: f32,
  from: i32,
  to: i32,
): void {
  const pixel = (<usize>inChannels) << 2;
  const inRow = <usize>inWidth * pixel;
  const isPadded = padLeft > 0 || padRight > 0;
  const before = <usize>padLeft * pixel;
  const paddedRow = before + inRow + <usize>max(padRight, 0) * pixel;
  const rowSize = isPadded ? paddedRow : inRow;
  const run = filterWidth * inChannels;
  const runPanel = (<usize>run) << 5;
  const panel = <usize>filterHeight * runPanel;
  const step = <usize>strideWidth * pixel;
  const outPixel = (<usize>outChannels) << 2;
  const slopes = f32x4.splat(slope);
  if (isPadded) memory.fill(scratch, 0, <usize>filterHeight * paddedRow);
  let image = -1;
  let next = 0;
  for (let row = from; row < to; row++) {
    const n = row / outHeight;
    const top = (row % outHeight) * strideHeight - padTop;
    const first = max(top, 0);
    const last = min(top + filterHeight, inHeight);
    const xImage = x + <usize>(n * inHeight) * inRow;
    if (isPadded) {
      // Input row r lives in slot r % filterHeight.
      if (n !== image) {
        image = n;
        next = first;
      }
      for (let r = max(next, first); r < last; r++) {
        memory.copy(scratch + <usize>(r % filterHeight) * paddedRow + before, xImage + <usize>r * inRow, inRow);
      }
      next = max(next, last);
    }
    const base = isPadded ? scratch : xImage;
    const modulus = isPadded ? filterHeight : inHeight;
    const yRow = y + <usize>(row * outWidth) * outPixel;
    for (let column = 0, p: usize = packed; column < outChannels; column += 8, p += panel) {
      const width = min(8, outChannels - column);
      const bias0 = bias ? v128.load(bias + ((<usize>column) << 2)) : f32x4.splat(0);
      const bias1 = bias ? v128.load(bias + ((<usize>column) << 2), 16) : f32x4.splat(0);
      const target = yRow + ((<usize>column) << 2);
      for (let out = 0; out < outWidth;) {
        if (outWidth >= 4) {
          // The last block overlaps the one before rather than being narrower.
          const at = min(out, outWidth - 4);
          pixels4(
            base + <usize>at * step,
            step,
            rowSize,
            modulus,
            first,
            last,
            p + <usize>(first - top) * runPanel,
            runPanel,
            run,
            bias0,
            bias1,
            slopes,
            target + <usize>at * outPixel,
            outPixel,
            width,
          );
          out += 4;
        } else {
          pixel1(
            base + <usize>out * step,
            rowSize,
            modulus,
            first,
            last,
            p + <usize>(first - top) * runPanel,
            runPanel,
            run,
            bias0,
            bias1,
            slopes,
            target + <usize>out * outPixel,
            width,
          );
          out++;
        }
      }
    }
  }
}

function pixels4(
  x: usize,
  step: usize,
  rowSize: usize,
  modulus: i32,
  first: i32,
  last: i32,
  w: usize,
  wRow: usize,
  run: i32,
  bias0: v128,
  bias1: v128,
  slopes: v128,
  y: usize,
  outPixel: usize,
  width: i32,
): void {
  const step2 = step << 1;
  const step3 = step2 + step;
  let s00 = bias0,
    s01 = bias1,
    s10 = bias0,
    s11 = bias1;
  let s20 = bias0,
    s21 = bias1,
    s30 = bias0,
    s31 = bias1;
  for (let row = first; row < last; row++) {
    let a = x + <usize>(row % modulus) * rowSize;
    let b = w;
    const end = a + ((<usize>run) << 2);
    for (; a < end; a += 4) {
      const b0 = v128.load(b),
        b1 = v128.load(b, 16);
      const a0 = v128.load_splat<f32>(a);
      s00 = f32x4.add(s00, f32x4.mul(a0, b0));
      s01 = f32x4.add(s01, f32x4.mul(a0, b1));
      const a1 = v128.load_splat<f32>(a + step);
      s10 = f32x4.add(s10, f32x4.mul(a1, b0));
      s11 = f32x4.add(s11, f32x4.mul(a1, b1));
      const a2 = v128.load_splat<f32>(a + step2);
      s20 = f32x4.add(s20, f32x4.mul(a2, b0));
      s21 = f32x4.add(s21, f32x4.mul(a2, b1));
      const a3 = v128.load_splat<f32>(a + step3);
      s30 = f32x4.add(s30, f32x4.mul(a3, b0));
      s31 = f32x4.add(s31, f32x4.mul(a3, b1));
      b += 32;
    }
    w += wRow;
  }
  finish(y, s00, s01, slopes, width);
  finish(y + outPixel, s10, s11, slopes, width);
  finish(y + 2 * outPixel, s20, s21, slopes, width);
  finish(y + 3 * outPixel, s30, s31, slopes, width);
}

function pixel1(
  x: usize,
  rowSize: usize,
  modulus: i32,
  first: i32,
  last: i32,
  w: usize,
  wRow: usize,
  run: i32,
  bias0: v128,
  bias1: v128,
  slopes: v128,
  y: usize,
  width: i32,
): void {
  // Four partial sums each, since one addition must wait for the one before.
  const zero = f32x4.splat(0);
  let s00 = bias0,
    s01 = bias1,
    s10 = zero,
    s11 = zero,
    s20 = zero,
    s21 = zero,
    s30 = zero,
    s31 = zero;
  for (let row = first; row < last; row++) {
    let a = x + <usize>(row % modulus) * rowSize;
    let b = w;
    let k = 0;
    for (; k + 4 <= run; k += 4) {
      const a0 = v128.load_splat<f32>(a),
        a1 = v128.load_splat<f32>(a, 4),
        a2 = v128.load_splat<f32>(a, 8),
        a3 = v128.load_splat<f32>(a, 12);
      s00 = f32x4.add(s00, f32x4.mul(a0, v128.load(b)));
      s01 = f32x4.add(s01, f32x4.mul(a0, v128.load(b, 16)));
      s10 = f32x4.add(s10, f32x4.mul(a1, v128.load(b, 32)));
      s11 = f32x4.add(s11, f32x4.mul(a1, v128.load(b, 48)));
      s20 = f32x4.add(s20, f32x4.mul(a2, v128.load(b, 64)));
      s21 = f32x4.add(s21, f32x4.mul(a2, v128.load(b, 80)));
      s30 = f32x4.add(s30, f32x4.mul(a3, v128.load(b, 96)));
      s31 = f32x4.add(s31, f32x4.mul(a3, v128.load(b, 112)));
      a += 16;
      b += 128;
    }
    for (; k < run; k++) {
      const a0 = v128.load_splat<f32>(a);
      s00 = f32x4.add(s00, f32x4.mul(a0, v128.load(b)));
      s01 = f32x4.add(s01, f32x4.mul(a0, v128.load(b, 16)));
      a += 4;
      b += 32;
    }
    w += wRow;
  }
  s00 = f32x4.add(f32x4.add(s00, s10), f32x4.add(s20, s30));
  s01 = f32x4.add(f32x4.add(s01, s11), f32x4.add(s21, s31));
  finish(y, s00, s01, slopes, width);
}

// Leaky ReLU, and as many columns as there are.
function finish(y: usize, s0: v128, s1: v128, slopes: v128, width: i32): void {
  const zero = f32x4.splat(0);
  s0 = v128.bitselect(s0, f32x4.mul(s0, slopes), f32x4.gt(s0, zero));
  s1 = v128.bitselect(s1, f32x4.mul(s1, slopes), f32x4.gt(s1, zero));
  if (width === 8) {
    v128.store(y, s0);
    v128.store(y, s1, 16);
    return;
  }
  let rest = s0;
  let i = 0;
  if (width >= 4) {
    v128.store(y, s0);
    rest = s1;
    i = 4;
  }
  if (i < width) store<f32>(y + ((<usize>i) << 2), f32x4.extract_lane(rest, 0));
  if (i + 1 < width) store<f32>(y + ((<usize>i) << 2), f32x4.extract_lane(rest, 1), 4);
  if (i + 2 < width) store<f32>(y + ((<usize>i) << 2), f32x4.extract_lane(rest, 2), 8);
}
