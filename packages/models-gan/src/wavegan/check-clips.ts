import { checkFinite, checkLabels, refuse } from '../gan/check-images.js';
import type { ImageBatch } from '../gan/image-source.js';
import type { WaveGanConfig } from './wavegan-config.js';

/** @throws ArgumentError if a batch is not what was asked for: wrong shapes, labels that are no class indices, values that are not finite */
export async function checkClips(
  { images, labels }: ImageBatch,
  batchSize: number,
  { samples, channels, pitches }: WaveGanConfig,
): Promise<void> {
  const expected = [batchSize, samples, 1, channels];
  if (images.shape.join() !== expected.join() || labels.length !== batchSize)
    refuse(`clips [${expected}] and as many labels, found [${images.shape}] and ${labels.length} labels.`, images.shape);
  // An unconditional network looks at no labels.
  if (pitches.length > 0) checkLabels(labels, pitches.length);
  await checkFinite(images, 'clips');
}
