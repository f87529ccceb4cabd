import { breathe } from '@gansynth/common/breathe';
import { randomStream } from '@gansynth/common/random';
import { decode, encode, type Embedding, type WaveNetModel } from '@gansynth/models-wavenet';
import { cropOrPad, type Dataset } from '@gansynth/nsynth-data';
import type { MakeSamples } from '../training.js';

/**
 * Notes beside what an autoencoder makes of them: encoded, decoded. The same notes whenever they are made.
 *
 * @param notes that it was not trained on
 * @param samples length of each
 */
export const reconstructions = (model: WaveNetModel, notes: Dataset, samples: number): MakeSamples =>
  async function* sounds({ count, seed, signal }) {
    const chosen = randomStream(seed, 'reconstructions').permutation(notes.length).slice(0, count).sort();
    const originals: { id: string; audio: Float32Array }[] = [];
    const embeddings: Embedding[] = [];
    for (const position of chosen) {
      await breathe(signal);
      const { id, audio } = await notes.note(position);
      const original = cropOrPad(audio.data, samples);
      originals.push({ id: id.replaceAll(/[^\w.-]/g, '_'), audio: original });
      embeddings.push(await encode(model, original, signal ? { signal } : {}));
    }
    const decoded = await decode(model, embeddings, { seed, ...(signal ? { signal } : {}) });
    for (const [i, { id, audio }] of originals.entries()) {
      const name = `${String(i).padStart(3, '0')}-${id}`;
      yield { name: `${name}-original`, audio };
      // Whole frames: as long as the note again.
      yield { name: `${name}-reconstruction`, audio: decoded[i]!.subarray(0, samples) };
    }
  };
