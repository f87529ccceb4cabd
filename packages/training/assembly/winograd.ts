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

import { multiplyAdd } from './matrix';

// Weights [3, 3, inChannels, outChannels] to [16 or 9 (doubling), panels of eight output channels, inChannels, 8]; missing channels are zero.
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

// As many floats as there are columns left, zeros after them.
function loadColumns(source: usize, count: i32): v128 {
  if (count >= 4) return v128.load(source);
  let values = f32x4.splat(0);
  if (count > 0) values = f32x4.replace_lane(values, 0, load<f32>(source));
  if (count > 1) values = f32x4.replace_lane(values, 1, load<f32>(source, 4));
  if (count > 2) values = f32x4.replace_lane(values, 2, load<f32>(source, 8));
  return values;
}

// Three taps along one axis to the factors of three or four products; they go to `target`, `step` apart.
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

// x [batch, inHeight, inWidth, inChannels] to y [batch, outHeight, outWidth, outChannels]; the image is doubled before the convolution if
// `doubling` (padding then is 1 and outputs are twice the inputs). `u` holds the transformed weights, `bias` whole panels (0: none).
// slope 1 means no activation; epsilon below 0 no pixel norm, which is x / sqrt(mean of x^2 over channels + epsilon). Rows [from, to) of
// batch * ceil(outHeight / 2) rows of tiles are computed, `strip` tiles at a time, a multiple of 4. Scratch, in floats, with P = 3 points along
// an axis if doubling, else 4: (1 + P) rows of the input under a strip, and P * P * strip of inChannels, P * (P + 2) * strip of whole panels.
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
            block4x8(a + <usize>t * pixel, pixel, w, c + <usize>t * outBlock + ((<usize>m) << 5), outBlock, inChannels);
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

// Gradient with respect to the transformed weights, added up in `du` [16, inChannels, outChannels]: for every point the product of the
// transformed input, transposed, with dy under the transposed output transform, over all tiles. Points [from, to) of 16 are computed.
// Scratch, in floats: 2 (2 strip + 2) inChannels + 4 strip outChannels + 4 strip (inChannels + outChannels).
export function winogradFilterGradient(
  x: usize,
  dy: usize,
  du: usize,
  scratch: usize,
  batch: i32,
  inHeight: i32,
  inWidth: i32,
  inChannels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  padTop: i32,
  padLeft: i32,
  strip: i32,
  from: i32,
  to: i32,
): void {
  const columns = 2 * strip + 2;
  const pixel = (<usize>inChannels) << 2;
  const outPixel = (<usize>outChannels) << 2;
  const inRow = <usize>inWidth * pixel;
  const outRow = <usize>outWidth * outPixel;
  const rowSize = <usize>columns * pixel;
  const outRowSize = <usize>(2 * strip) * outPixel;
  const inPoint = <usize>strip * pixel;
  const outPoint = <usize>strip * outPixel;
  const point = <usize>inChannels * outPixel;

  const zeros = scratch;
  const line = zeros + rowSize;
  const outZeros = line + rowSize;
  const outLine = outZeros + outRowSize;
  const inputs = outLine + outRowSize;
  const outputs = inputs + 4 * inPoint;
  memory.fill(zeros, 0, rowSize);
  memory.fill(outZeros, 0, outRowSize);
  memory.fill(du + <usize>from * point, 0, <usize>(to - from) * point);

  const tilesHigh = (outHeight + 1) >> 1;
  const tilesWide = (outWidth + 1) >> 1;
  for (let row = 0; row < batch * tilesHigh; row++) {
    const n = row / tilesHigh;
    const tile = row % tilesHigh;
    const xImage = x + <usize>(n * inHeight) * inRow;
    const dyImage = dy + <usize>(n * outHeight) * outRow;
    const top = 2 * tile - padTop;
    for (let first = 0; first < tilesWide; first += strip) {
      const count = min(strip, tilesWide - first);
      const left = 2 * first - padLeft;
      const before = min(max(-left, 0), columns);
      const beyond = max(min(inWidth - left, 2 * count + 2), before);
      const size = <usize>(beyond - before) * pixel;
      const start = xImage + <usize>max(left, 0) * pixel;
      const d0 = rowAt(start, top, inHeight, inRow, zeros);
      const d1 = rowAt(start, top + 1, inHeight, inRow, zeros);
      const d2 = rowAt(start, top + 2, inHeight, inRow, zeros);
      const d3 = rowAt(start, top + 3, inHeight, inRow, zeros);
      const outSize = <usize>min(2 * count, outWidth - 2 * first) * outPixel;
      const outStart = dyImage + <usize>(2 * first) * outPixel;
      const y0 = outStart + <usize>(2 * tile) * outRow;
      const y1 = rowAt(outStart, 2 * tile + 1, outHeight, outRow, outZeros);
      if (size < rowSize) memory.fill(line, 0, rowSize);
      if (outSize < outRowSize) memory.fill(outLine, 0, outRowSize);
      const inLine = line + <usize>before * pixel;
      for (let a = from >> 2; a < (to + 3) >> 2; a++) {
        // One line of the transforms down the rows: those of the other points are other threads' work.
        if (a === 0) {
          addScaled(d0, d2, -1, inLine, size);
          memory.copy(outLine, y0, outSize);
        } else if (a === 1) {
          addScaled(d1, d2, 1, inLine, size);
          addScaled(y0, y1, 1, outLine, outSize);
        } else if (a === 2) {
          addScaled(d2, d1, -1, inLine, size);
          addScaled(y0, y1, -1, outLine, outSize);
        } else {
          addScaled(d1, d3, -1, inLine, size);
          addScaled(outZeros, y1, -1, outLine, outSize);
        }
        plainColumns(line, inputs, inPoint, pixel, count);
        for (let t = 0; t < count; t++) {
          const pair = outLine + <usize>(2 * t) * outPixel;
          spreadOutputs(pair, pair + outPixel, outputs + <usize>t * outPixel, outPoint, outPixel);
        }
        for (let p = max(from, 4 * a); p < min(to, 4 * a + 4); p++) {
          multiplyAdd(
            inputs + <usize>(p & 3) * inPoint,
            4,
            pixel,
            outputs + <usize>(p & 3) * outPoint,
            outPixel,
            du + <usize>p * point,
            outPixel,
            inChannels,
            outChannels,
            count,
          );
        }
      }
    }
  }
}

