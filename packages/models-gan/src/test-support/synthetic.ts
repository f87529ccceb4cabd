import { randomStreamFrom, randomStream, type RandomStreamState } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';
import { imageSize, networkConfig, type NetworkConfig } from '../progressive/config.js';
import type { ImageSource } from '../gan/image-source.js';
import type { TrainingOptions } from '../progressive/training/training-config.js';

/** A network of three blocks that trains in milliseconds. */
export const tinyNetwork: NetworkConfig = networkConfig({
  latentSize: 4,
  pitches: [60, 62, 64],
  start: [1, 2],
  blocks: 3,
  filters: { base: 16, decay: 1, max: 4 },
  normaliser: { scale: [[0.1, 0.8]], offset: [[0.1, 0]] },
});

/** Five stages of 8 images, batches of 4: two steps a stage. */
export const tinyTraining: TrainingOptions = {
  schedule: { stableImages: 8, transitionImages: 8, totalImages: 40, batchSizes: [4] },
  pitchCounts: [3, 1, 2],
  generatorLearningRate: 2e-3,
  criticLearningRate: 2e-3,
};

/** Images that depend on their label and instrument, drawn from a stream; counts what is asked of it. */
export function syntheticSource(
  network: NetworkConfig,
  { seed = 5, spoil = () => false }: { seed?: number; spoil?: (call: number) => boolean } = {},
): ImageSource & { calls: number } {
  let stream = randomStream(seed, 'images');
  const [height, width] = imageSize(network);
  const source = {
    calls: 0,
    next: async (batchSize: number) => {
      source.calls++;
      const labels = stream.integers(network.pitches.length, batchSize);
      const instruments = network.instruments.length === 0 ? null : stream.integers(network.instruments.length, batchSize);
      const level = Float32Array.from(labels, (label, i) => label - 2 * (instruments?.[i] ?? 0));
      const images = tf.tidy(() => {
        const noise = tf.tensor(
          stream.normalValues(batchSize * height * width * network.channels).map((value) => 0.3 * value),
          [batchSize, height, width, network.channels],
        );
        const image = tf.add(noise, tf.reshape(tf.tensor1d(level), [batchSize, 1, 1, 1])) as tf.Tensor4D;
        return spoil(source.calls) ? (tf.mul(image, Number.NaN) as tf.Tensor4D) : image;
      });
      return { images, labels, ...(instruments === null ? {} : { instruments }) };
    },
    state: () => stream.state,
    restore: (state: unknown) => {
      stream = randomStreamFrom(state as RandomStreamState);
    },
  };
  return source;
}
