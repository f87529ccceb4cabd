import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { ArgumentError } from '../errors.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import { createSampler } from '../sampler/create-sampler.js';
import type { Embedding } from './embedding.js';

export interface DecodeOptions {
  /** Of the first sound; those after it have the seeds that follow. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Told after each chunk how far it is. */
  readonly onEvent?: (event: { readonly type: 'samples'; readonly done: number; readonly total: number }) => void;
}

/** Their names, each once. */
export const decodeOptionNames: OptionNames<DecodeOptions> = { seed: true, signal: true, onEvent: true };

/**
 * Frames as sounds: one draw of all that the network holds possible, side by side. For sounds as they come, see `createSampler`.
 *
 * @param embeddings all of one length
 * @returns a hop of samples for each frame, in [-1, 1]
 * @throws ArgumentError if an embedding does not fit; the signal's reason when aborted
 */
export async function decode(
  model: WaveNetModel,
  embeddings: readonly Embedding[],
  options: DecodeOptions,
): Promise<Float32Array[]> {
  checkOptions('decode', options, decodeOptionNames);
  const { seed, signal, onEvent } = options;
  if (embeddings.length === 0) return [];
  if (model.config.conditioning.kind !== 'frames')
    throw new ArgumentError(
      'decode',
      `expected a model that is conditioned by frames, found one by ${model.config.conditioning.kind}.`,
      model.config,
    );
  const sampler = await createSampler(model, signal ? { batch: embeddings.length, signal } : { batch: embeddings.length });
  try {
    await sampler.begin(embeddings.map((embedding, index) => ({ seed: seed + index, embedding })));
    const total = sampler.length;
    const sounds = embeddings.map(() => new Float32Array(total));
    let done = 0;
    for await (const chunk of sampler.chunks(total, signal ? { signal } : {})) {
      for (const [index, part] of chunk.entries()) sounds[index]?.set(part, done);
      done += chunk[0]?.length ?? 0;
      onEvent?.({ type: 'samples', done, total });
    }
    return sounds;
  } finally {
    sampler.dispose();
  }
}
