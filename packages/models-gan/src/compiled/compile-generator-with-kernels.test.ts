// Everything that holds without the kernels of @gansynth/training/wasm holds with them.
import '@gansynth/training/wasm';
import './compile-generator.test.js';
import { prepareConvolution } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { networkConfig } from '../progressive/config.js';
import { networkVariables } from '../progressive/network/variables.js';
import { product } from '../progressive/operations/operation.js';
import { compileGenerator } from './compile-generator.js';

it('with the kernels, a full-size note takes fewer multiply-adds by default', async () => {
  await tf.setBackend('wasm');
  expect(prepareConvolution(tf.zeros([3, 3, 4, 4]), tf.zeros([4]))).toBeDefined();
  const config = networkConfig({ latentSize: 4, pitches: [60] });
  const weights = Object.fromEntries(
    networkVariables('generator', config).map(({ name, shape }) => [name, { shape, data: new Float32Array(product(shape)) }]),
  );
  const compiled = compileGenerator({ config, weights });
  // 4 of 9 products of the seven convolutions at their image's size, 1 of 4 of the six that double it.
  expect(compiled.estimate.multiplyAdds / compiled.estimate.plainMultiplyAdds).toBeCloseTo(0.323, 3);
  compiled.dispose();
});
