import { readFile } from 'node:fs/promises';
import { messageOf } from '@gansynth/common/errors';
import { parseNpy } from '@gansynth/model-files';
import { ArgumentError, checkEmbedding, encode, type Embedding } from '@gansynth/models-wavenet';
import { readSound } from '@gansynth/nsynth-data';
import { InputError } from '../app/errors.js';
import type { Autoencoder } from './open-autoencoder.js';

/** A sound as an autoencoder has it. */
export interface EncodedSound {
  readonly embedding: Embedding;
  /** Length of the sound, at most a frame shorter than what its frames stand for. */
  readonly samples: number;
}

/**
 * A file as an autoencoder has it: a sound, resampled to its rate and encoded, or frames (`.npy`) as an encoder has left them.
 *
 * @throws InputError if frames are of another shape or not finite, or a sound has no samples; what reading a sound throws
 */
export async function encodeFile(
  path: string,
  { model, sampleRate, hop, channels }: Autoencoder,
  signal: AbortSignal,
): Promise<EncodedSound> {
  try {
    if (/\.npy$/i.test(path)) {
      const { shape, data } = parseNpy(await readFile(path), path);
      const embedding = checkEmbedding({ shape, data: Float32Array.from(data, Number) }, channels);
      return { embedding, samples: (embedding.shape[0] ?? 0) * hop };
    }
    const { samples } = await readSound(path, { sampleRate });
    return { embedding: await encode(model, samples, { signal }), samples: samples.length };
  } catch (error) {
    if (!ArgumentError.isInstance(error)) throw error;
    throw new InputError(`${path}: ${messageOf(error)}`, path, { cause: error });
  }
}
