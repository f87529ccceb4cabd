import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import { expect, it } from 'vitest';
import { adam, boxDownscale, boxUpscale, clip, ema, gradientAccumulator, leakyRelu, lossAndGradients, moments } from './index.js';

const fill = (shape: readonly number[], k: number): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => Math.sin(1 + 0.37 * i + 0.11 * k)),
    [...shape],
  );

/** The same computation on cpu and on the GPU backend. */
async function onBoth(backend: string, compute: () => tf.Tensor[]): Promise<[gpu: ArrayLike<number>, cpu: ArrayLike<number>][]> {
  const on = async (name: string): Promise<ArrayLike<number>[]> => {
    await tf.setBackend(name);
    const results = tf.tidy(compute);
    const values = await Promise.all(results.map((result) => result.data()));
    tf.dispose(results);
    return values;
  };
  const cpu = await on('cpu');
  return (await on(backend)).map((values, index) => [values, cpu[index]!]);
}

/** Gradients, with respect to image and kernel, of a penalty on the critic's gradient. */
function penaltyGradients(critic: (image: tf.Tensor4D, kernel: tf.Tensor4D) => tf.Tensor): tf.Tensor[] {
  const penalty = (image: tf.Tensor, kernel: tf.Tensor): tf.Scalar => {
    const gradient = tf.grad((image) => tf.sum(critic(image as tf.Tensor4D, kernel as tf.Tensor4D)))(image);
    return tf.mean(tf.square(tf.sub(tf.sqrt(tf.sum(tf.square(gradient), [1, 2, 3])), 1)));
  };
  return tf.grads(penalty)([fill([3, 4, 8, 2], 1), fill([3, 3, 2, 4], 2)]);
}

// Shaders compute roots and quotients with a few units in the last place less than the processor.
const tolerance = { relative: 2e-4, absolute: 1e-6 };

const convolve = (image: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D => tf.conv2d(image, kernel, 1, 'same');

describeOnBackends('on a GPU', (backend) => {
  it.each<[string, (image: tf.Tensor4D, kernel: tf.Tensor4D) => tf.Tensor]>([
    ['leaky ReLU', (image, kernel) => tf.square(leakyRelu(convolve(image, kernel)))],
    ['clipping', (image, kernel) => tf.square(clip(convolve(image, kernel), -0.5, 0.5))],
    ['box scaling', (image, kernel) => tf.square(boxDownscale(convolve(boxUpscale(image, [1, 2]), kernel), [2, 4]))],
    ['box scaling by three', (image, kernel) => tf.square(convolve(boxUpscale(image, [3, 1]), kernel))],
    ['the minibatch standard deviation', (image, kernel) => tf.sqrt(tf.add(moments(convolve(image, kernel), 0).variance, 1e-6))],
    ['its exact derivative', (image, kernel) => tf.sqrt(moments(convolve(image, kernel), 0, { meanGradient: 'exact' }).variance)],
    [
      'stock operations',
      (image, kernel) => tf.square(tf.avgPool(tf.leakyRelu(tf.tanh(convolve(image, kernel)), 0.2), 2, 2, 'valid')),
    ],
  ])('the second derivative of a penalty through %s agrees with cpu', async (_, critic) => {
    for (const [gpu, cpu] of await onBoth(backend, () => penaltyGradients(critic))) {
      expect(Math.max(...Array.from(cpu, Math.abs))).toBeGreaterThan(1e-3);
      expectClose(gpu, cpu, tolerance);
    }
  });

  it('the gradient towards the input of a wide layer agrees with cpu, where 2,048 products are added up', async () => {
    const results = await onBoth(backend, () => {
      const layer = (x: tf.Tensor, weights: tf.Tensor): tf.Tensor => tf.sum(tf.mul(tf.matMul(x, weights), fill([4, 2048], 3)));
      return tf.grads(layer)([fill([4, 64], 1), fill([64, 2048], 2)]);
    });
    for (const [gpu, cpu] of results) {
      expect(Array.from(cpu).some((value) => Math.abs(value) > 1)).toBe(true);
      expectClose(gpu, cpu, { relative: 2e-4, absolute: 1e-3 });
    }
  });

  it('Adam, the moving average and accumulated gradients agree with cpu', async () => {
    const results = await onBoth(backend, () => {
      const weight = tf.variable(fill([3, 7], 3));
      const optimiser = adam({ learningRate: 0.1, beta1: 0.3 });
      const state = optimiser.init([weight]);
      const average = ema({ decay: 0.9 });
      const averages = average.init([weight]);
      const accumulator = gradientAccumulator();
      for (let step = 0; step < 3; step++) {
        for (const micro of [0, 1]) {
          const { gradients } = lossAndGradients(() => tf.mean(tf.square(tf.mul(weight, fill([3, 7], step + micro)))), [weight]);
          accumulator.add(gradients, 4);
        }
        optimiser.update(state, [weight], accumulator.take());
        average.update(averages, [weight]);
      }
      return [weight, ...state.firstMoments, ...state.secondMoments, ...averages.averages].map((value) => tf.clone(value));
    });
    for (const [gpu, cpu] of results) expectClose(gpu, cpu, { absolute: 2e-3 });
  });
});