// target = a + scale * b
function addScaled(a: usize, b: usize, scale: f32, target: usize, size: usize): void {
  const scales = f32x4.splat(scale);
  const vectors = size & ~15;
  for (let i: usize = 0; i < vectors; i += 16) {
    v128.store(target + i, f32x4.add(v128.load(a + i), f32x4.mul(v128.load(b + i), scales)));
  }
  for (let i = vectors; i < size; i += 4) store<f32>(target + i, load<f32>(a + i) + load<f32>(b + i) * scale);
}

// The transposed output transform along one axis: two values to (y0, y0 + y1, y0 - y1, -y1).
function spreadOutputs(y0: usize, y1: usize, target: usize, step: usize, size: usize): void {
  const vectors = size & ~15;
  for (let i: usize = 0; i < vectors; i += 16) {
    const v0 = v128.load(y0 + i),
      v1 = v128.load(y1 + i);
    const at = target + i;
    v128.store(at, v0);
    v128.store(at + step, f32x4.add(v0, v1));
    v128.store(at + 2 * step, f32x4.sub(v0, v1));
    v128.store(at + 3 * step, f32x4.neg(v1));
  }
  for (let i = vectors; i < size; i += 4) {
    const v0 = load<f32>(y0 + i),
      v1 = load<f32>(y1 + i);
    const at = target + i;
    store<f32>(at, v0);
    store<f32>(at + step, v0 + v1);
    store<f32>(at + 2 * step, v0 - v1);
    store<f32>(at + 3 * step, -v1);
  }
}

// From the gradient of the transformed weights to that of the weights: G' du G. Values [from, to) of inChannels * outChannels; du is
// written over.
export function winogradFilterGradientEnd(du: usize, dw: usize, size: i32, from: i32, to: i32): void {
  const step = (<usize>size) << 2;
  for (let i = from; i < to; i += 4) {
    const offset = (<usize>i) << 2;
    const left = to - i;
    for (let row = 0; row < 4; row++) {
      const at = du + <usize>(4 * row) * step + offset;
      gatherTaps(at, step, left);
    }
    for (let column = 0; column < 3; column++) {
      const at = du + <usize>column * step + offset;
      gatherTaps(at, 4 * step, left);
      for (let row = 0; row < 3; row++) {
        storeColumns(dw + <usize>(3 * row + column) * step + offset, loadColumns(at + <usize>(4 * row) * step, left), left);
      }
    }
  }
}

