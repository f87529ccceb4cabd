import * as tf from '@tensorflow/tfjs-core';
import { blockSize, type NetworkConfig } from '../progressive/config.js';
import { blockName, denseName } from '../progressive/network/names.js';
import type { CompiledBody, WeightReader } from './compiled-body.js';
import { compiledVectors } from './compiled-input.js';
import type { Keep } from './compiled-part.js';
import { leaky, leakySlopes, squash } from './features.js';
import { foldScale } from './folded-kernel.js';

/** Compiles a fully connected generator: products as 1 x 1 convolutions, because backends keep a convolution's kernel packed. */
export function compileDense(config: NetworkConfig, hidden: readonly number[], weight: WeightReader, keep: Keep): CompiledBody {
  const layers = [...hidden.map((_, at) => denseName(at)), 'to_rgb'].map((name, at) => {
    const { shape, data } = weight(`${blockName(1)}/${name}/dense/kernel`);
    const [inputs = 0, outputs = 0] = shape;
    const isLast = at === hidden.length;
    const kernel = foldScale({ shape: [1, 1, inputs, outputs], data }, isLast ? 1 : Math.SQRT2);
    return {
      inputs,
      outputs,
      filter: keep(tf.tensor4d(kernel.data, [1, 1, inputs, outputs])),
      bias: keep(tf.tensor1d(weight(`${blockName(1)}/${name}/bias`).data)),
      slopes: isLast ? null : keep(leakySlopes(outputs)),
    };
  });
  const vectors = compiledVectors(config);
  const [height, width] = blockSize(config, 1);
  return {
    run: (latent, pitch) =>
      tf.tidy(() => {
        const start = vectors(latent, pitch);
        const pixels = layers.reduce<tf.Tensor4D>(
          (x, { filter, bias, slopes }) => {
            const y = tf.fused.conv2d({ x, filter, bias, strides: 1, pad: 'valid' });
            return slopes === null ? y : leaky(y, slopes);
          },
          tf.reshape(start, [-1, 1, 1, layers[0]!.inputs]),
        );
        return squash(tf.reshape(pixels, [-1, height, width, config.channels]), config.toRgbActivation);
      }),
    multiplyAdds: layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0),
    peakValues: Math.max(...layers.map(({ inputs, outputs }) => inputs + 2 * outputs)),
  };
}
