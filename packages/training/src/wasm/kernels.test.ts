import * as tf from '@tensorflow/tfjs-core';
import { directionalDerivatives, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { adam, boxDownscale, boxUpscale, clip, ema, leakyRelu } from '../index.js';
import { registerWasmKernels } from './index.js';

type Shape4 = [number, number, number, number];

const fill = (shape: readonly number[], k: number): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => Math.sin(1 + 0.37 * i + 0.11 * k)),
    [...shape],
  );

/** The same computation on both backends; the reference is cpu. Tensors are made inside, on the backend in turn. */
async function onBoth(compute: () => tf.Tensor | tf.Tensor[]): Promise<{ wasm: ArrayLike<number>[]; cpu: ArrayLike<number>[] }> {
  const run = async (backend: string): Promise<ArrayLike<number>[]> => {
    await tf.setBackend(backend);
    const results = tf.tidy(() => [compute()].flat());
    const values = results.map((result) => result.dataSync());
    tf.dispose(results);
    return values;
  };
  const cpu = await run('cpu');
  return { wasm: await run('wasm'), cpu };
}

const swap = (shape: number[]): number[] => [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];

const loss = (x: tf.Tensor, filter: tf.Tensor, strides: [number, number] = [1, 2]): tf.Scalar =>
  tf.mean(tf.square(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, 'same')));

// Sums of up to a few thousand products of size 1, added up in different orders: a few units of the last place of the largest.
const rounding = { relative: 2e-6, absolute: 2e-6 };
// Winograd's transforms add up neighbouring pixels before they multiply, and these data are smooth: sums are larger, and more is rounded.
const winogradRounding = { relative: 5e-6, absolute: 2e-6 };

const convolutions: [
  name: string,
  x: Shape4,
  filter: Shape4,
  strides: [number, number],
  pad: 'same' | 'valid' | number | number[][],
][] = [
  ['3x3 same', [2, 5, 7, 3], [3, 3, 3, 5], [1, 1], 'same'],
  ['3x3 valid', [2, 5, 7, 4], [3, 3, 4, 8], [1, 1], 'valid'],
  ['1x1 to two channels', [2, 4, 4, 16], [1, 1, 16, 2], [1, 1], 'same'],
  ['1x1 from two channels', [2, 4, 4, 2], [1, 1, 2, 17], [1, 1], 'same'],
  ['first block of the generator, 2x16 valid on a padded point', [3, 3, 31, 9], [2, 16, 9, 12], [1, 1], 'valid'],
  ['last block of the critic, 2x16 valid to one point', [3, 2, 16, 9], [2, 16, 9, 12], [1, 1], 'valid'],
  ['wider than its image, padded by more than it reaches', [1, 3, 3, 2], [1, 1, 2, 3], [1, 1], 2],
  [
    'explicit padding, different on each side',
    [1, 4, 5, 2],
    [3, 2, 2, 3],
    [1, 1],
    [
      [0, 0],
      [2, 0],
      [0, 1],
      [0, 0],
    ],
  ],
  ['stride 2 same, 5x5', [2, 8, 9, 3], [5, 5, 3, 4], [2, 2], 'same'],
  ['stride 2 valid, even kernel', [2, 7, 9, 3], [4, 4, 3, 4], [2, 2], 'valid'],
  ['stride larger than the kernel', [1, 9, 9, 2], [2, 1, 2, 3], [3, 4], 'valid'],
  ['height only, stride 4, kernel 25', [2, 64, 1, 3], [25, 1, 3, 8], [4, 1], 'same'],
  ['stride 2 and 1, kernel 4x4 on one column', [1, 4, 1, 3], [4, 4, 3, 2], [2, 1], 'same'],
  ['wide image, several blocks of pixels', [2, 2, 23, 8], [3, 5, 8, 16], [1, 1], 'same'],
  ['taller filter than image', [1, 2, 6, 4], [5, 3, 4, 8], [1, 1], 'same'],
  ['more channels than a block', [1, 3, 20, 37], [3, 3, 37, 29], [1, 1], 'same'],
  // From here on by Winograd's transforms; see winogradFits.
  ['tiles of 2x2, whole', [2, 4, 8, 8], [3, 3, 8, 8], [1, 1], 'same'],
  ['tiles cut off at odd borders, channels that fill no vector', [3, 9, 15, 13], [3, 3, 13, 19], [1, 1], 'same'],
  ['tiles without padding', [2, 7, 18, 9], [3, 3, 9, 10], [1, 1], 'valid'],
  ['tiles with more padding than the kernel needs', [1, 6, 14, 8], [3, 3, 8, 12], [1, 1], 2],
  [
    'tiles with padding on two sides only',
    [1, 8, 15, 12],
    [3, 3, 12, 8],
    [1, 1],
    [
      [0, 0],
      [2, 0],
      [0, 2],
      [0, 0],
    ],
  ],
  ['tiles in several strips', [1, 4, 250, 96], [3, 3, 96, 16], [1, 1], 'same'],
];

