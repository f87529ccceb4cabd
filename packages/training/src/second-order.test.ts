import * as tf from '@tensorflow/tfjs-core';
import { describeOnBackends, directionalDerivatives, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { expect, it } from 'vitest';
// The filter gradient, which the stock wasm backend lacks.
import './wasm/index.js';
import { boxDownscale, boxUpscale, clip, leakyRelu, lossAndGradients, moments } from './index.js';

const fill = (shape: number[], k: number, scale = 1): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => scale * Math.sin(1 + 0.37 * i + 0.11 * k)),
    shape,
  );

/** A gradient penalty as WGAN-GP has it, of a critic made of every operation under test. */
const penalty = (critic: (image: tf.Tensor4D) => tf.Tensor, image: tf.Tensor4D): tf.Scalar => {
  const gradient = tf.grad((image) => tf.sum(critic(image as tf.Tensor4D)))(image);
  return tf.mean(tf.square(tf.sub(tf.sqrt(tf.sum(tf.square(gradient), [1, 2, 3])), 1)));
};

// Central differences of a float32 function of size 1: this step leaves about 1e-4 from rounding and as much from curvature.
const step = 2e-3;
const expectAgreement = (numeric: number, analytic: number): void =>
  expect(Math.abs(numeric - analytic), `${numeric} for ${analytic}`).toBeLessThan(2e-3 * Math.max(1, Math.abs(analytic)));

const critic =
  (kernel: tf.Tensor) =>
  (image: tf.Tensor4D): tf.Tensor => {
    const hidden = tf.tanh(tf.conv2d(boxUpscale(image, [2, 3]), kernel as tf.Tensor4D, 1, 'same'));
    return tf.mean(tf.square(boxDownscale(hidden, [2, 4])), [1, 2, 3]);
  };

describeOnBackends('second derivatives', () => {
  it('of a gradient penalty through smooth activations, pooling and upscaling agree with finite differences', async () => {
    const image = fill([2, 4, 4, 2], 1) as tf.Tensor4D;
    const pairs = await directionalDerivatives((kernel) => penalty(critic(kernel), image), fill([3, 3, 2, 3], 2, 0.5), { step });
    for (const [numeric, analytic] of pairs) expectAgreement(numeric, analytic);
  });

  it.each(['leakyRelu', 'clip'] as const)('of %s equal those of the stock operations with registered gradients', (name) => {
    const image = fill([2, 4, 4, 2], 3) as tf.Tensor4D;
    const kernel = fill([3, 3, 2, 3], 4) as tf.Tensor4D;
    const activations = {
      leakyRelu: [(x: tf.Tensor) => leakyRelu(x, 0.2), (x: tf.Tensor) => tf.leakyRelu(x, 0.2)],
      clip: [(x: tf.Tensor) => clip(x, -0.5, 0.5), (x: tf.Tensor) => tf.clipByValue(x, -0.5, 0.5)],
    }[name] as ((x: tf.Tensor) => tf.Tensor)[];
    const results = activations.map((activation) =>
      tf.grads((kernel: tf.Tensor, image: tf.Tensor) =>
        penalty(
          (image) => tf.mean(tf.square(activation(tf.conv2d(image, kernel as tf.Tensor4D, 1, 'same'))), [1, 2, 3]),
          image as tf.Tensor4D,
        ),
      )([kernel, image]),
    );
    const [own, stock] = results as [tf.Tensor[], tf.Tensor[]];
    for (const [index, tensor] of own.entries()) {
      const values = tensor.dataSync();
      expect(Math.max(...values)).toBeGreaterThan(1e-3);
      expectClose(values, stock[index]!.dataSync(), { relative: 1e-5 });
    }
  });

  it('stock leakyRelu, avgPool, maximum and clipByValue work inside a penalty', () => {
    const image = fill([2, 4, 4, 2], 5) as tf.Tensor4D;
    const { gradients } = lossAndGradients(
      () =>
        penalty((image) => {
          const pooled = tf.avgPool(tf.leakyRelu(tf.mul(image, image) as tf.Tensor4D, 0.2), 2, 2, 'valid');
          return tf.sum(tf.square(tf.maximum(tf.clipByValue(pooled, 0, 0.9), 0.1)), [1, 2, 3]);
        }, image),
      [image],
    );
    expect(tf.max(tf.abs(gradients[0]!)).dataSync()[0]).toBeGreaterThan(0.01);
  });

  it.each([
    ['tanh', (x: tf.Tensor) => tf.tanh(x)],
    ['sigmoid', (x: tf.Tensor) => tf.sigmoid(x)],
    ['exp', (x: tf.Tensor) => tf.exp(x)],
    ['softmax', (x: tf.Tensor) => tf.square(tf.softmax(x))],
    ['log of softmax', (x: tf.Tensor) => tf.square(tf.log(tf.softmax(x)))],
    ['softplus', (x: tf.Tensor) => tf.softplus(x)],
    ['max', (x: tf.Tensor) => tf.square(tf.max(x, -1))],
    ['moments', (x: tf.Tensor) => tf.square(moments(x, 0, { meanGradient: 'exact' }).variance)],
  ])('of the stock %s agree with finite differences of its first', async (_, f) => {
    const first = (x: tf.Tensor): tf.Tensor => tf.grad((x) => tf.sum(f(x)))(x);
    const pairs = await directionalDerivatives((x) => tf.sum(tf.mul(first(x), fill([3, 4], 11))), fill([3, 4], 10), { step });
    for (const [numeric, analytic] of pairs) expectAgreement(numeric, analytic);
  });

  it('of a convolution penalised through its filter gradient agree with finite differences', async () => {
    const filter = fill([3, 3, 2, 2], 6) as tf.Tensor4D;
    const penalised = (x: tf.Tensor): tf.Scalar => {
      const output = (filter: tf.Tensor): tf.Tensor => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
      return tf.mean(tf.square(tf.grad((filter) => tf.sum(tf.tanh(output(filter))))(filter)));
    };
    const pairs = await directionalDerivatives(penalised, fill([1, 4, 4, 2], 7, 0.3), { step });
    for (const [numeric, analytic] of pairs) expectAgreement(numeric, analytic);
  });

  it('leave nothing behind', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const image = fill([2, 4, 4, 2], 8) as tf.Tensor4D;
        lossAndGradients(
          () => penalty((image) => tf.mean(leakyRelu(boxDownscale(boxUpscale(clip(image, -1, 1), [2, 2]), [2, 2]))), image),
          [image],
        );
      });
    });
  });
});