// Four values, `step` apart, to three in their place: the transpose of transformTaps.
function gatherTaps(at: usize, step: usize, left: i32): void {
  const half = f32x4.splat(0.5);
  const u1 = loadColumns(at + step, left),
    u2 = loadColumns(at + 2 * step, left);
  const both = f32x4.mul(f32x4.add(u1, u2), half);
  storeColumns(at, f32x4.add(loadColumns(at, left), both), left);
  storeColumns(at + step, f32x4.mul(f32x4.sub(u1, u2), half), left);
  storeColumns(at + 2 * step, f32x4.add(loadColumns(at + 3 * step, left), both), left);
}

function rowAt(start: usize, row: i32, height: i32, size: usize, zeros: usize): usize {
  return row >= 0 && row < height ? start + <usize>row * size : zeros;
}

function plainRows(d0: usize, d1: usize, d2: usize, d3: usize, target: usize, step: usize, size: usize): void {
  const vectors = size & ~15;
  for (let i: usize = 0; i < vectors; i += 16) {
    const v0 = v128.load(d0 + i),
      v1 = v128.load(d1 + i),
      v2 = v128.load(d2 + i),
      v3 = v128.load(d3 + i);
    const at = target + i;
    v128.store(at, f32x4.sub(v0, v2));
    v128.store(at + step, f32x4.add(v1, v2));
    v128.store(at + 2 * step, f32x4.sub(v2, v1));
    v128.store(at + 3 * step, f32x4.sub(v1, v3));
  }
  for (let i = vectors; i < size; i += 4) {
    const v0 = load<f32>(d0 + i),
      v1 = load<f32>(d1 + i),
      v2 = load<f32>(d2 + i),
      v3 = load<f32>(d3 + i);
    const at = target + i;
    store<f32>(at, v0 - v2);
    store<f32>(at + step, v1 + v2);
    store<f32>(at + 2 * step, v2 - v1);
    store<f32>(at + 3 * step, v1 - v3);
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

function plainColumns(source: usize, target: usize, point: usize, pixel: usize, count: i32): void {
  const vectors = pixel & ~15;
  const pixel2 = 2 * pixel;
  const pixel3 = pixel2 + pixel;
  for (let t = 0; t < count; t++, source += pixel2, target += pixel) {
    for (let i: usize = 0; i < vectors; i += 16) {
      const from = source + i;
      const v0 = v128.load(from),
        v1 = v128.load(from + pixel),
        v2 = v128.load(from + pixel2),
        v3 = v128.load(from + pixel3);
      const at = target + i;
      v128.store(at, f32x4.sub(v0, v2));
      v128.store(at + point, f32x4.add(v1, v2));
      v128.store(at + 2 * point, f32x4.sub(v2, v1));
      v128.store(at + 3 * point, f32x4.sub(v1, v3));
    }
    for (let i = vectors; i < pixel; i += 4) {
      const from = source + i;
      const v1 = load<f32>(from + pixel),
        v2 = load<f32>(from + pixel2);
      const at = target + i;
      store<f32>(at, load<f32>(from) - v2);
      store<f32>(at + point, v1 + v2);
      store<f32>(at + 2 * point, v2 - v1);
      store<f32>(at + 3 * point, v1 - load<f32>(from + pixel3));
    }
  }
}

function doublingColumns(source: usize, target: usize, point: usize, pixel: usize, count: i32): void {
  // Tiles are one pixel apart, so that a strip is one run.
  const size = <usize>count * pixel;
  doublingRows(source, source + pixel, source + 2 * pixel, target, point, size);
}

// Four rows of c from four rows of a and a panel of b; nothing is added to.
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

// The last sums, bias and leaky ReLU, for two pixels a tile.
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

function storeColumns(target: usize, values: v128, count: i32): void {
  if (count >= 4) {
    v128.store(target, values);
    return;
  }
  store<f32>(target, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(target, f32x4.extract_lane(values, 1), 4);
  if (count > 2) store<f32>(target, f32x4.extract_lane(values, 2), 8);
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
