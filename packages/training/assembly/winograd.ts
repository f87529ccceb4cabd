// 3 x 3 convolution of stride 1, NHWC, with fewer products: two outputs along an axis from three (doubling) or four products.
//
// Winograd's F(2, 3), of four inputs d and the taps g (Lavin & Gray 2015, section 4.1):
//
//        d0 - d2     g0                       y0 = m0 + m1 + m2
//   m =  d1 + d2  *  (g0 + g1 + g2) / 2       y1 = m1 - m2 - m3
//        d2 - d1     (g0 - g1 + g2) / 2
//        d1 - d3     g2
//
// Of an image doubled by nearest neighbour, d = (x0, x1, x1, x2): the third product is 0 and never computed. Half the second is
//
//        x0 - x1     g0                       y0 = m0 + m1
//   m =  x1       *  g0 + g1 + g2             y1 = m1 - m2
//        x1 - x2     g2
//
// Both axes are treated so: 16 products for 4 outputs instead of 36, or 9. As fewer terms are added up than in a direct convolution, the
// result is no less exact. A strip of tiles (2 x 2 outputs each) passes through all steps while it is in the second-level cache.

import { loadColumns, plainColumns, plainRows, rowAt, storeColumns } from './winograd-transforms';

export function winogradFilter(w: usize, u: usize, inChannels: i32, outChannels: i32, doubling: i32): void {
  const tap = (<usize>(inChannels * outChannels)) << 2;
  const panels = (outChannels + 7) >> 3;
  const point = (<usize>(panels * inChannels)) << 5;
  const points: usize = doubling ? 3 : 4;
  for (let n = 0; n < 8 * panels; n += 4) {
    for (let k = 0; k < inChannels; k++) {
      const source = w + ((<usize>(k * outChannels + n)) << 2);
      const target = u + ((<usize>((n >> 3) * inChannels + k)) << 5) + ((<usize>(n & 7)) << 2);
      const left = outChannels - n;
      for (let column: usize = 0; column < 3; column++) {
        const at = source + column * tap;
        transformTaps(
          loadColumns(at, left),
          loadColumns(at + 3 * tap, left),
          loadColumns(at + 6 * tap, left),
          target + column * point,
          points * point,
          doubling,
        );
      }
      for (let row: usize = 0; row < points; row++) {
        const at = target + row * points * point;
        transformTaps(v128.load(at), v128.load(at + point), v128.load(at + 2 * point), at, point, doubling);
      }
    }
  }
}

function transformTaps(g0: v128, g1: v128, g2: v128, target: usize, step: usize, doubling: i32): void {
  const half = f32x4.splat(0.5);
  const outer = f32x4.add(g0, g2);
  v128.store(target, g0);
  if (doubling) {
    v128.store(target + step, f32x4.add(outer, g1));
    v128.store(target + 2 * step, g2);
    return;
  }
  v128.store(target + step, f32x4.mul(f32x4.add(outer, g1), half));
  v128.store(target + 2 * step, f32x4.mul(f32x4.sub(outer, g1), half));
  v128.store(target + 3 * step, g2);
}

