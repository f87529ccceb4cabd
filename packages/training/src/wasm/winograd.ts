import type * as tf from '@tensorflow/tfjs-core';
import { preparedConvolutionKernel, transformFilterKernel } from '../kernel-names.js';
import { stripSize, tileOf, wholePanels, winogradPlan } from '../winograd-plan.js';
import type { Convolution } from './convolution.js';
import { dispatch } from './dispatch.js';
import { addressOf, kernelsOf, poolOf, type WasmBackend } from './memory.js';
import { replaceKernel, requireFloat32 } from './registration.js';

/** What a Winograd convolution computes besides the convolution, in this order. */
export interface Epilogue {
  /** [outChannels] */
  readonly bias?: tf.TensorInfo | undefined;
  /** Of a leaky ReLU. Default 1: none. */
  readonly slope?: number | undefined;
  /** Added to the mean square in a pixel norm. Default: no pixel norm. */
  readonly normEpsilon?: number | undefined;
}

/** The part of the sizes that matters here; the kernel is 3 x 3, strides are 1. */
export type WinogradSizes = Pick<
  Convolution,
  'batch' | 'inHeight' | 'inWidth' | 'inChannels' | 'outHeight' | 'outWidth' | 'outChannels' | 'padTop' | 'padLeft'
> & {
  /** The image is doubled in both directions before the convolution (SAME): outputs are twice the inputs, padding is 1. */
  readonly doubling: boolean;
};

/** Below these numbers of channels the transforms cost as much as the products they save. */
const leastChannels = 8;

/** Whether a convolution is 3 x 3 with stride 1, and sooner done this way. */
export function winogradFits(s: Convolution): boolean {
  if (s.filterHeight !== 3 || s.filterWidth !== 3 || s.strideHeight !== 1 || s.strideWidth !== 1) return false;
  if (s.inChannels < leastChannels || s.outChannels < leastChannels) return false;
  const tiles = s.batch * Math.ceil(s.outHeight / 2) * 4 * Math.ceil(s.outWidth / 8);
  return 16 * tiles < 0.75 * 9 * s.batch * s.outHeight * s.outWidth;
}

const imageOf = (s: Omit<WinogradSizes, 'doubling'>): number[] => [
  s.inHeight,
  s.inWidth,
  s.inChannels,
  s.outHeight,
  s.outWidth,
  s.outChannels,
  s.padTop,
  s.padLeft,
];

/**
 * Writes a 3 x 3 convolution to `y`, [batch, outHeight, outWidth, outChannels].
 *
 * @param x [batch, inHeight, inWidth, inChannels]
 * @param transformed the weights as `transformFilter` makes them
 */
export function winograd(
  backend: WasmBackend,
  s: WinogradSizes,
  x: tf.TensorInfo,
  transformed: tf.TensorInfo,
  y: tf.TensorInfo,
  { bias, slope = 1, normEpsilon = -1 }: Epilogue = {},
): void {
  const columns = wholePanels(s.outChannels);
  const { strip, scratch: room } = winogradPlan(s);
  const threads = poolOf(backend)?.threads ?? 1;
  const scratch = backend.makeOutput([threads * room], 'float32');
  const paddedBias = bias && backend.makeOutput([columns], 'float32');
  if (paddedBias) backend.typedArrayFromHeap(paddedBias).fill(0).set(backend.typedArrayFromHeap(bias));
  const image = imageOf(s);
  const valuesOf = (part: number): number[] => [
    addressOf(backend, x),
    addressOf(backend, transformed),
    paddedBias ? addressOf(backend, paddedBias) : 0,
    addressOf(backend, y),
    addressOf(backend, scratch) + 4 * part * room,
    ...image,
    s.doubling ? 1 : 0,
    slope,
    normEpsilon,
    strip,
  ];
  const tileRows = s.batch * Math.ceil(s.outHeight / 2);
  const work = tileRows * Math.ceil(s.outWidth / 2) * tileOf(s.doubling).points ** 2 * s.inChannels * s.outChannels;
  dispatch(backend, 'winograd', valuesOf, [0, tileRows], { multiple: 1, work });
  for (const temporary of [scratch, paddedBias]) if (temporary) backend.disposeData(temporary.dataId);
}

