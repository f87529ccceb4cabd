import * as tf from '@tensorflow/tfjs-core';
import { convolve } from './convolution.js';
import { addressOf, kernelsOf, type WasmBackend } from './memory.js';
import { replaceKernel, stockKernel } from './registration.js';

type ConvInfo = tf.backend_util.Conv2DInfo;

/**
 * One of the residues of the input's coordinate, along one axis, of a strided convolution: these input positions are reached by every
 * `stride`-th tap only, and their gradient is a convolution of stride 1 of dy with those taps in reverse order.
 */
interface Phase {
  /** First tap; the others follow at steps of the stride. */
  readonly tap: number;
  readonly taps: number;
  /** First input position; the others follow at steps of the stride. */
  readonly position: number;
  readonly positions: number;
  readonly padBefore: number;
  /** Leading outputs of the convolution that are of no use. */
  readonly skip: number;
}

/**
 * Gradient of a convolution with respect to its input (and so the transposed convolution): a convolution with the filter flipped and
 * its channels exchanged, once for each residue of the stride, instead of the stock kernel's slow loop.
 */
export function registerConv2DBackpropInput(): void {
  const stock = stockKernel<'dy' | 'filter'>(tf.Conv2DBackpropInput)!;
  replaceKernel<'dy' | 'filter'>(tf.Conv2DBackpropInput, (call) => {
    const { inputs, attrs, backend } = call;
    const { strides, pad, dataFormat, dimRoundingMode, inputShape } = attrs as unknown as tf.Conv2DBackpropInputAttrs;
    if (dataFormat !== 'NHWC') return stock(call);
    const info = tf.backend_util.computeConv2DInfo(
      inputShape,
      inputs.filter.shape as [number, number, number, number],
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const rows = phases(info.inHeight, info.filterHeight, info.strideHeight, info.padInfo.top);
    const columns = phases(info.inWidth, info.filterWidth, info.strideWidth, info.padInfo.left);
    const parts = rows.flatMap((row) =>
      columns.map((column) => {
        if (row.taps === 0 || column.taps === 0) return { row, column, part: null };
        const flipped = flip(backend, inputs.filter, info, row, column);
        const outHeight = row.positions + row.skip;
        const outWidth = column.positions + column.skip;
        const part = backend.makeOutput([info.batchSize, outHeight, outWidth, info.inChannels], 'float32');
        const sizes = {
          batch: info.batchSize,
          inHeight: info.outHeight,
          inWidth: info.outWidth,
          inChannels: info.outChannels,
          outHeight,
          outWidth,
          outChannels: info.inChannels,
          filterHeight: row.taps,
          filterWidth: column.taps,
          strideHeight: 1,
          strideWidth: 1,
          padTop: row.padBefore,
          padLeft: column.padBefore,
        };
        convolve(backend, sizes, inputs.dy, flipped, part);
        backend.disposeData(flipped.dataId);
        return { row, column, part };
      }),
    );
    const only = parts.length === 1 ? parts[0]?.part : undefined;
    if (only && tf.util.arraysEqual(only.shape, info.inShape)) return only;
    const output = backend.makeOutput(info.inShape, 'float32');
    if (parts.some(({ part }) => part === null)) backend.typedArrayFromHeap(output).fill(0);
    for (const { row, column, part } of parts) {
      if (part === null) continue;
      interleave(backend, part, output, info, row, column);
      backend.disposeData(part.dataId);
    }
    return output;
  });
}

function phases(size: number, taps: number, stride: number, pad: number): Phase[] {
  return Array.from({ length: Math.min(stride, size) }, (_, position) => {
    const tap = (position + pad) % stride;
    const count = tap < taps ? Math.ceil((taps - tap) / stride) : 0;
    const positions = Math.ceil((size - position) / stride);
    // Position p takes dy[first + p - j] through tap j of this phase.
    const first = (position + pad - tap) / stride;
    const padBefore = Math.max(0, count - 1 - first);
    return {
      tap,
      taps: count,
      position,
      positions,
      padBefore,
      skip: Math.max(0, first - (count - 1)),
    };
  });
}

/** The taps of a phase in reverse order, each transposed: [taps, taps, outChannels, inChannels]. */
function flip(backend: WasmBackend, filter: tf.TensorInfo, info: ConvInfo, row: Phase, column: Phase): tf.TensorInfo {
  const { inChannels, outChannels, filterWidth, strideHeight, strideWidth } = info;
  const flipped = backend.makeOutput([row.taps, column.taps, outChannels, inChannels], 'float32');
  const block = 4 * inChannels * outChannels;
  let target = addressOf(backend, flipped);
  for (let y = row.taps - 1; y >= 0; y--) {
    for (let x = column.taps - 1; x >= 0; x--) {
      const tap = (row.tap + y * strideHeight) * filterWidth + column.tap + x * strideWidth;
      kernelsOf(backend).transpose(addressOf(backend, filter) + tap * block, target, inChannels, outChannels);
      target += block;
    }
  }
  return flipped;
}

/** Copies the gradient of one phase to its places. */
function interleave(
  backend: WasmBackend,
  part: tf.TensorInfo,
  output: tf.TensorInfo,
  info: ConvInfo,
  row: Phase,
  column: Phase,
): void {
  const { batchSize, inHeight, inWidth, inChannels, strideHeight, strideWidth } = info;
  const [, partHeight, partWidth] = part.shape as [number, number, number];
  const pixel = 4 * inChannels;
  const source = addressOf(backend, part);
  const target = addressOf(backend, output);
  const kernels = kernelsOf(backend);
  for (let n = 0; n < batchSize; n++) {
    if (inWidth === 1 && partWidth === 1) {
      // A signal along the height: all its rows in one call.
      const first = source + (n * partHeight + row.skip) * pixel;
      kernels.spread(first, target + (n * inHeight + row.position) * pixel, row.positions, inChannels, strideHeight * pixel);
      continue;
    }
    for (let y = 0; y < row.positions; y++) {
      kernels.spread(
        source + ((n * partHeight + y + row.skip) * partWidth + column.skip) * pixel,
        target + ((n * inHeight + row.position + y * strideHeight) * inWidth + column.position) * pixel,
        column.positions,
        inChannels,
        strideWidth * pixel,
      );
    }
  }
}
