/*
 * The trainings whose checkpoints lie in test/fixtures: networks, settings and data they were written with.
 */
import { randomStream, randomStreamFrom, type RandomStreamState } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';
import { networkConfig, type NetworkConfig } from '../progressive/config.js';
import type { ImageSource } from '../gan/image-source.js';
import type { TrainingOptions } from '../progressive/training/training-config.js';
import { waveGanConfig, type WaveGanConfig } from '../wavegan/wavegan-config.js';
import type { WaveGanTrainingOptions } from '../wavegan/wavegan-training-config.js';
import { syntheticSource, tinyNetwork, tinyTraining } from './synthetic.js';

/** Three blocks, conditioning planes and instruments: every kind of variable a progressive network has. */
export const growing: NetworkConfig = networkConfig({
  ...tinyNetwork,
  instruments: ['reed', 'string'],
  conditioning: { features: 2, generator: ['block_2/conv0'], critic: ['block_1/conv0', 'block_3/conv0'] },
});

/** [pitches, bins, features] */
export const planes: { readonly shape: readonly number[]; readonly data: Float32Array } = {
  shape: [3, 8, 2],
  data: Float32Array.from({ length: 48 }, (_, i) => Number(i % 16 === 4 * Math.floor(i / 16))),
};

/** Ten steps; the eighth, half way through a fade, is the first after the checkpoint. In parts of 2 and 2 images. */
export const growingTraining: TrainingOptions = { ...tinyTraining, microBatchSize: 3 };

export const growingData = (): ImageSource => syntheticSource(growing, { seed: 3 });

export const tinyWaveGan: WaveGanConfig = waveGanConfig({ samples: 16_384, dim: 1, latentSize: 3, pitches: [60, 62] });

export const tinyWaveGanTraining: WaveGanTrainingOptions = {
  totalSteps: 4,
  batchSize: 2,
  criticUpdates: 2,
  pitchCounts: [3, 1],
};

/** Noise whose loudness tells its label; from clip batch `spoilAt` on it is far too loud. */
export function clips({ samples }: WaveGanConfig, spoilAt: number = Number.POSITIVE_INFINITY): ImageSource & { calls: number } {
  let stream = randomStream(9, 'clips');
  const source: ImageSource & { calls: number } = {
    calls: 0,
    next: async (batchSize) => {
      const labels = stream.integers(2, batchSize);
      const images = tf.tidy((): tf.Tensor4D => {
        const loudness = tf.reshape(tf.tensor1d(Float32Array.from(labels, (label) => 0.1 + 0.3 * label)), [batchSize, 1, 1, 1]);
        return tf.mul(
          tf.tensor4d(
            stream.uniformValues(batchSize * samples).map((value) => 2 * value - 1),
            [batchSize, samples, 1, 1],
          ),
          source.calls === spoilAt ? tf.mul(loudness, 1e20) : loudness,
        );
      });
      source.calls++;
      return { images, labels };
    },
    state: () => stream.state,
    restore: (state) => {
      stream = randomStreamFrom(state as RandomStreamState);
    },
  };
  return source;
}
