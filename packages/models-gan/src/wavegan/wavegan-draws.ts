import { RandomStreams, type MicroBatch } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import type { WaveGanConfig } from './wavegan-config.js';
import { pitchRows, shuffledLayers } from './wavegan-networks.js';
import type { WaveGanTrainingConfig } from './wavegan-training-config.js';

const names = ['latent', 'label', 'mixing', 'shuffle'] as const;

/** The random streams of a WaveGAN training. */
export type WaveGanStreams = RandomStreams<(typeof names)[number]>;

export const waveGanStreams = (seed: number): WaveGanStreams => new RandomStreams(seed, names, 'wavegan/');

/** Latents and pitches of a batch, to be taken in parts. */
export type Requests = (part: MicroBatch) => { readonly latent: tf.Tensor2D; readonly pitch: tf.Tensor2D };

/** Latents, uniform in [-1, 1), and pitches of one batch. */
export function drawRequests(
  streams: WaveGanStreams,
  { latentSize, pitches }: WaveGanConfig,
  { batchSize, pitchCounts }: WaveGanTrainingConfig,
): Requests {
  const latents = streams
    .stream('latent')
    .uniformValues(batchSize * latentSize)
    .map((value) => 2 * value - 1);
  const labels =
    pitches.length > 0
      ? streams.stream('label').categorical(pitchCounts ?? pitches.map(() => 1), batchSize)
      : new Int32Array(batchSize).fill(-1);
  return ({ start, size }) => ({
    latent: tf.tensor2d(latents.slice(start * latentSize, (start + size) * latentSize), [size, latentSize]),
    pitch: pitchRows(labels.slice(start, start + size), pitches.length),
  });
}

/** How far each of the critic's shuffled layers is shifted. */
export const drawOffsets = (streams: WaveGanStreams, { phaseShuffle: radius }: WaveGanConfig): Int32Array =>
  streams
    .stream('shuffle')
    .integers(2 * radius + 1, shuffledLayers)
    .map((value) => value - radius);
