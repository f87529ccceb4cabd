import { breathe } from '@gansynth/common/breathe';
import type { NoteModel } from '@gansynth/model-files';
import { withinFullScale, type Representation } from '@gansynth/spectral';
import * as tf from '@tensorflow/tfjs-core';
import { labelsOf } from './pitches.js';

export interface RenderOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Notes computed at once. Default: what the model says ({@link NoteModel.notesAtOnce}: a WaveNet's share the weights that are read); of one
   * that does not, 4 on a GPU of a browser or of Node, elsewhere 1, where more would not be faster.
   */
  readonly batchSize?: number | undefined;
}

const batchOf = (backend: string): number => (backend.startsWith('web') ? 4 : 1);

/**
 * Notes of a model, one for each latent and pitch, in order. None is beyond full scale: one whose peak would be is lowered as a whole. Events
 * are let through before each batch.
 *
 * @param latents of `model.latentSize` numbers
 * @param pitches MIDI, as many as latents
 * @returns samples of each at `codec.sampleRate`
 * @throws ArgumentError for a pitch that the model does not know; the signal's reason when aborted
 */
export async function* renderNotes(
  model: NoteModel,
  codec: Representation,
  latents: readonly ArrayLike<number>[],
  pitches: readonly number[],
  { signal, batchSize = model.notesAtOnce ?? batchOf(tf.getBackend()) }: RenderOptions = {},
): AsyncGenerator<Float32Array<ArrayBuffer>, void, undefined> {
  const labels = labelsOf(model.pitches, pitches);
  for (let at = 0; at < latents.length; at += batchSize) {
    await breathe(signal);
    const end = Math.min(latents.length, at + batchSize);
    const images = await model.generate(latents.slice(at, end), labels.subarray(at, end), signal === undefined ? {} : { signal });
    const audio = tf.tidy(() => {
      const shaped = tf.reshape<tf.Rank.R4>(images, [end - at, ...codec.shape]);
      return withinFullScale(codec.decode(shaped, pitches.slice(at, end)));
    });
    images.dispose();
    const [, length] = audio.shape;
    const samples = await audio.data<'float32'>().finally(() => audio.dispose());
    for (let note = 0; note < end - at; note++) yield Float32Array.from(samples.subarray(note * length, (note + 1) * length));
  }
}
