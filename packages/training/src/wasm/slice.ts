import * as tf from '@tensorflow/tfjs-core';
import { dispatch } from './dispatch.js';
import { addressOf } from './memory.js';
import { replaceKernel, stockKernel } from './registration.js';

/** Bytes in a float32. */
const bytes = 4;

/**
 * Slices whose pieces are many: the stock kernel copies them one by one in JavaScript, which takes eighty times as long (33 ms for the second halves of 32,768 rows of 64). Those of
 * one piece, which need none, are left to it.
 */
export function registerSlice(): void {
  const stock = stockKernel<'x'>(tf.Slice)!;
  replaceKernel<'x'>(tf.Slice, (call) => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    const [begin = [], size = []] = tf.slice_util.parseSliceParams(
      x as tf.Tensor,
      attrs['begin'] as number[],
      attrs['size'] as number[],
    );
    if (x.dtype !== 'float32' || size.includes(0) || tf.slice_util.isSliceContinous(x.shape, begin, size)) return stock(call);
    const y = backend.makeOutput(size, 'float32');
    // From this axis on, a piece lies in one place.
    let axis = size.length - 1;
    while (axis > 0 && size[axis] === x.shape[axis]) axis--;
    const strides = tf.util.computeStrides(x.shape);
    const strideOf = (of: number): number => strides[of] ?? 1;
    const length = tf.util.sizeFromShape(size.slice(axis));
    const rows = size[axis - 1] ?? 1;
    const outer = size.slice(0, Math.max(0, axis - 1));
    const start = addressOf(backend, x) + bytes * begin.reduce((sum, at, of) => sum + at * strideOf(of), 0);
    const target = addressOf(backend, y);
    const stride = axis === 0 ? length : strideOf(axis - 1);
    const [groups, outerStrides] = [tf.util.sizeFromShape(outer), tf.util.computeStrides(outer)];
    for (let group = 0; group < groups; group++) {
      const at = tf.util.indexToLoc(group, outer.length, outerStrides);
      const from = start + bytes * at.reduce((sum, index, of) => sum + index * strideOf(of), 0);
      const pieces = [from, target + bytes * group * rows * length, bytes * length, bytes * stride];
      dispatch(backend, 'gather', pieces, [0, rows], { multiple: 1, work: rows * length });
    }
    return y;
  });
}
