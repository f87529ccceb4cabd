import type { Latent, NoteModel } from '@gansynth/model-files';
import { randomStream } from '@gansynth/common/random';
import { processors, whyNoThreads } from '@gansynth/common/workers';
import * as tf from '@tensorflow/tfjs-core';
import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { ArgumentError } from '../errors.js';
import { createSampler } from '../sampler/create-sampler.js';
import { checkPrecision, type Precision } from '../sampler/precision.js';
import type { Sampler } from '../sampler/sampler.js';
import type { WaveNetModel } from './wavenet-model.js';

/** Notes sampled side by side: eight to a thread, which share every weight that it reads; 16 to 64, for each takes its state of memory. */
const bestAtOnce = (): number => 8 * Math.min(8, Math.max(2, whyNoThreads() === null ? processors() : 1));
/** A latent is a seed of 48 bits in two numbers that float32 holds exactly. */
const half = 2 ** 24;

export interface NoteModelOptions {
  /** Of the weights that notes are drawn with. Default `float32`; see {@link createSampler}. */
  readonly precision?: Precision;
}

const noteModelOptionNames: OptionNames<NoteModelOptions> = { precision: true };

/**
 * A WaveNet that knows pitches as the model of notes that programs for any family take. Its latents are seeds: a WaveNet has no space of timbres, so
 * latents between two of them give other notes, not notes between.
 *
 * @param model is freed with the model of notes, and is then no longer used by itself
 * @throws ArgumentError if the network is not conditioned by pitch, or there is no such precision
 */
export function noteModel(model: WaveNetModel, options: NoteModelOptions = {}): NoteModel {
  checkOptions('noteModel', options, noteModelOptionNames);
  const { precision = 'float32' } = options;
  checkPrecision('noteModel', precision);
  const { conditioning } = model.config;
  if (conditioning.kind !== 'pitch')
    throw new ArgumentError(
      'noteModel',
      `expected a network that knows pitches, found one conditioned by ${conditioning.kind}. It can be sampled from by createSampler.`,
      conditioning.kind,
    );
  const { pitches, samples } = conditioning;
  const notesAtOnce = bestAtOnce();
  let drawnWith: string | undefined;
  /** The last one that was used, whose weights are packed: null while it is at work. */
  let rested: Sampler | null = null;
  let isDisposed = false;
  const samplerFor = async (batch: number, signal: AbortSignal | undefined): Promise<Sampler> => {
    const last = rested;
    rested = null;
    if (last?.batch === batch) return last;
    last?.dispose();
    return createSampler(model, { batch, precision, ...(signal && { signal }) });
  };
  const rest = (sampler: Sampler): void => {
    rested?.dispose();
    rested = isDisposed ? null : sampler;
    if (isDisposed) sampler.dispose();
  };
  return {
    family: 'wavenet',
    pitches,
    instruments: [],
    latentSize: 2,
    // Waveform images have the samples in both channels.
    outputShape: [samples, 1, 2],
    notesAtOnce,
    get drawnWith() {
      return drawnWith;
    },
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
      const sampler = await samplerFor(Math.min(notesAtOnce, notes.length), signal);
      drawnWith = sampler.description;
      try {
        for (let at = 0; at < notes.length; at += sampler.batch) {
          await sampler.begin(notes.slice(at, at + sampler.batch));
          const sounds = await sampler.next(samples, signal ? { signal } : {});
          for (const [index, sound] of sounds.entries())
            for (const [time, sample] of sound.entries())
              images.fill(sample, ((at + index) * samples + time) * 2, ((at + index) * samples + time) * 2 + 2);
        }
      } finally {
        rest(sampler);
      }
      return tf.tensor4d(images, [notes.length, samples, 1, 2]);
    },
    dispose: () => {
      isDisposed = true;
      rested?.dispose();
      rested = null;
      model.dispose();
    },
  };
}

/**
 * The seed that a latent stands for: each half taken down to a whole number, and wrapped into its range, which the arc between two latents leaves.
 *
 * @throws ArgumentError if it is not two finite numbers
 */
function seedOf(latent: ArrayLike<number>): number {
  const [high, low] = Array.from(latent, (value) => ((Math.floor(value) % half) + half) % half);
  if (latent.length === 2 && Number.isFinite(high) && Number.isFinite(low)) return Number(high) * half + Number(low);
  throw new ArgumentError(
    'generate',
    `expected latents of 2 finite numbers, a seed each, as draw gives them, found [${Array.from(latent).slice(0, 4)}].`,
    latent,
  );
}
