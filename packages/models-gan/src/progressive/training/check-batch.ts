import { imageSize, type NetworkConfig, type Size } from '../config.js';
import { checkFinite, checkLabels, refuse } from '../../gan/check-images.js';
import type { ImageBatch } from '../../gan/image-source.js';

/**
 * @param canvas the size asked for
 * @throws ArgumentError if a batch is not what was asked for: wrong shapes, labels that are no class indices, values that are not finite
 */
export async function checkBatch(batch: ImageBatch, batchSize: number, network: NetworkConfig, canvas: Size): Promise<void> {
  const { images, labels, instruments, levels = [] } = batch;
  const { channels, pitches, instruments: known, attributes = [] } = network;
  if (images.rank !== 4 || images.shape[0] !== batchSize || images.shape[3] !== channels || labels.length !== batchSize) {
    refuse(
      `${batchSize} images [${batchSize}, height, width, ${channels}] and as many labels, found [${images.shape}] and ${labels.length} labels.`,
      images.shape,
    );
  }
  checkSize(images.shape, canvas, imageSize(network));
  checkLabels(labels, pitches.length);
  if (known.length > 0) {
    const wrong = instruments?.find((instrument) => instrument < 0 || instrument >= known.length);
    if (instruments?.length !== batchSize || wrong !== undefined) {
      refuse(
        `${batchSize} instruments as positions in the network's ${known.length}, found ${wrong ?? instruments?.length ?? 'none'}.`,
        wrong ?? instruments,
      );
    }
  }
  if (levels.length !== attributes.length) {
    refuse(`levels of the network's ${attributes.length} attributes, found those of ${levels.length}.`, levels.length);
  }
  for (const [index, { name, levels: count }] of attributes.entries()) {
    const wrong = levels[index]?.find((level) => level < -1 || level >= count);
    if (levels[index]?.length !== batchSize || wrong !== undefined) {
      refuse(
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
  refuse(
    `images of the size asked for, ${asked.join(' x ')}, or a whole multiple of it up to the finished ${finished.join(' x ')}, found ` +
      `${height} x ${width}. Encode the notes to the network's image size, or give the network more blocks.`,
    [height, width],
  );
}