export function winograd(
  x: usize,
  u: usize,
  bias: usize,
  y: usize,
  scratch: usize,
  inHeight: i32,
  inWidth: i32,
  inChannels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  padTop: i32,
  padLeft: i32,
  doubling: i32,
  slope: f32,
  epsilon: f32,
  strip: i32,
  from: i32,
  to: i32,
): void {
  const points = doubling ? 3 : 4;
  const step = doubling ? 1 : 2;
  const columns = strip * step + 2;
  const panels = (outChannels + 7) >> 3;
  const pixel = (<usize>inChannels) << 2;
  const inRow = <usize>inWidth * pixel;
  const outPixel = (<usize>outChannels) << 2;
  const outRow = <usize>outWidth * outPixel;
  const outBlock = (<usize>panels) << 5;
  const rowSize = <usize>columns * pixel;
  const inPoint = <usize>strip * pixel;
  const outPoint = <usize>strip * outBlock;
  const panel = (<usize>inChannels) << 5;

  const zeros = scratch;
  const rows = zeros + rowSize;
  const inputs = rows + <usize>points * rowSize;
  const products = inputs + <usize>(points * points) * inPoint;
  const halves = products + <usize>(points * points) * outPoint;
  memory.fill(zeros, 0, rowSize);

  const tilesHigh = (outHeight + 1) >> 1;
  const tilesWide = (outWidth + 1) >> 1;
  for (let row = from; row < to; row++) {
    const n = row / tilesHigh;
    const tile = row % tilesHigh;
    const xImage = x + <usize>(n * inHeight) * inRow;
    const yRow = y + <usize>(n * outHeight + 2 * tile) * outRow;
    const outRows = min(2, outHeight - 2 * tile);
    const top = tile * step - padTop;
    for (let first = 0; first < tilesWide; first += strip) {
      const count = min(strip, tilesWide - first);
      // Columns of the input under the strip; those outside of the image are zero.
      const left = first * step - padLeft;
      const before = min(max(-left, 0), columns);
      const beyond = max(min(inWidth - left, count * step + 2), before);
      const skip = <usize>before * pixel;
      const size = <usize>(beyond - before) * pixel;
      const start = xImage + <usize>max(left, 0) * pixel;
      const d0 = rowAt(start, top, inHeight, inRow, zeros);
      const d1 = rowAt(start, top + 1, inHeight, inRow, zeros);
      const d2 = rowAt(start, top + 2, inHeight, inRow, zeros);
      if (size < rowSize) memory.fill(rows, 0, <usize>points * rowSize);
      if (doubling) {
        doublingRows(d0, d1, d2, rows + skip, rowSize, size);
      } else {
        plainRows(d0, d1, d2, rowAt(start, top + 3, inHeight, inRow, zeros), rows + skip, rowSize, size);
      }

      for (let a = 0; a < points; a++) {
        const source = rows + <usize>a * rowSize;
        const target = inputs + <usize>(a * points) * inPoint;
        if (doubling) doublingColumns(source, target, inPoint, pixel, count);
        else plainColumns(source, target, inPoint, pixel, count);
      }

      for (let p = 0, w = u; p < points * points; p++) {
        const a = inputs + <usize>p * inPoint;
        const c = products + <usize>p * outPoint;
        for (let m = 0; m < panels; m++, w += panel) {
          for (let t = 0; t < count; t += 4) {
            const target = c + <usize>t * outBlock + ((<usize>m) << 5);
            block4x8(a + <usize>t * pixel, pixel, w, target, outBlock, inChannels);
          }
        }
      }

      // [points, points, tile, channel] to [2, points, tile, channel], to pixels
      const plane = <usize>points * outPoint;
      if (doubling) addDoublingRows(products, halves, plane);
      else addPlainRows(products, halves, plane);
      for (let i = 0; i < outRows; i++) {
        const source = halves + <usize>i * plane;
        const target = yRow + <usize>i * outRow + <usize>(2 * first) * outPixel;
        const pixels = min(2 * count, outWidth - 2 * first);
        storePixels(source, target, outPoint, outBlock, outPixel, bias, slope, pixels, outChannels, doubling);
        if (epsilon >= 0) pixelNorm(target, pixels, outChannels, epsilon);
      }
    }
  }
}

function doublingRows(d0: usize, d1: usize, d2: usize, target: usize, step: usize, size: usize): void {
  const vectors = size & ~15;
  for (let i: usize = 0; i < vectors; i += 16) {
    const v1 = v128.load(d1 + i);
    const at = target + i;
    v128.store(at, f32x4.sub(v128.load(d0 + i), v1));
    v128.store(at + step, v1);
    v128.store(at + 2 * step, f32x4.sub(v1, v128.load(d2 + i)));
  }
  for (let i = vectors; i < size; i += 4) {
    const v1 = load<f32>(d1 + i);
    const at = target + i;
    store<f32>(at, load<f32>(d0 + i) - v1);
    store<f32>(at + step, v1);
    store<f32>(at + 2 * step, v1 - load<f32>(d2 + i));
  }
}

function doublingColumns(source: usize, target: usize, point: usize, pixel: usize, count: i32): void {
  // Tiles are one pixel apart, so that a strip is one run.
  const size = <usize>count * pixel;
  doublingRows(source, source + pixel, source + 2 * pixel, target, point, size);
}

