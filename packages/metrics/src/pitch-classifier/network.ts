import * as tfl from '@tensorflow/tfjs-layers';
import { inputShape } from './input.js';
import { checkClassifierSettings, type ClassifierSettings, outputCount } from './settings.js';

const LEAK = 0.1;
const BATCH_NORM_EPSILON = 1e-3;

/**
 * Whether a weight learns. The original's batch norm has no scale; tfjs-layers cannot train one without (it reads the missing `gamma`), so ours
 * has a scale that stays 1.
 */
export const learns = (weightName: string): boolean => !/(^|\/)gamma(_\d+)?$/.test(weightName);

const activated = (x: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor =>
  tfl.layers.leakyReLU({ name: `${name}_activation`, alpha: LEAK }).apply(x) as tfl.SymbolicTensor;
const flat = (x: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor =>
  tfl.layers.flatten({ name: `${name}_flat` }).apply(x) as tfl.SymbolicTensor;

/**
 * The network as a LayersModel: one input [batch, frequency, time, 1], two outputs, logits [batch, classes] and features [batch, width].
 *
 * Layers are named after their blocks (`block_0_conv`, `block_0_norm`, ...), so that weights made elsewhere can be put in place.
 *
 * @param seed of the initial weights (Glorot uniform)
 */
export function buildClassifierNetwork(settings: ClassifierSettings, seed: number): tfl.LayersModel {
  checkClassifierSettings(settings);
  let layer = 0;
  const kernelInitializer = (): ReturnType<typeof tfl.initializers.glorotUniform> =>
    tfl.initializers.glorotUniform({ seed: seed + layer++ });
  const normalised = (x: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor =>
    tfl.layers
      .batchNormalization({ name: `${name}_norm`, momentum: settings.batchNormDecay, epsilon: BATCH_NORM_EPSILON })
      .apply(x) as tfl.SymbolicTensor;
  const dense = (x: tfl.SymbolicTensor, name: string, units: number, useBias: boolean): tfl.SymbolicTensor =>
    tfl.layers
      .dense({ name: `${name}_dense`, units, useBias, kernelInitializer: kernelInitializer() })
      .apply(x) as tfl.SymbolicTensor;

  const [bins, columns] = inputShape(settings.input);
  const input = tfl.input({ shape: [bins, columns, 1], name: 'spectrogram' });
  let x = input;
  let features: tfl.SymbolicTensor | undefined;
  for (const { name, kernel, stride, channels } of settings.blocks) {
    const convolution = tfl.layers.conv2d({
      name: `block_${name}_conv`,
      filters: channels,
      kernelSize: [...kernel],
      strides: [...stride],
      padding: 'same',
      useBias: false,
      kernelInitializer: kernelInitializer(),
    });
    const before = normalised(convolution.apply(x) as tfl.SymbolicTensor, `block_${name}`);
    if (settings.dense === 0 && name === settings.featureBlock) features = flat(before, 'features');
    x = activated(before, `block_${name}`);
  }
  let last = flat(x, 'last');
  if (settings.dense > 0) {
    features = normalised(dense(last, 'features', settings.dense, false), 'features');
    last = activated(features, 'features');
  }
  // The original's last layer is a 1x1 convolution on a 1x1 image: a dense layer.
  const head = dense(last, 'logits', outputCount(settings.outputs), !settings.normalisedHead);
  const logits = settings.normalisedHead ? normalised(head, 'logits') : head;
  return tfl.model({ inputs: input, outputs: [logits, features!] });
}
