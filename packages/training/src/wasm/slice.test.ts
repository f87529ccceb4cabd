import { describeOnBackends, expectNoLeak } from '@gansynth/test-kit';
import '../wasm.js';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

/** What lies in the slice, by its definition. */
function sliced(
  values: ArrayLike<number>,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): number[] {
  const sizes = size.map((count, axis) => (count === -1 ? shape[axis]! - begin[axis]! : count));
  return Array.from({ length: sizes.reduce((product, side) => product * side, 1) }, (_, place) => {
    let [rest, at, stride] = [place, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (begin[axis]! + (rest % sizes[axis]!)) * stride;
      rest = Math.floor(rest / sizes[axis]!);
      stride *= shape[axis]!;
    }
    return values[at]!;
  });
}

describeOnBackends('slices', () => {
  it.each<[shape: number[], begin: number[], size: number[]]>([
    [[7], [2], [4]],
    [
      [5, 6],
      [1, 2],
      [3, 3],
    ],
    [
      [5, 6],
      [1, 0],
      [3, 6],
    ],
    [
      [4, 5, 6],
      [1, 2, 0],
      [2, 3, 6],
    ],
    [
      [4, 5, 6],
      [0, 0, 3],
      [4, 5, 3],
    ],
    [
      [4, 5, 6],
      [3, 1, 2],
      [1, 4, 1],
    ],
    [
      [3, 4, 5, 6],
      [1, 1, 1, 1],
      [2, -1, 3, 4],
    ],
    [
      [2, 3, 2, 3, 2, 3],
      [1, 1, 0, 1, 0, 1],
      [1, 2, 2, 2, 2, 2],
    ],
    [
      [4, 5, 6],
      [1, 1, 1],
      [2, 0, 3],
    ],
  ])('of %j from %j, %j large, hold what lies there', async (shape, begin, size) => {
    const count = shape.reduce((product, side) => product * side, 1);
    const values = Float32Array.from({ length: count }, (_, at) => at);
    for (const type of ['float32', 'int32'] as const) {
      await expectNoLeak(() => {
        const found = tf.tidy(() => tf.slice(tf.tensor(values, shape, type), begin, size).dataSync());
        expect([...found]).toEqual(sliced(values, shape, begin, size));
      });
    }
  });
});
