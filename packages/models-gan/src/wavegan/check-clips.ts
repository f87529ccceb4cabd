import { checkFinite, checkLabels, fail } from '../trainer/check-batch.js';
import type { ImageBatch } from '../trainer/image-source.js';
import type { WaveGanConfig } from './wavegan-config.js';

/** @throws ArgumentError if a batch is not what was asked for: wrong shapes, labels that are no class indices, values that are not finite */
export async function checkClips(
  { images, labels }: ImageBatch,
  batchSize: number,
  { samples, channels, pitches }: WaveGanConfig,
): Promise<void> {
  const expected = [batchSize, samples, 1, channels];
  if (images.shape.join() !== expected.join() || labels.length !== batchSize)
    fail(`clips [${expected}] and as many labels, found [${images.shape}] and ${labels.length} labels.`, images.shape);
  // An unconditional network looks at no labels.
  if (pitches.length > 0) checkLabels(labels, pitches.length);
  await checkFinite(images, 'clips');
}
