import * as tf from '@tensorflow/tfjs-core';
import { sizesOf, turned, workOf } from './convolution.js';
import { dispatch } from './dispatch.js';
import { addressOf } from './memory.js';
import { replaceKernel, requireFloat32 } from './registration.js';
import { winogradFilterGradient, winogradFits } from './winograd.js';

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
    if (winogradFits(sizesOf(info))) {
      winogradFilterGradient(backend, sizesOf(info), x, dy, output);
      return output;
    }
    const sizes = turned(sizesOf(info));
    const values = [
      addressOf(backend, x),
      addressOf(backend, dy),
      addressOf(backend, output),
      sizes.batch,
      sizes.inHeight,
      sizes.inWidth,
      sizes.inChannels,
      sizes.outHeight,
      sizes.outWidth,
      sizes.outChannels,
      sizes.filterHeight,
      sizes.filterWidth,
      sizes.strideHeight,
      sizes.strideWidth,
      1,
      1,
      sizes.padTop,
      sizes.padLeft,
    ];
    dispatch(backend, 'filterGradient', values, [0, sizes.inChannels], { work: workOf(sizes) });
    return output;
  });
}
