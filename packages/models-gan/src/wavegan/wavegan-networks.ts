import { boxUpscale, leakyRelu } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../progressive/network/tensor-graph.js';
import { ArgumentError } from '../errors.js';
import { phaseShuffle } from './phase-shuffle.js';
import { innerLength, waveGanLayers, type WaveGanConfig } from './wavegan-config.js';
import { classifierName, downName, projectName, scoreName, upName } from './wavegan-variables.js';

function weight(weights: Weights, name: string): tf.Tensor {
  const found = weights[name];
  if (found === undefined)
    throw new ArgumentError('weights', `expected a variable ${name}, found none. These weights are of another WaveGAN.`, name);
  return found;
}

const dense = (weights: Weights, name: string, x: tf.Tensor2D): tf.Tensor2D =>
  tf.add(tf.matMul(x, weight(weights, `${name}/kernel`) as tf.Tensor2D), weight(weights, `${name}/bias`));

/** Twice differentiable, unlike `tf.relu`. */
const relu = <T extends tf.Tensor>(x: T): T => leakyRelu(x, 0);

/** Class indices as one-hot rows [batch, pitches]; -1 gives zeros. `tf.oneHot` refuses the unconditional network's 0 classes. */
export function pitchRows(labels: Int32Array, pitches: number): tf.Tensor2D {
  const rows = new Float32Array(labels.length * pitches);
  for (const [row, label] of labels.entries()) if (label >= 0 && label < pitches) rows[row * pitches + label] = 1;
  return tf.tensor2d(rows, [labels.length, pitches]);
}

/** Layers after which the critic shuffles the phase, as the original: the first four. */
export const shuffledLayers = 4;

/**
 * The generator.
 *
 * @param latent z, [batch, latentSize], uniform in [-1, 1)
 * @param pitch one-hot, [batch, pitches]; not looked at by an unconditional network
 * @returns sound in (-1, 1), [batch, samples, 1, channels]
 * @see Donahue et al. 2019, table 4; `WaveGANGenerator` of the original
 */
export function waveGanGenerator(weights: Weights, config: WaveGanConfig, latent: tf.Tensor2D, pitch: tf.Tensor2D): tf.Tensor4D {
  const { inner, layers } = waveGanLayers(config);
  const { kernelLength, upsampling } = config;
  const input = config.pitches.length > 0 ? tf.concat([latent, pitch], 1) : latent;
  let x = relu(tf.reshape(dense(weights, projectName, input), [-1, innerLength, 1, inner])) as tf.Tensor4D;
  for (const [index, { channels, stride }] of layers.entries()) {
    const name = upName(index, upsampling);
    const kernel = weight(weights, `${name}/kernel`);
    const [batch, length, , from] = x.shape;
    const y =
      upsampling === 'zeros'
        ? tf.conv2dTranspose(
            x,
            tf.reshape(kernel, [kernelLength, 1, channels, from]),
            [batch, length * stride, 1, channels],
            [stride, 1],
            'same',
          )
        : tf.conv2d(boxUpscale(x, [stride, 1]), tf.reshape(kernel, [kernelLength, 1, from, channels]), 1, 'same');
    const sum: tf.Tensor4D = tf.add(y, weight(weights, `${name}/bias`));
    x = index === layers.length - 1 ? tf.tanh(sum) : relu(sum);
  }
  return x;
}

/** What the critic says of each clip. */
export interface WaveGanJudgement {
  /** How real it sounds, [batch, 1]. */
  readonly score: tf.Tensor2D;
  /** Pitch classification before the softmax, [batch, pitches]; null in an unconditional network. */
  readonly logits: tf.Tensor2D | null;
}

/**
 * The critic.
 *
 * @param sound [batch, samples, 1, channels]
 * @param offsets of the phase shuffle after each of the first {@link shuffledLayers} layers; none: no shuffle
 * @see Donahue et al. 2019, table 5; `WaveGANDiscriminator` of the original
 */
export function waveGanCritic(
  weights: Weights,
  config: WaveGanConfig,
  sound: tf.Tensor4D,
  offsets: ArrayLike<number> = [],
): WaveGanJudgement {
  const { inner, layers } = waveGanLayers(config);
  let x = sound;
  for (const [index, { stride }] of layers.entries()) {
    const own = downName(index);
    const [length = 0, from = 0, to = 0] = weight(weights, `${own}/kernel`).shape;
    const kernel = tf.reshape(weight(weights, `${own}/kernel`), [length, 1, from, to]) as tf.Tensor4D;
    x = leakyRelu(tf.add(tf.conv2d(x, kernel, [stride, 1], 'same'), weight(weights, `${own}/bias`)) as tf.Tensor4D, 0.2);
    x = phaseShuffle(x, index < shuffledLayers ? (offsets[index] ?? 0) : 0);
  }
  const features = tf.reshape(x, [-1, innerLength * inner]) as tf.Tensor2D;
  return {
    score: dense(weights, scoreName, features),
    logits: config.pitches.length > 0 ? dense(weights, classifierName, features) : null,
  };
}
