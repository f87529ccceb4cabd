import * as tf from '@tensorflow/tfjs-core';
import type { PlainTensor, PlainWeights } from '@gansynth/model-files';
import type { Weights } from '../progressive/network/tensor-graph.js';

/**
 * Weights as plain numbers, read without blocking. {@link compileGenerator} needs numbers at once, which webgpu does not give: read its
 * weights with this first.
 *
 * @param weights tensors, which stay the caller's, or numbers already
 */
export async function readWeights(weights: Weights | PlainWeights): Promise<PlainWeights> {
  return Object.fromEntries(await Promise.all(Object.entries(weights).map(([name, weight]) => readOne(name, weight))));
}

async function readOne(
  name: string,
  weight: tf.Tensor | PlainTensor<Float32Array>,
): Promise<[string, PlainTensor<Float32Array>]> {
  if (!(weight instanceof tf.Tensor)) return [name, weight];
  return [name, { shape: weight.shape, data: Float32Array.from(await weight.data<'float32'>()) }];
}