/** The same from weights [3, 3, inChannels, outChannels] as they are. */
export function winogradConvolve(
  backend: WasmBackend,
  s: Convolution,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  y: tf.TensorInfo,
  epilogue: Epilogue,
): void {
  const transformed = transformFilter(backend, filter, false);
  winograd(backend, { ...s, doubling: false }, x, transformed, y, epilogue);
  backend.disposeData(transformed.dataId);
}

/** Weights [3, 3, inChannels, outChannels] as `winograd` takes them: [points, panels, inChannels, 8]. */
function transformFilter(backend: WasmBackend, filter: tf.TensorInfo, doubling: boolean): tf.TensorInfo {
  const [, , inChannels, outChannels] = filter.shape as [number, number, number, number];
  const transformed = backend.makeOutput([doubling ? 9 : 16, wholePanels(outChannels) / 8, inChannels, 8], 'float32');
  const addresses = [addressOf(backend, filter), addressOf(backend, transformed)];
  kernelsOf(backend).winogradFilter(...addresses, inChannels, outChannels, doubling ? 1 : 0);
  return transformed;
}

/** The two halves of `prepareConvolution`. */
export function registerPreparedConvolution(): void {
  replaceKernel<'filter'>(transformFilterKernel, ({ inputs: { filter }, attrs, backend }) => {
    requireFloat32(transformFilterKernel, filter);
    return transformFilter(backend, filter, attrs['doubling'] as boolean);
  });
  replaceKernel<'x' | 'transformed' | 'bias'>(preparedConvolutionKernel, ({ inputs, attrs, backend }) => {
    const { x, transformed, bias } = inputs;
    requireFloat32(preparedConvolutionKernel, x, transformed, bias);
    const [batch, inHeight, inWidth, inChannels] = x.shape as [number, number, number, number];
    const doubling = attrs['doubling'] as boolean;
    const factor = doubling ? 2 : 1;
    const [outHeight, outWidth, outChannels] = [factor * inHeight, factor * inWidth, bias.shape[0]!];
    const y = backend.makeOutput([batch, outHeight, outWidth, outChannels], 'float32');
    const sizes = { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padTop: 1, padLeft: 1, doubling };
    winograd(backend, sizes, x, transformed, y, {
      bias,
      slope: attrs['slope'] as number,
      normEpsilon: attrs['normEpsilon'] as number,
    });
    return y;
  });
}

// The products of a filter gradient are as many as weights whatever the strip's length: longer strips pass over them less often.
const gradientStripSize = 4 * stripSize;

/**
 * Writes the gradient with respect to the weights to `dw`, [3, 3, inChannels, outChannels].
 *
 * @param dy [batch, outHeight, outWidth, outChannels]
 */
export function winogradFilterGradient(
  backend: WasmBackend,
  s: Convolution,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  dw: tf.TensorInfo,
): void {
  const perTile = 8 * (s.inChannels + s.outChannels);
  const strip = Math.max(1, Math.min(Math.floor(gradientStripSize / perTile), Math.ceil(s.outWidth / 2)));
  const room = strip * perTile + 4 * s.inChannels;
  const weights = s.inChannels * s.outChannels;
  const threads = poolOf(backend)?.threads ?? 1;
  const scratch = backend.makeOutput([threads * room], 'float32');
  const du = backend.makeOutput([16 * weights], 'float32');
  const image = imageOf(s);
  const valuesOf = (part: number): number[] => [
    ...[x, dy, du].map((tensor) => addressOf(backend, tensor)),
    addressOf(backend, scratch) + 4 * part * room,
    s.batch,
    ...image,
    strip,
  ];
  const tiles = s.batch * Math.ceil(s.outHeight / 2) * Math.ceil(s.outWidth / 2);
  // Parts of four points share no transform along the rows.
  const multiple = threads > 4 ? 1 : 4;
  dispatch(backend, 'winogradFilterGradient', valuesOf, [0, 16], { multiple, work: 16 * tiles * weights });
  const rest = [addressOf(backend, du), addressOf(backend, dw), weights];
  dispatch(backend, 'winogradFilterGradientEnd', rest, [0, weights], { work: 32 * weights });
  for (const temporary of [scratch, du]) backend.disposeData(temporary.dataId);
}
