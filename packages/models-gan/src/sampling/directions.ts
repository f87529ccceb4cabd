import { breathe } from '@gansynth/common/breathe';
import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { ArgumentError } from '../errors.js';
import { oneHotLabels } from '../gan/pitch-loss.js';
import type { GeneratorModel } from '../model/generator-model.js';
import { generator } from '../progressive/network/generator.js';
import type { Graph } from '../progressive/network/graph.js';
import { blockName, generatorScope } from '../progressive/network/names.js';
import { tensorGraph } from '../progressive/network/tensor-graph.js';
import { drawLatents, type Latent } from './latents.js';
import { latentTensor } from './sample.js';

export interface DirectionsOptions {
  /** How many directions, the strongest first. Default 8. */
  readonly count?: number;
  /** Latents looked at, 2 to 2048. Default 256; more than `count`. Time grows with their cube: seconds for 1024. */
  readonly samples?: number;
  readonly seed?: number;
  /** Pitch at which they are looked at; default the middle one. */
  readonly pitch?: number;
  /** Block whose features are looked at; early ones hold the coarse properties of a sound. Default 1. */
  readonly block?: number;
  readonly signal?: AbortSignal;
}

const directionsOptionNames: OptionNames<DirectionsOptions> = {
  count: true,
  samples: true,
  seed: true,
  pitch: true,
  block: true,
  signal: true,
};

/** The most that is decomposed at once, in minutes: what cannot be interrupted must end. */
const maximumSamples = 2048;

/** A direction of the latent space along which the sound changes most. */
export interface LatentDirection {
  /** Unit length: add a multiple of it to a latent. */
  readonly direction: Latent;
  /** Share of the features' variance, 0 ... 1. */
  readonly explained: number;
}

/**
 * Principal directions of the latent space. The latents themselves are equally spread in all directions; what they do to the sound is
 * not. So the generator's features of many latents are decomposed into principal components, and each component is expressed as the
 * direction of z that follows it best (least squares).
 *
 * @throws the signal's reason when aborted, also by a timer; only the decomposition at the end, once begun, is not interrupted
 * @see Härkönen et al. 2020, "GANSpace", section 2
 */
export async function latentDirections(model: GeneratorModel, options: DirectionsOptions = {}): Promise<LatentDirection[]> {
  checkOptions('latentDirections', options, directionsOptionNames);

  const { config } = model;
  const { count = 8, samples = 256, seed = 0, block = 1, signal } = options;
  const pitch = options.pitch ?? config.pitches[config.pitches.length >> 1]!;
  const label = config.pitches.indexOf(pitch);
  if (label === -1) throw new ArgumentError('latentDirections', `expected a pitch of the network, found ${pitch}.`, pitch);
  if (!(Number.isInteger(samples) && samples >= 2 && samples <= maximumSamples)) {
    throw new ArgumentError('latentDirections', `expected 2 to ${maximumSamples} samples, found ${samples}.`, samples);
  }
  if (!(Number.isInteger(count) && count >= 1 && count < samples && count <= config.latentSize)) {
    throw new ArgumentError(
      'latentDirections',
      `expected 1 to ${Math.min(config.latentSize, samples - 1)} directions (latent size, samples - 1), found ${count}.`,
      count,
    );
  }
  if (!(Number.isInteger(block) && block >= 1 && block <= model.growth.blocks)) {
    throw new ArgumentError('latentDirections', `expected a block of 1 to ${model.growth.blocks}, found ${block}.`, block);
  }
  const latents = drawLatents(samples, { seed, latentSize: config.latentSize });
  const { vectors, values, total } = await principalComponents(model, latents, label, block, signal);
  return Array.from({ length: count }, (_, index) => {
    const column = samples - 1 - index; // eigenvalues ascend
    return {
      direction: follow(latents, vectors.getColumn(column)),
      explained: total === 0 ? 0 : Math.max(0, values[column]!) / total,
    };
  });
}

/** Eigenvectors of the samples' Gram matrix: the components' scores, one a sample. */
async function principalComponents(
  model: GeneratorModel,
  latents: readonly Latent[],
  label: number,
  block: number,
  signal: AbortSignal | undefined,
): Promise<{ vectors: Matrix; values: number[]; total: number }> {
  const samples = latents.length;
  const parts: tf.Tensor2D[] = [];
  let gram: tf.Tensor2D;
  try {
    for (let at = 0; at < samples; at += 32) {
      await breathe(signal);
      parts.push(blockFeatures(model, latents.slice(at, at + 32), label, block));
    }
    gram = tf.tidy(() => {
      const features = tf.concat(parts);
      const centred = tf.sub(features, tf.mean(features, 0, true));
      // Turned before the product: see `registerMatMulGradient` of @gansynth/training.
      return tf.matMul(centred, tf.transpose(centred));
    });
  } finally {
    tf.dispose(parts);
  }
  const rows = Array.from(await gram.data());
  gram.dispose();
  await breathe(signal);
  const matrix = Matrix.from1DArray(samples, samples, rows);
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return { vectors: eigenvectorMatrix, values: realEigenvalues, total: matrix.trace() };
}

/** Features that leave a block, one row a latent. */
function blockFeatures(model: GeneratorModel, latents: readonly Latent[], label: number, block: number): tf.Tensor2D {
  return tf.tidy(() => {
    const { config, growth } = model;
    const scope = `${generatorScope}/${blockName(block)}/`;
    let features: tf.Tensor | null = null;
    const plain = tensorGraph(model.weights);
    const watching: Graph<tf.Tensor> = {
      shape: plain.shape,
      apply: (operation, name, settings, inputs) => {
        const output = plain.apply(operation, name, settings, inputs);
        if (name.startsWith(scope) && !/to_(rgb|canvas)$/.test(name)) features = output;
        return output;
      },
    };
    const pitch = oneHotLabels(new Int32Array(latents.length).fill(label), config.pitches.length);
    generator(
      watching,
      config,
      { blocks: growth.blocks, progress: growth.progress },
      {
        latent: latentTensor(latents, config.latentSize),
        pitch,
      },
    );
    return tf.reshape(features as unknown as tf.Tensor, [latents.length, -1]) as tf.Tensor2D;
  });
}

/** The unit direction of z that best explains a component's scores; its largest value is positive, so that its sign is no accident. */
function follow(latents: readonly Latent[], scores: readonly number[]): Latent {
  const size = latents[0]!.length;
  const sums = new Float64Array(size);
  for (const [index, latent] of latents.entries()) {
    for (let i = 0; i < size; i++) sums[i] = sums[i]! + latent[i]! * scores[index]!;
  }
  let largest = 0;
  for (const value of sums) if (Math.abs(value) > Math.abs(largest)) largest = value;
  const length = Math.hypot(...sums) * (Math.sign(largest) || 1);
  return Float32Array.from(sums, (value) => (length === 0 ? 0 : value / length));
}
