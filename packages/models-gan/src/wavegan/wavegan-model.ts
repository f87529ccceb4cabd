import * as tf from '@tensorflow/tfjs-core';
import { input, layers as tfLayers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { ArgumentError } from '../errors.js';
import type { PlainTensor, PlainWeights } from '@gansynth/model-files';
import type { Weights } from '../progressive/network/tensor-graph.js';
import { innerLength, waveGanLayers, type WaveGanConfig } from './wavegan-config.js';
import { pitchRows, waveGanGenerator } from './wavegan-networks.js';
import { classifierName, downName, projectName, scoreName, upName, waveGanVariables } from './wavegan-variables.js';

/** A WaveGAN generator with frozen weights, to sample from. Free it with `dispose`. */
export class WaveGanModel {
  readonly config: WaveGanConfig;
  readonly weights: Weights;

  /**
   * @param weights by variable name; tensors are shared, not copied, and stay the caller's
   * @throws ArgumentError if a variable is missing or has another shape
   */
  constructor({ config, weights }: { readonly config: WaveGanConfig; readonly weights: Weights | PlainWeights }) {
    this.config = config;
    this.weights = ownWeights('generator', config, weights);
  }

  /**
   * @param latent z, [batch, latentSize], uniform in [-1, 1)
   * @param labels class indices (positions in `config.pitches`), one an example; -1 for no pitch. Not needed by an unconditional model.
   * @returns sound in (-1, 1), [batch, samples, 1, channels]
   */
  generate(latent: tf.Tensor2D, labels: Int32Array = new Int32Array(latent.shape[0]).fill(-1)): tf.Tensor4D {
    const { latentSize, pitches } = this.config;
    if (latent.rank !== 2 || latent.shape[1] !== latentSize || latent.shape[0] !== labels.length)
      throw new ArgumentError(
        'generate',
        `expected latents [batch, ${latentSize}] and as many labels, found [${latent.shape}] and ${labels.length} labels.`,
        latent.shape,
      );
    return tf.tidy(() => tf.clone(waveGanGenerator(this.weights, this.config, latent, pitchRows(labels, pitches.length))));
  }

  /** The same generator as a tfjs LayersModel of stock layers, which any program can load: see {@link waveGanGeneratorLayers}. */
  toLayersModel(): LayersModel {
    return waveGanGeneratorLayers(this.config, this.weights);
  }

  dispose(): void {
    tf.dispose(this.weights as Record<string, tf.Tensor>);
  }
}

function ownWeights(network: 'generator' | 'critic', config: WaveGanConfig, weights: Weights | PlainWeights): Weights {
  const own: Record<string, tf.Tensor> = {};
  for (const { name, shape } of waveGanVariables(network, config)) {
    const weight = weights[name];
    if (weight === undefined || weight.shape.join() !== shape.join()) {
      tf.dispose(own);
      throw new ArgumentError(
        'WaveGanModel',
        `expected a variable ${name} [${shape}], found ${weight ? `[${weight.shape}]` : 'none'}. These weights are of another WaveGAN.`,
        name,
      );
    }
    own[name] =
      weight instanceof tf.Tensor ? tf.clone(weight) : tf.tensor((weight as PlainTensor<Float32Array>).data, [...shape]);
  }
  return own;
}

/** Sets a stock layer's kernel and bias from variables whose values lie in memory alike. */
function setLayer(layer: tfLayers.Layer, weights: Weights, name: string): void {
  tf.tidy(() => {
    const [kernel, bias] = layer.weights;
    layer.setWeights([
      tf.reshape(weights[`${name}/kernel`]!, (kernel?.shape ?? []) as number[]),
      tf.reshape(weights[`${name}/bias`]!, (bias?.shape ?? []) as number[]),
    ]);
  });
}

/** `G/upconv_0/conv1d` -> `G_upconv_0_conv1d`: layer names become file names. */
export const layerName = (variable: string): string => variable.replaceAll('/', '_');

/**
 * A generator as a tfjs LayersModel of stock layers. Inputs `latent` [batch, latentSize] and, in a conditioned network, `pitch` (one-hot,
 * [batch, pitches]); output [batch, samples, 1, channels]. Weights are copied; free it with its own `dispose`.
 */
export function waveGanGeneratorLayers(config: WaveGanConfig, weights: Weights): LayersModel {
  const { inner, layers } = waveGanLayers(config);
  const { kernelLength, upsampling, pitches } = config;
  const set: [tfLayers.Layer, string][] = [];
  const named = <L extends tfLayers.Layer>(layer: L, name: string): L => {
    set.push([layer, name]);
    return layer;
  };
  const latent = input({ shape: [config.latentSize], name: 'latent' });
  const pitch = pitches.length > 0 ? input({ shape: [pitches.length], name: 'pitch' }) : undefined;
  const joined = pitch ? (tfLayers.concatenate({ name: 'G_input' }).apply([latent, pitch]) as SymbolicTensor) : latent;
  const project = tfLayers.dense({ units: innerLength * inner, activation: 'relu', name: layerName(projectName) });
  let x = named(project, projectName).apply(joined) as SymbolicTensor;
  x = tfLayers.reshape({ targetShape: [innerLength, 1, inner], name: 'G_reshape' }).apply(x) as SymbolicTensor;
  for (const [index, { channels, stride }] of layers.entries()) {
    const name = upName(index, upsampling);
    const activation = index === layers.length - 1 ? 'tanh' : 'relu';
    const common = {
      filters: channels,
      kernelSize: [kernelLength, 1] as [number, number],
      padding: 'same' as const,
      activation,
      name: layerName(name),
    } as const;
    if (upsampling === 'nearest')
      x = tfLayers.upSampling2d({ size: [stride, 1], name: `G_upsample_${index}` }).apply(x) as SymbolicTensor;
    const layer =
      upsampling === 'zeros'
        ? tfLayers.conv2dTranspose({ ...common, strides: [stride, 1] })
        : tfLayers.conv2d({ ...common, strides: 1 });
    x = named(layer, name).apply(x) as SymbolicTensor;
  }
  const generator = model({ inputs: pitch ? [latent, pitch] : latent, outputs: x, name: 'wavegan_generator' });
  for (const [layer, name] of set) setLayer(layer, weights, name);
  return generator;
}

/**
 * A critic as a tfjs LayersModel of stock layers, without phase shuffle (which only training wants). Input `sound`
 * [batch, samples, 1, channels]; outputs the score [batch, 1] and, in a conditioned network, the pitch logits [batch, pitches].
 */
export function waveGanCriticLayers(config: WaveGanConfig, weights: Weights): LayersModel {
  const { layers, inner } = waveGanLayers(config);
  const set: [tfLayers.Layer, string][] = [];
  const sound = input({ shape: [config.samples, 1, config.channels], name: 'sound' });
  let x = sound;
  for (const [index, { stride }] of layers.entries()) {
    const name = downName(index);
    const filters = weights[`${name}/bias`]?.shape[0] ?? 0;
    const layer = tfLayers.conv2d({
      filters,
      kernelSize: [config.kernelLength, 1],
      strides: [stride, 1],
      padding: 'same',
      name: layerName(name),
    });
    set.push([layer, name]);
    x = layer.apply(x) as SymbolicTensor;
    x = tfLayers.leakyReLU({ alpha: 0.2, name: `D_activation_${index}` }).apply(x) as SymbolicTensor;
  }
  x = tfLayers.reshape({ targetShape: [innerLength * inner], name: 'D_flatten' }).apply(x) as SymbolicTensor;
  const heads = [scoreName, ...(config.pitches.length > 0 ? [classifierName] : [])].map((name) => {
    const units = weights[`${name}/bias`]?.shape[0] ?? 0;
    const layer = tfLayers.dense({ units, name: layerName(name) });
    set.push([layer, name]);
    return layer.apply(x) as SymbolicTensor;
  });
  const critic = model({
    inputs: sound,
    outputs: heads.length === 1 ? heads[0]! : heads,
    name: 'wavegan_critic',
  });
  for (const [layer, name] of set) setLayer(layer, weights, name);
  return critic;
}