const x = (): tf.Tensor => fill([3, 5], 9);
const gradientOfSquaredVariance = (meanGradient: 'stopped' | 'exact'): ArrayLike<number> =>
  tf
    .grad((x) => tf.sum(tf.square(moments(x, 0, { meanGradient }).variance)))(x())
    .dataSync();

describeOnBackends('moments', () => {
  it('equal the mean and population variance', () => {
    const { mean, variance } = moments(x(), 0);
    const columns = x().arraySync() as number[][];
    for (const [column, actual] of Array.from(variance.dataSync()).entries()) {
      const values = columns.map((row) => row[column]!);
      const average = values.reduce((a, b) => a + b) / 3;
      expect(mean.dataSync()[column]).toBeCloseTo(average, 5);
      expect(actual).toBeCloseTo(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / 3, 5);
    }
    expect(moments(x(), [0, 1], { keepDims: true }).variance.shape).toEqual([1, 1]);
  });

  it('have the same first derivative with and without the mean held constant', () => {
    expectClose(gradientOfSquaredVariance('stopped'), gradientOfSquaredVariance('exact'), { absolute: 1e-6 });
  });

  it('hold the mean constant in the second derivative by default, and let it move on request', () => {
    // One column of n values: d variance / dx = 2 (x - mean) / n, so the penalty's gradient is 8/n^2 (x - mean) held constant ...
    const column = tf.tensor1d([1, 2, 4, 9]);
    const second = (meanGradient?: 'stopped' | 'exact'): ArrayLike<number> =>
      tf
        .grad((x) => {
          const gradient = tf.grad((x) => tf.sum(moments(x, 0, meanGradient && { meanGradient }).variance))(x);
          return tf.sum(tf.mul(gradient, tf.tensor1d([1, 0, 0, 0])));
        })(column)
        .dataSync();
    expectClose(second(), [0.5, 0, 0, 0], { absolute: 1e-6 });
    // ... and 2/n (identity - 1/n) if it moves.
    expectClose(second('exact'), [0.375, -0.125, -0.125, -0.125], { absolute: 1e-6 });
  });
});
