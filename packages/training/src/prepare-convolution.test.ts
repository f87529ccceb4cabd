import '@gansynth/training/wasm';
import { expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { ArgumentError, boxUpscale, leakyRelu, prepareConvolution } from './index.js';
import { randomStream } from '@gansynth/common/random';

type Shape4 = [number, number, number, number];

const random = (name: string, shape: readonly number[]): tf.Tensor =>
  tf.tensor(randomStream(1, name).normalValues(tf.util.sizeFromShape([...shape])), [...shape]);

/** The same with stock operations. */
function compose(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
  { doubling, slope, normEpsilon }: { doubling?: boolean; slope?: number; normEpsilon?: number },
): tf.Tensor {
  return tf.tidy(() => {
    const y = tf.add(tf.conv2d(doubling ? boxUpscale(x, [2, 2]) : x, filter, 1, 'same'), bias);
    const positive = slope === undefined ? y : leakyRelu(y, slope);
    if (normEpsilon === undefined) return positive;
    const squares = tf.mean(tf.mul(positive, positive), -1, true);
    return tf.mul(positive, tf.rsqrt(tf.add(squares, normEpsilon)));
  });
}

describe('prepareConvolution', () => {
  const shapes: [Shape4, number][] = [
    [[1, 4, 8, 8], 8],
    [[2, 5, 7, 6], 11],
    [[1, 1, 1, 4], 4],
    [[3, 3, 67, 32], 32],
    [[1, 2, 130, 128], 64],
  ];
  const options = [{}, { slope: 0.2 }, { slope: 0.2, normEpsilon: 1e-8 }].flatMap((epilogue) => [
    { ...epilogue, doubling: false },
    { ...epilogue, doubling: true },
  ]);
  it.each(shapes.flatMap(([shape, outputs]) => options.map((option) => ({ shape, outputs, ...option }))))(
    'equals the stock operations: %o',
    async ({ shape, outputs, ...option }) => {
      await tf.setBackend('wasm');
      const x = random('x', shape) as tf.Tensor4D;
      const filter = random('filter', [3, 3, shape[3], outputs]) as tf.Tensor4D;
      const bias = random('bias', [outputs]) as tf.Tensor1D;
      await expectNoLeak(() => {
        const prepared = prepareConvolution(filter, bias, option);
        const [actual, expected] = [prepared?.apply(x) as tf.Tensor, compose(x, filter, bias, option)];
        expect(actual.shape).toEqual(expected.shape);
        // Sums of up to 1,152 products of size 1, in another order.
        expectClose(actual.dataSync(), expected.dataSync(), { relative: 2e-6, absolute: 2e-6 });
        tf.dispose([actual, expected]);
        prepared?.dispose();
      });
      tf.dispose([x, filter, bias]);
    },
  );

  it('is undefined on a backend without the kernel', async () => {
    await tf.setBackend('cpu');
    expect(prepareConvolution(tf.zeros([3, 3, 4, 4]), tf.zeros([4]))).toBeUndefined();
    await tf.setBackend('wasm');
  });

  it('refuses other shapes, saying what it expects', async () => {
    await tf.setBackend('wasm');
    expect(() => prepareConvolution(tf.zeros([5, 3, 4, 4]), tf.zeros([4]))).toThrow(ArgumentError);
    expect(() => prepareConvolution(tf.zeros([3, 3, 4, 4]), tf.zeros([3]))).toThrow(/3 biases/);
    const prepared = prepareConvolution(tf.zeros([3, 3, 4, 4]), tf.zeros([4]));
    expect(() => prepared?.apply(tf.zeros([1, 8, 8, 3]))).toThrow(
      /expected an image \[batch, height, width, 4\], found \[1,8,8,3\]/,
    );
    prepared?.dispose();
  });
});
