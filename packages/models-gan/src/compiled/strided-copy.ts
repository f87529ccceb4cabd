import * as tf from '@tensorflow/tfjs-core';

/** Which runs of values to copy. All in values, not bytes. */
export interface StridedCopy {
  readonly offset: number;
  readonly counts: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly length: number;
}

const kernelName = 'GansynthStridedCopy';

interface HeapBackend {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

/**
 * out[i, j, :] = x[offset + i strides[0] + j strides[1] ...], `length` values each, zeros where that is outside of x.
 *
 * On wasm it is a kernel of its own: the stock `slice` first copies its whole input out of the heap.
 *
 * @returns [counts[0], counts[1], length]
 */
export function stridedCopy(x: tf.Tensor, copy: StridedCopy): tf.Tensor3D {
  if (tf.getKernel(kernelName, tf.getBackend()))
    return tf.engine().runKernel(kernelName, { x }, copy as unknown as tf.NamedAttrMap) as tf.Tensor3D;
  const { offset, counts, strides, length } = copy;
  return tf.tidy(() => {
    const runs = Array.from({ length: counts[0] * counts[1] }, (_, run) => {
      const start = offset + Math.floor(run / counts[1]) * strides[0] + (run % counts[1]) * strides[1];
      const [from, to] = [Math.min(x.size, Math.max(0, start)), Math.min(x.size, Math.max(0, start + length))];
      return tf.pad1d(tf.slice1d(tf.reshape(x, [-1]), from, to - from), [from - start, start + length - to]);
    });
    return tf.reshape(tf.concat(runs), [counts[0], counts[1], length]);
  });
}

tf.registerKernel({
  kernelName,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { offset, counts, strides, length } = attrs as unknown as StridedCopy;
    const heap = backend as HeapBackend;
    const out = heap.makeOutput([counts[0], counts[1], length], 'float32');
    const from = heap.typedArrayFromHeap(inputs['x']!);
    const to = heap.typedArrayFromHeap(out);
    let at = 0;
    for (let i = 0; i < counts[0]; i++)
      for (let j = 0; j < counts[1]; j++, at += length) {
        const start = offset + i * strides[0] + j * strides[1];
        const [first, last] = [Math.min(length, Math.max(0, -start)), Math.max(0, Math.min(length, from.length - start))];
        to.fill(0, at, at + first);
        if (last > first) to.set(from.subarray(start + first, start + last), at + first);
        to.fill(0, at + Math.max(first, last), at + length);
      }
    return out;
  },
});
