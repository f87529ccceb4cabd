import type { Latent, NoteModel } from '@gansynth/model-files';
import * as tf from '@tensorflow/tfjs-core';
import { breathe } from '@gansynth/common/breathe';
import { chooseForms } from '../compiled/choose-forms.js';
import { ArgumentError } from '../errors.js';
import { networkDynamics } from '../sampling/attributes.js';
import { drawLatents, drawUniformLatents } from '../sampling/latents.js';
import { latentTensor } from '../sampling/sample.js';
import { WaveGanModel } from '../wavegan/wavegan-model.js';
import { imageShape, type ImageGenerator } from './generator-model.js';

/** A generator of this package, compiled or not, that is freed by `dispose`. */
export type DisposableGenerator = ImageGenerator & { dispose(): void };

/** Notes computed between two looks at the signal, on devices that compute several at once. */
const notesAtOnce = 8;

/**
 * A generator as the model of notes that programs for any family take.
 *
 * @param model is freed with the model of notes, and is then no longer used by itself
 */
export function noteModel(model: DisposableGenerator | WaveGanModel): NoteModel {
  return model instanceof WaveGanModel ? waveGanNotes(model) : imageNotes(model);
}

function imageNotes(model: DisposableGenerator): NoteModel {
  const { pitches, instruments, latentSize } = model.config;
  const dynamics = networkDynamics(model.config);
  return {
    family: 'progressive-gan',
    pitches,
    instruments,
    ...(dynamics && { dynamics }),
    latentSize,
    outputShape: imageShape(model.config),
    draw: (count, { seed }) => drawLatents(count, { seed, latentSize }),
    generate: batches(model.config, imageShape(model.config), (latent, labels) => model.generate(latent, labels)),
    dispose: () => model.dispose(),
  };
}

function waveGanNotes(model: WaveGanModel): NoteModel {
  const { pitches, latentSize, samples, channels } = model.config;
  const outputShape = [samples, 1, 2 * channels];
  return {
    family: 'wavegan',
    pitches,
    instruments: [],
    latentSize,
    outputShape,
    draw: (count, { seed }) => drawUniformLatents(count, { seed, latentSize }),
    // Waveform images have the samples in both channels.
    generate: batches(model.config, outputShape, (latent, labels) =>
      tf.tidy(() => {
        const sound = model.generate(latent, labels);
        return tf.concat([sound, sound], 3);
      }),
    ),
    dispose: () => model.dispose(),
  };
}

type Compute = (latent: tf.Tensor2D, labels: Int32Array) => tf.Tensor;

function batches(
  { latentSize, pitches }: { readonly latentSize: number; readonly pitches: readonly number[] },
  outputShape: readonly number[],
  compute: Compute,
): NoteModel['generate'] {
  return async (latents, labels, { signal } = {}) => {
    const classes = checkLabels(labels, latents.length, pitches.length);
    const own = latents.map((latent) => checkLatent(latent, latentSize));
    const size = chooseForms(tf.getBackend()).oneByOne ? 1 : notesAtOnce;
    const parts: tf.Tensor[] = [];
    try {
      for (let at = 0; at < own.length; at += size) {
        await breathe(signal);
        const latent = latentTensor(own.slice(at, at + size), latentSize);
        try {
          parts.push(compute(latent, classes.slice(at, at + size)));
        } finally {
          latent.dispose();
        }
      }
      return parts.length === 0 ? tf.zeros([0, ...outputShape]) : tf.concat(parts, 0);
    } finally {
      tf.dispose(parts);
    }
  };
}

function checkLatent(latent: ArrayLike<number>, size: number): Latent {
  if (latent.length === size) return latent instanceof Float32Array ? latent : Float32Array.from(latent);
  throw new ArgumentError('generate', `expected latents of ${size} numbers, found one of ${latent.length}.`, latent.length);
}

function checkLabels(labels: ArrayLike<number>, notes: number, classes: number): Int32Array {
  if (labels.length !== notes)
    throw new ArgumentError(
      'generate',
      `expected latents and as many labels, found ${notes} and ${labels.length}.`,
      labels.length,
    );
  const wrong = Array.from(labels).find((label) => !Number.isInteger(label) || label < -1 || label >= classes);
  if (wrong === undefined) return Int32Array.from(labels);
  throw new ArgumentError(
    'generate',
    `expected labels from 0 to ${classes - 1} (positions in pitches, not MIDI numbers; -1 for no pitch), found ${wrong}.`,
    wrong,
  );
}
