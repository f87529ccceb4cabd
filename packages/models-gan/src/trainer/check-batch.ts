import * as tf from '@tensorflow/tfjs-core';
import type { NetworkConfig } from '../config.js';
import { ArgumentError } from '../errors.js';
import type { ImageBatch } from './image-source.js';

/** @throws ArgumentError if a batch is not what was asked for: wrong shapes, labels that are no class indices, values that are not finite */
export async function checkBatch(
  { images, labels, instruments }: ImageBatch,
  batchSize: number,
  { pitches, instruments: known, channels }: NetworkConfig,
): Promise<void> {
  if (images.rank !== 4 || images.shape[0] !== batchSize || images.shape[3] !== channels || labels.length !== batchSize) {
    throw new ArgumentError(
      'image source',
      `expected ${batchSize} images [${batchSize}, height, width, ${channels}] and as many labels, found [${images.shape}] and ` +
        `${labels.length} labels.`,
      images.shape,
    );
  }
  const unknown = labels.find((label) => label < -1 || label >= pitches.length);
  if (unknown !== undefined) {
    throw new ArgumentError(
      'image source',
      `expected labels that are positions in the network's ${pitches.length} pitches (or -1 for none), found ${unknown}. ` +
        `Give the class index, not the MIDI pitch.`,
      unknown,
    );
  }
  if (known.length > 0) {
    const wrong = instruments?.find((instrument) => instrument < 0 || instrument >= known.length);
    if (instruments?.length !== batchSize || wrong !== undefined) {
      throw new ArgumentError(
        'image source',
        `expected ${batchSize} instruments as positions in the network's ${known.length}, found ${wrong ?? instruments?.length ?? 'none'}.`,
        wrong ?? instruments,
      );
    }
  }
  // The critic clips images, and some backends clip NaN to a number: it would train on nonsense without a sign of it.
  const sum = tf.sum(images);
  const [total] = await sum.data();
  sum.dispose();
  if (!Number.isFinite(total)) {
    throw new ArgumentError('image source', `expected finite values in all images, found ${total} as their sum.`, total);
  }
}
