import * as tf from '@tensorflow/tfjs-core';
import type { ImageBatch } from '../gan/image-source.js';

type Fault = (batch: ImageBatch) => ImageBatch;

/** A batch with other images; the old ones are freed. */
const withImages =
  (change: (images: tf.Tensor4D) => tf.Tensor4D): Fault =>
  ({ images, ...rest }) => {
    const changed = tf.tidy(() => change(images));
    images.dispose();
    return { ...rest, images: changed };
  };

/** Enlarges a batch's images by whole factors. */
const enlarged = (height: number, width: number): Fault => withImages((images) => tf.tile(images, [1, height, width, 1]));

/** What can be wrong with a batch of images (or clips, which are images of width 1). */
export const imageFaults: Readonly<Record<string, Fault>> = {
  'a value that is not a number': withImages((images) => tf.mul(images, Number.NaN)),
  'an infinite value': withImages((images) => tf.add(images, Number.POSITIVE_INFINITY)),
  'images larger than the finished size': enlarged(2, 2),
  'images wider than the finished size': enlarged(1, 2),
  'images that are no multiple of the size': withImages((images) => tf.slice(images, [0, 0, 1, 0], [-1, -1, -1, -1])),
  'one channel more': withImages((images) => tf.concat([images, tf.slice(images, [0, 0, 0, 0], [-1, -1, -1, 1])], 3)),
  'one image less': withImages((images) => tf.slice(images, [1, 0, 0, 0], [-1, -1, -1, -1])),
  'MIDI pitches for class indices': (batch) => ({ ...batch, labels: batch.labels.map(() => 60) }),
  'one label less': (batch) => ({ ...batch, labels: batch.labels.slice(1) }),
};
