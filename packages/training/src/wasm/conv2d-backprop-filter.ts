import * as tf from '@tensorflow/tfjs-core';
import { addressOf, kernelsOf } from './memory.js';
import { replaceKernel, requireFloat32 } from './registration.js';

/** Gradient of a convolution with respect to its filter, which tfjs-backend-wasm lacks. */
export function registerConv2DBackpropFilter(): void {
  replaceKernel<'x' | 'dy'>(tf.Conv2DBackpropFilter, ({ inputs: { x, dy }, attrs, backend }) => {
    requireFloat32('Conv2DBackpropFilter', x, dy);
    const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
    if (dataFormat !== 'NHWC') {
      throw new Error(
        `training/wasm: Conv2DBackpropFilter: expected dataFormat NHWC, found ${dataFormat}. Transpose the image first.`,
      );
    }
    const info = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const output = backend.makeOutput(info.filterShape, 'float32');
    // A signal runs along the height in height-only networks; along the width its rows are contiguous.
    const isColumn = info.inWidth === 1 && info.outWidth === 1 && info.filterWidth === 1;
    const sizes = [info.inHeight, info.inWidth, info.outHeight, info.outWidth, info.filterHeight, info.filterWidth];
    const steps = [info.strideHeight, info.strideWidth, info.padInfo.top, info.padInfo.left];
    const swap = (values: readonly number[]): number[] =>
      isColumn ? values.map((_, index) => values[index ^ 1] as number) : [...values];
    const [inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth] = swap(sizes) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [strideHeight, strideWidth, padTop, padLeft] = swap(steps) as [number, number, number, number];
    kernelsOf(backend).filterGradient(
      addressOf(backend, x),
      addressOf(backend, dy),
      addressOf(backend, output),
      info.batchSize,
      inHeight,
      inWidth,
      info.inChannels,
      outHeight,
      outWidth,
      info.outChannels,
      filterHeight,
      filterWidth,
      strideHeight,
      strideWidth,
      1,
      1,
      padTop,
      padLeft,
      0,
      info.inChannels,
    );
    return output;
  });
}