describe('wasm training kernels', () => {
  it('are registered once', () => {
    expect(registerWasmKernels()).toBe(true);
  });

  it.each(convolutions)('a convolution and its gradients agree with cpu: %s', async (name, xShape, filterShape, strides, pad) => {
    const { wasm, cpu } = await onBoth(() => {
      const x = fill(xShape, 1) as tf.Tensor4D;
      const filter = fill(filterShape, 2) as tf.Tensor4D;
      const y = tf.conv2d(x, filter, strides, pad as 'same');
      const bias = fill([filterShape[3]], 4) as tf.Tensor1D;
      const fused = tf.fused.conv2d({
        x,
        filter,
        strides,
        pad: pad as 'same',
        bias,
        activation: 'leakyrelu',
        leakyreluAlpha: 0.3,
      });
      const dy = fill(y.shape, 3);
      const gradients = tf.grads((x: tf.Tensor, filter: tf.Tensor) =>
        tf.sum(tf.mul(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad as 'same'), dy)),
      )([x, filter]);
      return [y, fused, ...gradients];
    });
    for (const [index, label] of [
      'convolution',
      'fused with bias and leaky ReLU',
      'input gradient',
      'filter gradient',
    ].entries()) {
      const tolerance = name.startsWith('tiles') ? winogradRounding : rounding;
      expectClose(wasm[index]!, cpu[index]!, { ...tolerance, label });
    }
  });

  it.each([
    ['direct', [1, 4, 6, 3], [3, 3, 3, 4], [1, 2]],
    ["by Winograd's transforms", [1, 4, 7, 8], [3, 3, 8, 9], [1, 1]],
  ] as [string, Shape4, Shape4, [number, number]][])(
    'gradients of a convolution agree with finite differences: %s',
    async (_, xShape, filterShape, strides) => {
      await tf.setBackend('wasm');
      const x = fill(xShape, 4) as tf.Tensor4D;
      const filter = fill(filterShape, 5) as tf.Tensor4D;
      const pairs = [
        ...(await directionalDerivatives((x) => loss(x, filter, strides), x)),
        ...(await directionalDerivatives((filter) => loss(x, filter, strides), filter)),
      ];
      for (const [numeric, analytic] of pairs)
        expect(Math.abs(numeric - analytic)).toBeLessThan(2e-3 * Math.max(1, Math.abs(analytic)));
    },
  );

  it('convolutions that are left to the stock kernel still work', async () => {
    const { wasm, cpu } = await onBoth(() => {
      const x = fill([2, 7, 8, 4], 1) as tf.Tensor4D;
      const filter = fill([3, 3, 4, 5], 2) as tf.Tensor4D;
      return [
        tf.conv2d(x, filter, 1, 'same', 'NHWC', 2),
        tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', activation: 'relu' }),
        tf.conv2d(tf.slice(x, 0, [-1, -1, -1, 1]), tf.slice(filter, 0, [1, 1, 1, 5]) as tf.Tensor4D, 1, 'same'),
      ];
    });
    for (const [index, values] of wasm.entries()) expectClose(values, cpu[index]!, rounding);
  });

  it('transposed convolution agrees with cpu', async () => {
    const { wasm, cpu } = await onBoth(() =>
      tf.conv2dTranspose(fill([2, 3, 4, 5], 6) as tf.Tensor4D, fill([5, 5, 3, 5], 7) as tf.Tensor4D, [2, 6, 8, 3], 2, 'same'),
    );
    expectClose(wasm[0]!, cpu[0]!, rounding);
  });

  it.each([
    [
      [5, 7],
      [7, 3],
    ],
    [
      [1, 5, 7],
      [7, 9],
    ],
    [
      [4, 5, 7],
      [4, 7, 9],
    ],
    [
      [1, 5, 40],
      [3, 40, 9],
    ],
    [
      [64, 33],
      [33, 61],
    ],
  ])('matrix products of %o and %o agree with cpu, transposed or not', async (aShape, bShape) => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      const { wasm, cpu } = await onBoth(() =>
        tf.matMul(
          fill(transposeA ? swap(aShape) : aShape, 8),
          fill(transposeB ? swap(bShape) : bShape, 9),
          transposeA,
          transposeB,
        ),
      );
      expectClose(wasm[0]!, cpu[0]!, rounding);
    }
  });

  it.each([
    [[3, 4, 5], [0]],
    [
      [3, 4, 5],
      [0, 1],
    ],
    [[300, 3], [0]],
    [
      [2, 3, 4, 21],
      [0, 1, 2],
    ],
    [[3, 4], [1]],
    [
      [3, 4],
      [0, 1],
    ],
    [[3, 4], [-2]],
  ])('sum of %o over %o agrees with cpu', async (shape, axes) => {
    const { wasm, cpu } = await onBoth(() => [tf.sum(fill(shape, 1), axes), tf.sum(fill(shape, 1), axes, true)]);
    for (const [index, values] of wasm.entries()) expectClose(values, cpu[index]!, rounding);
  });

  describe.each<[name: string, at: (i: number) => number]>([
    ['of one size', () => 0.1],
    ['of many sizes', (i) => ((i * 0x9e3779b1) >>> 0) / 2 ** 32],
  ])('sums of a million values %s', (_, at) => {
    const size = 2 ** 20;
    const values = Float32Array.from({ length: size }, (_unused, i) => at(i));

    // Shape, axes, and which sum a value belongs to.
    it.each<[shape: number[], axes: number[] | undefined, sumOf: (i: number) => number]>([
      [[size], undefined, () => 0],
      [[2 ** 10, 2 ** 10], undefined, () => 0],
      [[3, (size - 1) / 3], [1], (i) => Math.floor(i / ((size - 1) / 3))],
      [[4, 2 ** 9, 2 ** 9], [1, 2], (i) => i >> 18],
      [[size / 2, 2], [0], (i) => i % 2],
      [[size / 16, 16], [0], (i) => i % 16],
      [[2, size / 8, 4], [1], (i) => 4 * Math.floor((2 * i) / size) + (i % 4)],
      [[2 ** 9, 2, 2 ** 10], [0, 2], (i) => (i >> 10) % 2],
    ])('%j over %j: within 1e-6 of the exact one, as means are', async (shape, axes, sumOf) => {
      await tf.setBackend('wasm');
      const count = tf.util.sizeFromShape(shape);
      const exact: number[] = [];
      for (const [i, value] of values.subarray(0, count).entries()) exact[sumOf(i)] = (exact[sumOf(i)] ?? 0) + value;
      await expectNoLeak(() => {
        const [sums, means] = tf.tidy(() => {
          const x = tf.tensor(values.subarray(0, count), shape);
          return [tf.sum(x, axes).dataSync(), tf.mean(x, axes).dataSync()];
        });
        expectClose(sums, exact, { relative: 1e-6, label: 'sums' });
        const share = exact.length / count;
        expectClose(
          means,
          exact.map((sum) => sum * share),
          { relative: 1e-6, label: 'means' },
        );
      });
    });
  });

  it('sums of infinities are infinite, of NaN NaN, and of integers whole', async () => {
    await tf.setBackend('wasm');
    const x = tf.tensor2d([Infinity, 1, NaN, 1, 2, 3], [2, 3]);
    expect([...tf.sum(x, 0).dataSync()]).toEqual([Infinity, 3, NaN]);
    expect([...tf.sum(x, 1).dataSync()]).toEqual([NaN, 6]);
    const whole = tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32');
    expect([tf.sum(whole, 0).dtype, ...tf.sum(whole, 0).dataSync()]).toEqual(['int32', 4, 6]);
    expect(tf.mean(whole).dataSync()[0]).toBe(2.5);
    tf.dispose([x, whole]);
  });

  it('element-wise operations and their first and second gradients agree with cpu', async () => {
    const { wasm, cpu } = await onBoth(() =>
      [(x: tf.Tensor) => leakyRelu(x, 0.2), (x: tf.Tensor) => clip(x, -0.5, 0.25)].flatMap((f) => {
        const x = fill([3, 7], 10);
        const first = (x: tf.Tensor): tf.Tensor => tf.grad((x) => tf.sum(tf.square(f(x))))(x);
        return [f(x), first(x), tf.grad((x) => tf.sum(tf.mul(first(x), fill([3, 7], 11))))(x)];
      }),
    );
    for (const [index, values] of wasm.entries()) expectClose(values, cpu[index]!, rounding);
  });

  it('treat zero, infinity and what is not a number as cpu does', async () => {
    const { wasm, cpu } = await onBoth(() => {
      const x = tf.tensor1d([0, -0, Infinity, -Infinity, Number.NaN, 1]);
      return [leakyRelu(x, 0.5), clip(tf.tensor1d([0, 1, 2, -Infinity]), 0, 1)];
    });
    expect(wasm.map((values) => Array.from(values))).toEqual(cpu.map((values) => Array.from(values)));
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 1],
    [1, 4],
  ] as [number, number][])('box scaling by [%i, %i] agrees with cpu', async (fy, fx) => {
    const { wasm, cpu } = await onBoth(() => {
      const x = fill([2, 3, 4, 5], 12) as tf.Tensor4D;
      const large = fill([2, 3 * fy, 4 * fx, 5], 13) as tf.Tensor4D;
      return [boxUpscale(x, [fy, fx]), boxDownscale(large, [fy, fx])];
    });
    for (const [index, values] of wasm.entries()) expectClose(values, cpu[index]!, rounding);
  });

  it('Adam and the moving average agree with cpu', async () => {
    const { wasm, cpu } = await onBoth(() => {
      const weight = tf.variable(fill([3, 7], 14));
      const optimiser = adam({ learningRate: 0.1, beta1: 0.3 });
      const state = optimiser.init([weight]);
      const averages = ema({ decay: 0.9 }).init([weight]);
      for (let step = 0; step < 3; step++) {
        optimiser.update(state, [weight], [fill([3, 7], step)]);
        ema({ decay: 0.9 }).update(averages, [weight]);
      }
      return [weight, state.firstMoments[0], state.secondMoments[0], averages.averages[0]].map((value) =>
        tf.clone(value as tf.Tensor),
      );
    });
    for (const [index, values] of wasm.entries()) expectClose(values, cpu[index]!, rounding);
  });

  it('a clone shares the memory of its tensor, and outlives it', async () => {
    await tf.setBackend('wasm');
    const backend = tf.backend() as tf.KernelBackend & { refCount(dataId: tf.DataId): number };
    const x = tf.tensor1d([1, 2, 3]);
    const clone = tf.clone(x);
    expect(clone.dataId).toBe(x.dataId);
    expect(backend.refCount(x.dataId)).toBe(2);
    x.dispose();
    expect([...clone.dataSync()]).toEqual([1, 2, 3]);
    clone.dispose();
    const variable = tf.variable(tf.tensor1d([1, 2]));
    const before = tf.clone(variable);
    variable.assign(tf.tensor1d([3, 4]));
    expect([...before.dataSync(), ...variable.dataSync()]).toEqual([1, 2, 3, 4]);
    const words = tf.tensor1d(['a', 'b']);
    expect(tf.clone(words).dataSync()).toEqual(['a', 'b']);
    tf.dispose([before, variable, words]);
  });

  it('free all they allocate', async () => {
    await tf.setBackend('wasm');
    const backend = tf.backend() as unknown as { numDataIds(): number };
    const ids = backend.numDataIds();
    await expectNoLeak(() => {
      tf.tidy(() => {
        const x = fill([2, 8, 8, 3], 1) as tf.Tensor4D;
        const filter = fill([3, 3, 3, 4], 2) as tf.Tensor4D;
        tf.grads((x: tf.Tensor, filter: tf.Tensor) =>
          tf.sum(leakyRelu(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'))),
        )([x, filter]);
        tf.matMul(fill([2, 3, 4], 1), fill([5, 4], 1), false, true);
      });
    });
    expect(backend.numDataIds()).toBe(ids);
  });

  it('refuse what they cannot do with a message', async () => {
    await tf.setBackend('wasm');
    expect(() => leakyRelu(tf.tensor1d([1], 'int32'))).toThrow(/expected float32 tensors, found int32/);
    expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3]))).toThrow(/must match/);
  });
});
