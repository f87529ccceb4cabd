import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from '../errors.js';
import { blockName, denseName, generatorScope } from '../progressive/network/names.js';
import { GeneratorModel } from './generator-model.js';

/**
 * The same fully connected generator with its hidden values scaled so that the outgoing weights of each reach equally far, for weights that are stored in
 * few bits (`saveModel` with `precision: 'uint8'`, whose steps the farthest weight of a layer decides). A leaky ReLU passes a factor on, so what a layer's
 * outputs are multiplied by, the next layer's weights are divided by, and images stay what they were but for rounding.
 *
 * @returns a model of its own, which the caller frees
 * @throws ArgumentError for a generator that is not fully connected (`dense`)
 * @see Nagel et al. 2019, "Data-free quantization through weight equalization and bias correction", section 4.1
 */
export function withEvenRanges(model: GeneratorModel): GeneratorModel {
  const { config, growth, weights } = model;
  const { dense: hidden } = config;
  if (hidden === undefined)
    throw new ArgumentError('withEvenRanges', 'expected a fully connected generator (dense), found one of convolutions.', config);
  const layers = [...hidden.keys()].map(denseName).concat('to_rgb');
  const at = (layer: number, part: string): string => `${generatorScope}/${blockName(1)}/${layers[layer]!}/${part}`;
  const even = tf.tidy(() => {
    const changed: Record<string, tf.Tensor> = { ...weights };
    for (let layer = layers.length - 1; layer > 0; layer--) {
      const outgoing = at(layer, 'dense/kernel');
      const reach = tf.max(tf.abs(changed[outgoing]!), 1, true);
      // Values that nothing listens to stay as they are.
      const factors = tf.where(tf.greater(reach, 0), tf.div(reach, tf.mean(reach)), tf.onesLike(reach));
      changed[outgoing] = tf.div(changed[outgoing]!, factors);
      const row = tf.reshape(factors, [-1]);
      for (const name of [at(layer - 1, 'dense/kernel'), at(layer - 1, 'bias')]) changed[name] = tf.mul(changed[name]!, row);
    }
    return changed;
  });
  const made = new GeneratorModel({ config, growth, weights: even });
  tf.dispose(Object.values(even).filter((weight) => !Object.values(weights).includes(weight)));
  return made;
}
