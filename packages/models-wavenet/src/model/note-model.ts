import type { Latent, NoteModel } from '@gansynth/model-files';
import { randomStream } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from '../errors.js';
import { createSampler } from '../sampler/create-sampler.js';
import type { WaveNetModel } from './wavenet-model.js';

/** Notes sampled side by side: beyond that a large network's memory no longer suffices. */
const notesAtOnce = 16;
/** A latent is a seed of 48 bits in two numbers that float32 holds exactly. */
const half = 2 ** 24;

/**
 * A WaveNet that knows pitches as the model of notes that programs for any family take. Its latents are seeds: a WaveNet has no space of timbres, so
 * latents between two of them give other notes, not notes between.
 *
 * @param model is freed with the model of notes, and is then no longer used by itself
 * @throws ArgumentError if the network is not conditioned by pitch
 */
export function noteModel(model: WaveNetModel): NoteModel {
  const { conditioning } = model.config;
  if (conditioning.kind !== 'pitch')
    throw new ArgumentError(
      'noteModel',
      `expected a network that knows pitches, found one conditioned by ${conditioning.kind}. It can be sampled from by createSampler.`,
      conditioning.kind,
    );
  const { pitches, samples } = conditioning;
  return {
    family: 'wavenet',
    pitches,
    instruments: [],
    latentSize: 2,
    // Waveform images have the samples in both channels.
    outputShape: [samples, 1, 2],
    draw: (count, { seed }) =>
      Array.from({ length: count }, (_, index): Latent =>
        Float32Array.from(randomStream(seed, `latent/${index}`).integers(half, 2)),
      ),
    generate: async (latents, labels, { signal } = {}) => {
      if (labels.length !== latents.length)
        throw new ArgumentError(
          'generate',
          `expected latents and as many labels, found ${latents.length} and ${labels.length}.`,
          labels.length,
        );
      const notes = latents.map((latent, index) => ({ seed: seedOf(latent), label: labels[index]! }));
      const images = new Float32Array(notes.length * samples * 2);
      if (notes.length === 0) return tf.tensor4d(images, [0, samples, 1, 2]);
      const sampler = await createSampler(model, { batch: Math.min(notesAtOnce, notes.length) });
      try {
        for (let at = 0; at < notes.length; at += sampler.batch) {
          await sampler.begin(notes.slice(at, at + sampler.batch));
          const sounds = await sampler.next(samples, signal ? { signal } : {});
          for (const [index, sound] of sounds.entries())
            for (const [time, sample] of sound.entries())
              images.fill(sample, ((at + index) * samples + time) * 2, ((at + index) * samples + time) * 2 + 2);
        }
      } finally {
        sampler.dispose();
      }
      return tf.tensor4d(images, [notes.length, samples, 1, 2]);
    },
    dispose: () => model.dispose(),
  };
}

/** The seed that a latent stands for; what lies between two is taken down. */
function seedOf(latent: ArrayLike<number>): number {
  const [high, low] = [latent[0], latent[1]];
  const isSeed = (value: number | undefined): value is number => value !== undefined && value >= 0 && value < half;
  if (latent.length === 2 && isSeed(high) && isSeed(low)) return Math.floor(high) * half + Math.floor(low);
  throw new ArgumentError(
    'generate',
    `expected latents of 2 numbers in [0, ${half}), a seed each, as draw gives them, found [${Array.from(latent).slice(0, 4)}].`,
    latent,
  );
}