// Four rows of c from four rows of a and a panel of b; nothing is added to. Not the one of matrix.ts: its strides are variables, which takes
// a fifth more time here.
function block4x8(a: usize, aRow: usize, b: usize, c: usize, cRow: usize, depth: i32): void {
  const aRow2 = aRow << 1;
  const aRow3 = aRow2 + aRow;
  const zero = f32x4.splat(0);
  let s00 = zero,
    s01 = zero,
    s10 = zero,
    s11 = zero;
  let s20 = zero,
    s21 = zero,
    s30 = zero,
    s31 = zero;
  for (const end = a + ((<usize>depth) << 2); a < end; a += 4, b += 32) {
    const b0 = v128.load(b),
      b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(a0, b0));
    s01 = f32x4.add(s01, f32x4.mul(a0, b1));
    const a1 = v128.load_splat<f32>(a + aRow);
    s10 = f32x4.add(s10, f32x4.mul(a1, b0));
    s11 = f32x4.add(s11, f32x4.mul(a1, b1));
    const a2 = v128.load_splat<f32>(a + aRow2);
    s20 = f32x4.add(s20, f32x4.mul(a2, b0));
    s21 = f32x4.add(s21, f32x4.mul(a2, b1));
    const a3 = v128.load_splat<f32>(a + aRow3);
    s30 = f32x4.add(s30, f32x4.mul(a3, b0));
    s31 = f32x4.add(s31, f32x4.mul(a3, b1));
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  c += cRow;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  c += cRow;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  c += cRow;
  v128.store(c, s30);
  v128.store(c, s31, 16);
}

function addPlainRows(m: usize, target: usize, plane: usize): void {
  for (let i: usize = 0; i < plane; i += 16) {
    const from = m + i;
    const m1 = v128.load(from + plane),
      m2 = v128.load(from + 2 * plane);
    v128.store(target + i, f32x4.add(f32x4.add(v128.load(from), m1), m2));
    v128.store(target + plane + i, f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 3 * plane)));
  }
}

function addDoublingRows(m: usize, target: usize, plane: usize): void {
  for (let i: usize = 0; i < plane; i += 16) {
    const from = m + i;
    const m1 = v128.load(from + plane);
    v128.store(target + i, f32x4.add(v128.load(from), m1));
    v128.store(target + plane + i, f32x4.sub(m1, v128.load(from + 2 * plane)));
  }
}

function storePixels(
  source: usize,
  target: usize,
  point: usize,
  block: usize,
  pixel: usize,
  bias: usize,
  slope: f32,
  pixels: i32,
  channels: i32,
  doubling: i32,
): void {
  const zero = f32x4.splat(0);
  const slopes = f32x4.splat(slope);
  for (let p = 0; p < pixels; p += 2, source += block, target += 2 * pixel) {
    const isPair = p + 1 < pixels;
    for (let c = 0; c < channels; c += 4) {
      const offset = (<usize>c) << 2;
      const from = source + offset;
      const added = bias ? v128.load(bias + offset) : zero;
      const m0 = v128.load(from),
        m1 = v128.load(from + point),
        m2 = v128.load(from + 2 * point);
      let y0 = f32x4.add(m0, m1),
        y1 = f32x4.sub(m1, m2);
      if (!doubling) {
        y0 = f32x4.add(y0, m2);
        y1 = f32x4.sub(y1, v128.load(from + 3 * point));
      }
      y0 = f32x4.add(y0, added);
      y1 = f32x4.add(y1, added);
      y0 = v128.bitselect(y0, f32x4.mul(y0, slopes), f32x4.gt(y0, zero));
      y1 = v128.bitselect(y1, f32x4.mul(y1, slopes), f32x4.gt(y1, zero));
      const left = channels - c;
      storeColumns(target + offset, y0, left);
      if (isPair) storeColumns(target + pixel + offset, y1, left);
    }
  }
}

function pixelNorm(y: usize, pixels: i32, channels: i32, epsilon: f32): void {
  const size = (<usize>channels) << 2;
  const vectors = size & ~15;
  for (let p = 0; p < pixels; p++, y += size) {
    let squares = f32x4.splat(0);
    for (let i: usize = 0; i < vectors; i += 16) {
      const v = v128.load(y + i);
      squares = f32x4.add(squares, f32x4.mul(v, v));
    }
    let sum =
      f32x4.extract_lane(squares, 0) +
      f32x4.extract_lane(squares, 1) +
      (f32x4.extract_lane(squares, 2) + f32x4.extract_lane(squares, 3));
    for (let i = vectors; i < size; i += 4) sum += load<f32>(y + i) * load<f32>(y + i);
    const factor: f32 = 1 / sqrt<f32>(sum / <f32>channels + epsilon);
    const factors = f32x4.splat(factor);
    for (let i: usize = 0; i < vectors; i += 16) v128.store(y + i, f32x4.mul(v128.load(y + i), factors));
    for (let i = vectors; i < size; i += 4) store<f32>(y + i, load<f32>(y + i) * factor);
  }
}
