// What measure.mjs and continue.mjs share.
import { meanLoss, scaledSamples } from '@gansynth/models-wavenet';
import * as tf from '@tensorflow/tfjs-core';
import { notesOf } from '../../packages/model-mini/scripts/note-measures.mjs';

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The first notes of a collection whose pitches a model knows, `wanted` at most. */
export async function knownNotes(collection, { pitches, samples }, wanted) {
  const notes = [];
  for await (const note of notesOf(collection, samples)) {
    if (pitches.includes(note.pitch)) notes.push(note);
    if (notes.length === wanted) break;
  }
  if (notes.length === 0) throw new Error(`expected notes of ${pitches[0]} to ${pitches.at(-1)} in ${collection}, found none`);
  return notes;
}

/** Nats a sample of a part of a sound. @param expected of the whole sound, as `Sampler.force` tells it */
export function nats(output, expected, audio, from = 0, to = audio.length) {
  const channels = expected.length / audio.length;
  return tf.tidy(() => {
    const outputs = tf.tensor3d(expected.slice(from * channels, to * channels), [1, to - from, channels]);
    return meanLoss(output, outputs, tf.tensor2d(scaledSamples(output, audio.slice(from, to)), [1, to - from])).dataSync()[0];
  });
}
