import * as tf from '@tensorflow/tfjs-core';
import { addressOf, kernelsOf, type WasmBackend } from './memory.js';
import { replaceKernel, requireFloat32, stockKernel } from './registration.js';

/**
 * Matrix products with a transposed operand, or in batches, which the stock kernel computes element by element: operands are
 * transposed first, and one matrix at a time then goes to its fast path.
 */
export function registerBatchMatMul(): void {
  const stock = stockKernel<'a' | 'b'>(tf.BatchMatMul)!;
  replaceKernel<'a' | 'b'>(tf.BatchMatMul, (call) => {
    const { inputs, attrs, backend } = call;
    const { transposeA, transposeB } = attrs as unknown as tf.BatchMatMulAttrs;
    const isBatch = matrices(inputs.a) !== 1 || matrices(inputs.b) !== 1;
    if (!transposeA && !transposeB && !isBatch) return stock(call);
    requireFloat32('BatchMatMul', inputs.a, inputs.b);
    const a = transposeA ? transposed(backend, inputs.a) : inputs.a;
    const b = transposeB ? transposed(backend, inputs.b) : inputs.b;
    if (a.shape.at(-1) !== b.shape.at(-2)) {
      throw new Error(
        `training/wasm: matMul: expected equal inner sizes, found [${a.shape}] times [${b.shape}] after transposition.`,
      );
    }
    const product = isBatch
      ? multiplyBatches(backend, a, b)
      : stock({ inputs: { a, b }, attrs: { ...attrs, transposeA: false, transposeB: false }, backend });
    if (transposeA) backend.disposeData(a.dataId);
    if (transposeB) backend.disposeData(b.dataId);
    return product;
  });
}

function transposed(backend: WasmBackend, x: tf.TensorInfo): tf.TensorInfo {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const output = backend.makeOutput([...x.shape.slice(0, -2), columns, rows], 'float32');
  for (let index = 0; index < matrices(x); index++) {
    const offset = 4 * index * rows * columns;
    kernelsOf(backend).transpose(addressOf(backend, x) + offset, addressOf(backend, output) + offset, rows, columns);
  }
  return output;
}

function multiplyBatches(backend: WasmBackend, a: tf.TensorInfo, b: tf.TensorInfo): tf.TensorInfo {
  const [rows, depth] = a.shape.slice(-2) as [number, number];
  const columns = b.shape.at(-1)!;
  const leading = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const output = backend.makeOutput([...leading, rows, columns], 'float32');
  backend.typedArrayFromHeap(output).fill(0);
  const aSources = batchIndices(a.shape.slice(0, -2), leading);
  const bSources = batchIndices(b.shape.slice(0, -2), leading);
  // Pieces of the common dimension that let a panel of b stay in cache.
  const piece = Math.max(32, Math.floor(16384 / columns));
  for (const [index, aSource] of aSources.entries()) {
    const aAddress = addressOf(backend, a) + 4 * aSource * rows * depth;
    const bAddress = addressOf(backend, b) + 4 * bSources[index]! * depth * columns;
    const cAddress = addressOf(backend, output) + 4 * index * rows * columns;
    for (let from = 0; from < depth; from += piece) {
      kernelsOf(backend).multiplyAdd(
        aAddress + 4 * from,
        4 * depth,
        4,
        bAddress + 4 * from * columns,
        4 * columns,
        cAddress,
        4 * columns,
        rows,
        columns,
        Math.min(piece, depth - from),
      );
    }
  }
  return output;
}

const matrices = ({ shape }: tf.TensorInfo): number => tf.util.sizeFromShape(shape.slice(0, -2));

/** For every matrix of the broadcast result, which matrix of an operand it is made from. */
function batchIndices(shape: readonly number[], result: readonly number[]): number[] {
  const offset = result.length - shape.length;
  return Array.from({ length: tf.util.sizeFromShape([...result]) }, (_, index) => {
    let rest = index;
    let source = 0;
    let step = 1;
    for (let axis = result.length - 1; axis >= offset; axis--) {
      const size = shape[axis - offset]!;
      source += (size === 1 ? 0 : rest % result[axis]!) * step;
      step *= size;
      rest = Math.floor(rest / result[axis]!);
    }
    return source;
  });
}
