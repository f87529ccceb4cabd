import * as tf from '@tensorflow/tfjs-core';
import { dispatch } from './dispatch.js';
import { addressOf } from './memory.js';
import { replaceKernel, stockKernel, type KernelCall } from './registration.js';

/**
 * Sums and means whose rounding does not grow with how much they add up, as the stock kernels' does (one after another: 5e-4 of the sum of a million values).
 * Over leading axes (the gradient of every bias) without the transpose that the stock kernel makes first.
 */
export function registerSum(): void {
  for (const name of [tf.Sum, tf.Mean]) {
    const stock = stockKernel<'x'>(name)!;
    replaceKernel<'x'>(name, (call) => {
      const { x } = call.inputs;
      const { axis, keepDims } = call.attrs as unknown as tf.SumAttrs;
      const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
      const count = axes.reduce((product, index) => product * x.shape[index]!, 1);
      if (x.dtype !== 'float32' || tf.util.sizeFromShape(x.shape) === 0) return stock(call);
      const factor = name === tf.Mean ? 1 / count : 1;
      const isLeading = axes.length > 0 && axes.length < x.shape.length && axes.every((value, index) => value === index);
      const shape = x.shape.flatMap((size, index) => (axes.includes(index) ? (keepDims ? [1] : []) : [size]));
      return isLeading ? sumRows(call, shape, count, factor) : sumSpans(call, axes, shape, count, factor);
    });
  }
}

type Call = KernelCall<'x'>;

function sumRows({ inputs: { x }, backend }: Call, shape: number[], rows: number, factor: number): tf.TensorInfo {
  const y = backend.makeOutput(shape, 'float32');
  const lost = backend.makeOutput(shape, 'float32');
  const columns = tf.util.sizeFromShape(shape);
  const values = [...[x, y, lost].map((tensor) => addressOf(backend, tensor)), rows, columns, factor];
  dispatch(backend, 'sumRows', values, [0, columns], { multiple: 8, work: rows * columns });
  backend.disposeData(lost.dataId);
  return y;
}

/** Over trailing axes; over others after a transpose that makes them so. */
function sumSpans(call: Call, axes: readonly number[], shape: number[], size: number, factor: number): tf.TensorInfo {
  const { backend, inputs } = call;
  const kept = inputs.x.shape.map((_, index) => index).filter((index) => !axes.includes(index));
  const isTrailing = kept.every((value, index) => value === index);
  const x = isTrailing ? inputs.x : transpose(call, [...kept, ...axes]);
  const y = backend.makeOutput(shape, 'float32');
  const count = tf.util.sizeFromShape(shape);
  const values = [addressOf(backend, x), addressOf(backend, y), size, factor];
  dispatch(backend, 'sumSpans', values, [0, count], { multiple: 1, work: size * count });
  if (!isTrailing) backend.disposeData(x.dataId);
  return y;
}

function transpose({ inputs, backend }: Call, perm: number[]): tf.TensorInfo {
  const kernel = stockKernel<'x'>(tf.Transpose)!;
  return kernel({ inputs, backend, attrs: { perm } }) as tf.TensorInfo;
}
