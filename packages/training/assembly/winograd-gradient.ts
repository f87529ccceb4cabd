// Filter gradients of Winograd convolutions; the formulas are in winograd.ts.

import { multiplyAdd } from './matrix';
import { loadColumns, plainColumns, rowAt, storeColumns } from './winograd-transforms';

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

function addScaled(a: usize, b: usize, scale: f32, target: usize, size: usize): void {
  const scales = f32x4.splat(scale);
  const vectors = size & ~15;
  for (let i: usize = 0; i < vectors; i += 16) {
    v128.store(target + i, f32x4.add(v128.load(a + i), f32x4.mul(v128.load(b + i), scales)));
  }
  for (let i = vectors; i < size; i += 4) store<f32>(target + i, load<f32>(a + i) + load<f32>(b + i) * scale);
}

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

function gatherTaps(at: usize, step: usize, left: i32): void {
  const half = f32x4.splat(0.5);
  const u1 = loadColumns(at + step, left),
    u2 = loadColumns(at + 2 * step, left);
  const both = f32x4.mul(f32x4.add(u1, u2), half);
  storeColumns(at, f32x4.add(loadColumns(at, left), both), left);
  storeColumns(at + step, f32x4.mul(f32x4.sub(u1, u2), half), left);
  storeColumns(at + 2 * step, f32x4.add(loadColumns(at + 3 * step, left), both), left);
}
