import { encode, mixEmbeddings, type Embedding } from '@gansynth/models-wavenet';
import { decodeEmbeddings } from './decode-embeddings.js';
import type { Autoencoder } from './open-autoencoder.js';

/** Both ends as an autoencoder has them, mixed frame by frame: a share of 0 is the first, of 1 the last. */
export async function embeddingsBetween(
  { model }: Autoencoder,
  [first, last]: readonly [Float32Array, Float32Array],
  shares: readonly number[],
  signal: AbortSignal,
): Promise<Embedding[]> {
  const ends = [await encode(model, first, { signal }), await encode(model, last, { signal })];
  return shares.map((share) => mixEmbeddings(ends, [1 - share, share]));
}

/** The same, decoded: sounds as long as the longer of the ends. */
export async function mixEncoded(
  autoencoder: Autoencoder,
  ends: readonly [Float32Array, Float32Array],
  shares: readonly number[],
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<Float32Array[]> {
  const embeddings = await embeddingsBetween(autoencoder, ends, shares, signal);
  const sounds: Float32Array[] = [];
  const length = Math.max(...ends.map((end) => end.length));
  for await (const { index, audio } of decodeEmbeddings(autoencoder.model, embeddings, { seed, batch: shares.length, signal }))
    sounds[index] = audio.subarray(0, length);
  return sounds;
}
