import type { ImageSource } from '@gansynth/models-gan';
import * as tf from '@tensorflow/tfjs-core';

/** Images of waveforms have the samples in both channels: here is one of them. */
export const firstChannel = (source: ImageSource): ImageSource => ({
  async next(batchSize, request) {
    const { images, labels } = await source.next(batchSize, request);
    const one = tf.slice4d(images, [0, 0, 0, 0], [-1, -1, -1, 1]);
    images.dispose();
    return { images: one, labels };
  },
  state: () => source.state(),
  restore: (state) => source.restore?.(state),
});
