import type { NoteModel } from '@gansynth/model-files';
import '@tensorflow/tfjs-backend-cpu';
import { representationFromJSON } from '@gansynth/spectral';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { renderNotes } from './voice.js';

it('renders no note beyond full scale, and lowers none that is within it', async () => {
  await tf.setBackend('cpu');
  const codec = representationFromJSON({
    kind: 'waveform',
    frames: 4,
    bins: 1,
    samples: 4,
    sampleRate: 16_000,
    trim: 'dc',
    overlap: 0.75,
  });
  // A model whose latent is the note.
  const model: NoteModel = {
    family: 'wavegan',
    pitches: [60],
    instruments: [],
    latentSize: 4,
    outputShape: [4, 1, 2],
    draw: () => [],
    generate: async (some) =>
      tf.tidy(() => tf.tile(tf.reshape(tf.tensor2d(some.map((latent) => Array.from(latent))), [-1, 4, 1, 1]), [1, 1, 1, 2])),
    dispose: () => undefined,
  };
  const notes: number[][] = [];
  const latents = [
    [0.5, -2, 1, 0],
    [0.5, -0.25, 0, 1],
  ];
  for await (const note of renderNotes(model, codec, latents, [60, 60])) notes.push([...note]);
  expect(notes).toEqual([
    [0.25, -1, 0.5, 0],
    [0.5, -0.25, 0, 1],
  ]);
});
