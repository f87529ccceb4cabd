import * as tf from '@tensorflow/tfjs-core';
import type { NetworkConfig } from '../progressive/config.js';
import { generatorInput } from '../progressive/network/generator-input.js';
import { tensorGraph } from '../progressive/network/tensor-graph.js';
import type { Keep } from './compiled-part.js';
import { activated, inverseNorm, leakySlopes } from './features.js';
import { foldScale, type LayerWeights } from './folded-kernel.js';

/** [batch, latentSize], one-hot [batch, pitches] -> the first features [batch, height, width, channels], activated. */
export type CompiledInput = (latent: tf.Tensor2D, pitch: tf.Tensor2D) => tf.Tensor4D;

/** What the first layer is given, with its pixel norm where it has one: [batch, values]. */
export function compiledVectors(config: NetworkConfig): (latent: tf.Tensor2D, pitch: tf.Tensor2D) => tf.Tensor2D {
  const graph = tensorGraph({});
  return (latent, pitch) =>
    tf.tidy(() => {
      const joined = generatorInput(graph, config, { latent, pitch }) as tf.Tensor2D;
      return config.inputPixelNorm ? tf.mul(joined, inverseNorm(joined, config.pixelNormEpsilon)) : joined;
    });
}

/**
 * The generator's first convolution. Its input is one pixel, so every output pixel (i, j) meets one tap, (height - 1 - i, width - 1 - j):
 * a matrix product, as a 1 x 1 convolution over the batch because backends keep a convolution's kernel packed.
 */
export function compileInput(config: NetworkConfig, { kernel, bias }: LayerWeights, keep: Keep): CompiledInput {
  const { shape, data } = foldScale(kernel, Math.SQRT2);
  const [height, width, inputs, outputs] = shape;
  const [taps, columns] = [height * width, height * width * outputs];
  const matrix = new Float32Array(data.length);
  for (let tap = 0; tap < taps; tap++)
    for (let i = 0; i < inputs; i++)
      matrix.set(
        data.subarray((tap * inputs + i) * outputs, (tap * inputs + i + 1) * outputs),
        i * columns + (taps - 1 - tap) * outputs,
      );
  const filter = keep(tf.tensor4d(matrix, [1, 1, inputs, columns]));
  const biases = keep(tf.tensor1d(Float32Array.from({ length: columns }, (_, i) => bias.data[i % outputs]!)));
  const slopes = keep(leakySlopes(outputs));
  const vectors = compiledVectors(config);
  return (latent, pitch) =>
    tf.tidy(() => {
      const x = tf.reshape(vectors(latent, pitch), [1, 1, -1, inputs]) as tf.Tensor4D;
      const y = tf.fused.conv2d({ x, filter, bias: biases, strides: 1, pad: 'valid' });
      return activated(tf.reshape(y, [-1, height, width, outputs]) as tf.Tensor4D, slopes, config.pixelNormEpsilon);
    });
}
