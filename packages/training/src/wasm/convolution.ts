import type * as tf from '@tensorflow/tfjs-core';
import { dispatch } from './dispatch.js';
import { addressOf, kernelsOf, poolOf, type WasmBackend } from './memory.js';
import { winogradConvolve, winogradFits } from './winograd.js';

/** A convolution without dilation, NHWC; see assembly/. */
export interface Convolution {
  readonly batch: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
}

export function sizesOf(info: tf.backend_util.Conv2DInfo): Convolution {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  return {
    batch: batchSize,
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    outChannels,
    filterHeight,
    filterWidth,
    strideHeight,
    strideWidth,
    padTop: padInfo.top,
    padLeft: padInfo.left,
  };
}

/** Multiplications. */
export function workOf(s: Convolution): number {
  return s.batch * s.outHeight * s.outWidth * s.outChannels * s.filterHeight * s.filterWidth * s.inChannels;
}

/** The sizes in a form that kernels want: a signal along the height is turned along the width, where its values are contiguous. */
export function turned(sizes: Convolution): Convolution {
  if (sizes.inWidth !== 1 || sizes.outWidth !== 1 || sizes.filterWidth !== 1) return sizes;
  return {
    ...sizes,
    inHeight: 1,
    inWidth: sizes.inHeight,
    outHeight: 1,
    outWidth: sizes.outHeight,
    filterHeight: 1,
    filterWidth: sizes.filterHeight,
    strideHeight: 1,
    strideWidth: sizes.strideHeight,
    padTop: 0,
    padLeft: sizes.padTop,
  };
}

/**
 * Writes a convolution to `y`, [batch, outHeight, outWidth, outChannels].
 *
 * @param x [batch, inHeight, inWidth, inChannels]
 * @param filter [filterHeight, filterWidth, inChannels, outChannels]
 * @param slope of a leaky ReLU; 1 for none
 */
export function convolve(
  backend: WasmBackend,
  sizes: Convolution,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  y: tf.TensorInfo,
  { bias, slope = 1 }: { bias?: tf.TensorInfo; slope?: number } = {},
): void {
  if (winogradFits(sizes)) return winogradConvolve(backend, sizes, x, filter, y, { bias, slope });
  const s = turned(sizes);
  const columns = 8 * Math.ceil(s.outChannels / 8);
  const depth = s.filterHeight * s.filterWidth * s.inChannels;
  const padRight = Math.max(0, (s.outWidth - 1) * s.strideWidth + s.filterWidth - s.padLeft - s.inWidth);
  const isPadded = s.padLeft > 0 || padRight > 0;
  const packed = backend.makeOutput([depth * columns], 'float32');
  const room = isPadded ? s.filterHeight * (s.padLeft + s.inWidth + padRight) * s.inChannels : 0;
  const threads = poolOf(backend)?.threads ?? 1;
  const scratch = isPadded ? backend.makeOutput([threads * room], 'float32') : undefined;
  const paddedBias = bias && backend.makeOutput([columns], 'float32');
  if (paddedBias) backend.typedArrayFromHeap(paddedBias).set(backend.typedArrayFromHeap(bias));
  kernelsOf(backend).packFilter(addressOf(backend, filter), addressOf(backend, packed), depth, s.outChannels);
  const operands = [
    addressOf(backend, x),
    addressOf(backend, packed),
    paddedBias ? addressOf(backend, paddedBias) : 0,
    addressOf(backend, y),
  ];
  const image = [s.inHeight, s.inWidth, s.inChannels, s.outHeight, s.outWidth, s.outChannels];
  const rest = [s.filterHeight, s.filterWidth, s.strideHeight, s.strideWidth, s.padTop, s.padLeft, padRight, slope];
  const valuesOf = (part: number): number[] => [
    ...operands,
    scratch ? addressOf(backend, scratch) + 4 * part * room : 0,
    ...image,
    ...rest,
  ];
  dispatch(backend, 'convolve', valuesOf, [0, s.batch * s.outHeight], { multiple: 1, work: workOf(s) });
  for (const temporary of [packed, scratch, paddedBias]) if (temporary) backend.disposeData(temporary.dataId);
}
