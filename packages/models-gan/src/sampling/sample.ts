import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import { breathe } from '@gansynth/common/breathe';
import { ArgumentError } from '../errors.js';
import type { ImageGenerator } from '../model/generator-model.js';
import { drawLatents, type Latent } from './latents.js';

export interface SampleOptions {
  /** One a note, out of the network's pitches; any order, any number. */
  readonly pitches: readonly number[];
  /** One a note, or a single one for all. Default: drawn from `seed`. */
  readonly latents?: readonly Latent[];
  /** For latents that are drawn; default 0. */
  readonly seed?: number;
  /** See `drawLatents`. */
  readonly truncation?: number;
  /** Notes computed at a time. Default 8. */
  readonly batchSize?: number;
  /** Ends the sampling before the next batch, by throwing its reason. */
  readonly signal?: AbortSignal;
}

const sampleOptionNames: OptionNames<SampleOptions> = {
  pitches: true,
  latents: true,
  seed: true,
  truncation: true,
  batchSize: true,
  signal: true,
};

/** Some of the notes asked for, in order. */
export interface SampledBatch {
  /** Position of the first of them. */
  readonly start: number;
  readonly pitches: readonly number[];
  /** What they were made from: the same latents and pitches give the same images again. */
  readonly latents: readonly Latent[];
  /** Un-normalised, [notes, height, width, channels]. The caller frees it. */
  readonly images: tf.Tensor4D;
}

/**
 * Makes images of notes, batch by batch, for any number of notes in bounded memory.
 *
 * @throws ArgumentError for a pitch that the network does not know, or latents that do not fit
 */
export async function* sample(generator: ImageGenerator, options: SampleOptions): AsyncGenerator<SampledBatch, void, undefined> {
  checkOptions('sample', options, sampleOptionNames);
  const { pitches, latents, seed = 0, truncation, batchSize = 8, signal } = options;
  const { config } = generator;
  const labels = pitchLabels(pitches, config.pitches);
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new ArgumentError('sample', `expected a batch size of at least 1, found ${batchSize}.`, batchSize);
  }
  if (latents) checkLatents(latents, pitches.length, config.latentSize);
  for (let start = 0; start < pitches.length; start += batchSize) {
    await breathe(signal);
    const end = Math.min(pitches.length, start + batchSize);
    const own = latents
      ? Array.from({ length: end - start }, (_, index) => latents[latents.length === 1 ? 0 : start + index]!)
      : drawLatents(end - start, {
          seed,
          latentSize: config.latentSize,
          skip: start,
          ...(truncation === undefined ? {} : { truncation }),
        });
    const z = latentTensor(own, config.latentSize);
    let images: tf.Tensor4D;
    try {
      images = generator.generate(z, labels.slice(start, end));
    } finally {
      z.dispose();
    }
    yield { start, pitches: pitches.slice(start, end), latents: own, images };
  }
}

/** Latents as a tensor, [latents, latentSize]. */
export function latentTensor(latents: readonly Latent[], latentSize: number): tf.Tensor2D {
  const values = new Float32Array(latents.length * latentSize);
  for (const [index, latent] of latents.entries()) values.set(latent, index * latentSize);
  return tf.tensor2d(values, [latents.length, latentSize]);
}

/**
 * Pitches as class indices of a network.
 *
 * @throws ArgumentError naming the first pitch that the network does not know
 */
export function pitchLabels(pitches: readonly number[], known: readonly number[]): Int32Array {
  return Int32Array.from(pitches, (pitch) => {
    const label = known.indexOf(pitch);
    if (label === -1) {
      throw new ArgumentError(
        'pitches',
        `expected pitches of the network (${known[0]} to ${known.at(-1)}, ${known.length} of them), found ${pitch}. ` +
          'Transpose by octaves into that range, or leave the note out.',
        pitch,
      );
    }
    return label;
  });
}

function checkLatents(latents: readonly Latent[], notes: number, latentSize: number): void {
  if (latents.length !== notes && latents.length !== 1) {
    throw new ArgumentError(
      'sample',
      `expected ${notes} latents (one a pitch) or a single one, found ${latents.length}.`,
      latents.length,
    );
  }
  const wrong = latents.find((latent) => latent.length !== latentSize || !latent.every(Number.isFinite));
  if (wrong !== undefined) {
    throw new ArgumentError(
      'sample',
      `expected latents of ${latentSize} finite values, found one of ${wrong.length} values.`,
      wrong,
    );
  }
}
