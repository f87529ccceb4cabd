import * as tf from '@tensorflow/tfjs-core';
import { dispatch } from './dispatch.js';
import { addressOf } from './memory.js';
import { replaceKernel, stockKernel, type Kernel } from './registration.js';

/** Sums over leading axes (the gradient of every bias) without the transpose that the stock kernel makes first. */
export function registerSum(): void {
  const stock = stockKernel<'x'>(tf.Sum) as Kernel<'x'>;
  replaceKernel<'x'>(tf.Sum, (call) => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    const { axis, keepDims } = attrs as unknown as tf.SumAttrs;
    const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const isLeading = axes.length > 0 && axes.length < x.shape.length && axes.every((value, index) => value === index);
    if (x.dtype !== 'float32' || !isLeading) return stock(call);
    const kept = x.shape.slice(axes.length);
    const y = backend.makeOutput(keepDims ? [...axes.map(() => 1), ...kept] : kept, 'float32');
    const columns = tf.util.sizeFromShape(kept);
    const rows = tf.util.sizeFromShape(x.shape.slice(0, axes.length));
    const values = [addressOf(backend, x), addressOf(backend, y), rows, columns];
    dispatch(backend, 'sumRows', values, [0, columns], { multiple: 8, work: rows * columns });
    return y;
  });
}
