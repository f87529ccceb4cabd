import * as tf from '@tensorflow/tfjs-core';
import { GeneratorModel } from '../model/generator-model.js';
import type { NetworkConfig } from '../progressive/config.js';
import type { Growth } from '../progressive/network/stage-shape.js';
import { networkVariables } from '../progressive/network/variables.js';
import { initialValue } from '../progressive/training/initial-values.js';

/** A generator with the weights that a training begins with, of one seed. */
export function randomModel(config: NetworkConfig, growth?: Growth): GeneratorModel {
  const table = config.conditioning && { shape: [3, 8, config.conditioning.features], data: new Float32Array(24 * 2).fill(0.5) };
  const weights = Object.fromEntries(
    networkVariables('generator', config).map((variable) => [
      variable.name,
      { shape: variable.shape, data: initialValue(variable, 7, table) },
    ]),
  );
  return new GeneratorModel({ config, weights, ...(growth ? { growth } : {}) });
}

/** Its images of three fixed latents. */
export function images(model: GeneratorModel): Float32Array {
  return tf.tidy(() => {
    const latent = tf.randomNormal<tf.Rank.R2>([3, model.config.latentSize], 0, 1, 'float32', 11);
    return model
      .generate(latent, Int32Array.of(0, 2, 1))
      .dataSync<'float32'>()
      .slice();
  });
}
