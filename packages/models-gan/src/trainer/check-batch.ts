import * as tf from '@tensorflow/tfjs-core';
import { imageSize, type NetworkConfig, type Size } from '../config.js';
import { ArgumentError } from '../errors.js';
import type { ImageBatch } from './image-source.js';

/**
 * @param canvas the size asked for
 * @throws ArgumentError if a batch is not what was asked for: wrong shapes, labels that are no class indices, values that are not finite
 */
export async function checkBatch(batch: ImageBatch, batchSize: number, network: NetworkConfig, canvas: Size): Promise<void> {
  const { images, labels, instruments, levels = [] } = batch;
  const { channels, pitches, instruments: known, attributes = [] } = network;
  if (images.rank !== 4 || images.shape[0] !== batchSize || images.shape[3] !== channels || labels.length !== batchSize) {
    fail(
      `${batchSize} images [${batchSize}, height, width, ${channels}] and as many labels, found [${images.shape}] and ${labels.length} labels.`,
      images.shape,
    );
  }
  checkSize(images.shape, canvas, imageSize(network));
  checkLabels(labels, pitches.length);
  if (known.length > 0) {
    const wrong = instruments?.find((instrument) => instrument < 0 || instrument >= known.length);
    if (instruments?.length !== batchSize || wrong !== undefined) {
      fail(
        `${batchSize} instruments as positions in the network's ${known.length}, found ${wrong ?? instruments?.length ?? 'none'}.`,
        wrong ?? instruments,
      );
    }
  }
  if (levels.length !== attributes.length) {
    fail(`levels of the network's ${attributes.length} attributes, found those of ${levels.length}.`, levels.length);
  }
  for (const [index, { name, levels: count }] of attributes.entries()) {
    const wrong = levels[index]?.find((level) => level < -1 || level >= count);
    if (levels[index]?.length !== batchSize || wrong !== undefined) {
      fail(
        `${batchSize} levels of "${name}" from 0 to ${count - 1} (or -1 for an unknown one), found ${wrong ?? levels[index]?.length}.`,
        wrong ?? levels[index],
      );
    }
  }
  await checkFinite(images, 'images');
}

/** Whole multiples of the size asked for, up to the finished size: a source may spare itself the shrinking, but not add to the image. */
function checkSize([, height = 0, width = 0]: readonly number[], asked: Size, finished: Size): void {
  const fits = (size: number, axis: 0 | 1): boolean => size > 0 && size <= finished[axis] && size % asked[axis] === 0;
  if (fits(height, 0) && fits(width, 1)) return;
  fail(
    `images of the size asked for, ${asked.join(' x ')}, or a whole multiple of it up to the finished ${finished.join(' x ')}, found ` +
      `${height} x ${width}. Encode the notes to the network's image size, or give the network more blocks.`,
    [height, width],
  );
}

/** @throws ArgumentError if a label is no class index */
export function checkLabels(labels: Int32Array, pitches: number): void {
  const unknown = labels.find((label) => label < -1 || label >= pitches);
  if (unknown === undefined) return;
  fail(
    `labels that are positions in the network's ${pitches} pitches (or -1 for none), found ${unknown}. Give the class index, not the MIDI pitch.`,
    unknown,
  );
}

/**
 * A critic clips images, and some backends clip NaN to a number: it would train on nonsense without a sign of it.
 *
 * @throws ArgumentError if a value is not finite
 */
export async function checkFinite(values: tf.Tensor, what: string): Promise<void> {
  const sum = tf.sum(values);
  const [total] = await sum.data();
  sum.dispose();
  if (!Number.isFinite(total)) fail(`finite values in all ${what}, found ${total} as their sum.`, total);
}

export function fail(expected: string, value: unknown): never {
  throw new ArgumentError('image source', `expected ${expected}`, value);
}
