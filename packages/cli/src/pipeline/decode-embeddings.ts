import { isAbort } from '@gansynth/common/breathe';
import { createSampler, type Embedding, type Precision, type WaveNetModel } from '@gansynth/models-wavenet';

export interface DecodeOptions {
  /** Of each sound, by position, or one for all. */
  readonly seed: number | ((index: number) => number);
  /** Sounds decoded side by side, at most. */
  readonly batch: number;
  /** Of the weights. Default `float32`. */
  readonly precision?: Precision | undefined;
  readonly signal: AbortSignal;
  /** Told with what sounds of one length were drawn. */
  readonly onSampler?: (description: string) => void;
  /** Told how many samples there are, of all sounds together. */
  readonly onSamples?: (done: number) => void;
}

export interface DecodedSound {
  /** Position of its embedding. */
  readonly index: number;
  readonly audio: Float32Array;
  /** False where it was stopped on the way: the beginning of the sound. */
  readonly whole: boolean;
}

/**
 * Decodes embeddings of any lengths, those of one length side by side. When it is aborted, what there is of the sounds on the way comes before the
 * error.
 */
export async function* decodeEmbeddings(
  model: WaveNetModel,
  embeddings: readonly Embedding[],
  { seed, batch, precision = 'float32', signal, onSampler, onSamples }: DecodeOptions,
): AsyncGenerator<DecodedSound> {
  const seedOf = typeof seed === 'number' ? (): number => seed : seed;
  let before = 0;
  for (const group of groupsOf(embeddings, batch)) {
    const sampler = await createSampler(model, { batch: group.length, precision, signal });
    try {
      await sampler.begin(group.map((index) => ({ seed: seedOf(index), embedding: embeddings[index]! })));
      const { length } = sampler;
      const sounds = group.map(() => new Float32Array(length));
      let done = 0;
      try {
        for await (const chunk of sampler.chunks(length, { signal })) {
          for (const [note, part] of chunk.entries()) sounds[note]!.set(part, done);
          done += chunk[0]!.length;
          onSamples?.(before + done * group.length);
        }
      } catch (error) {
        if (!isAbort(error, signal)) throw error;
        if (done > 0)
          for (const [note, index] of group.entries()) yield { index, audio: sounds[note]!.subarray(0, done), whole: false };
        throw error;
      }
      before += length * group.length;
      onSampler?.(sampler.description);
      for (const [note, index] of group.entries()) yield { index, audio: sounds[note]!, whole: true };
    } finally {
      sampler.dispose();
    }
  }
}

/** Positions of embeddings of one length each, `batch` at most, in the order of the first of them. */
function groupsOf(embeddings: readonly Embedding[], batch: number): number[][] {
  const byLength = new Map<number, number[]>();
  for (const [index, { shape }] of embeddings.entries()) {
    const frames = shape[0] ?? 0;
    const same = byLength.get(frames);
    if (same) same.push(index);
    else byLength.set(frames, [index]);
  }
  return [...byLength.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / batch) }, (_, part) => all.slice(part * batch, (part + 1) * batch)),
  );
}
