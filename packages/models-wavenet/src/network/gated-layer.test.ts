import { describeOnBackends, expectNoLeak } from '@gansynth/test-kit';
import '@gansynth/training/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { gatedLayer } from './gated-layer.js';

const random = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);

function layer(isCheckpointed: boolean, [x, kernel, biases, frames, mapKernel, mapBiases]: tf.Tensor[]): tf.Tensor {
  const map = { kernel: mapKernel as tf.Tensor4D, biases: mapBiases as tf.Tensor1D };
  return gatedLayer(
    x as tf.Tensor3D,
    { kernel: kernel as tf.Tensor4D, biases: biases as tf.Tensor1D },
    frames ? { frames: frames as tf.Tensor3D, map, hop: 4 } : null,
    { dilation: 2, isCheckpointed },
  );
}

describeOnBackends('a gated layer', () => {
  it.each([false, true])('that is computed again for its gradient has the same bits (conditioned: %s)', async (isConditioned) => {
    await expectNoLeak(() => {
      const [plain, again] = [false, true].map((isCheckpointed) =>
        tf.tidy(() => {
          const shapes = [[2, 12, 3], [1, 3, 3, 8], [8], ...(isConditioned ? [[2, 3, 5], [1, 1, 5, 8], [8]] : [])];
          const inputs = shapes.map((shape, seed) => random(shape, seed + 1));
          const { value, grads } = tf.valueAndGrads((...inputs: tf.Tensor[]) => tf.sum(tf.square(layer(isCheckpointed, inputs))))(
            inputs,
          );
          return [value, ...grads].map((tensor) => [...tensor.dataSync()]);
        }),
      );
      expect(again).toEqual(plain);
      expect(plain!.length).toBe(isConditioned ? 7 : 4);
    });
  });
});
