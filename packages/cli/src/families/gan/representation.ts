import { breathe } from '@gansynth/common/breathe';
import {
  gansynthNormaliser,
  identityNormaliser,
  measureNormaliser,
  normaliserFromJSON,
  representation,
  type Normaliser,
  type NormaliserJSON,
  type Representation,
} from '@gansynth/spectral';
import type { Dataset } from '@gansynth/nsynth-data';
import * as tf from '@tensorflow/tfjs-core';
import { existsSync } from 'node:fs';
import type { Context } from '../../app/command.js';
import { readJson } from '../../recipes/library.js';
import { writeJson } from '../../runs/write-json.js';
import type { ImageRecipe } from './image-fields.js';

/** How the notes of a recipe become images. */
export function representationOf({ representation: how, data: { samples, sampleRate } }: ImageRecipe): Representation {
  return representation({ ...how, samples, sampleRate });
}

/** Encoded training notes, in a seeded order. */
async function* imagesOf(recipe: ImageRecipe, dataset: Dataset, signal: AbortSignal): AsyncGenerator<tf.Tensor4D> {
  const codec = representationOf(recipe);
  const batches = dataset.batches({ batchSize: 1, samples: codec.samples, seed: recipe.seed, epochs: 1, signal });
  try {
    for await (const { audio, notes } of batches) {
      await breathe(signal);
      const image = tf.tidy(() =>
        codec.encode(
          tf.tensor2d(audio.data, [1, codec.samples]),
          notes.map(({ pitch }) => pitch),
        ),
      );
      yield image;
      image.dispose();
    }
  } finally {
    await batches.return();
  }
}

/**
 * The normaliser of a recipe: constants, or measured on training notes once and kept in `file`, so that a resumed run has the same.
 */
export async function normaliserOf(
  recipe: ImageRecipe,
  dataset: Dataset,
  file: string,
  { signal, progress }: Pick<Context, 'signal' | 'progress'>,
): Promise<Normaliser> {
  const { normaliser: how } = recipe;
  if (how.kind === 'gansynth') return gansynthNormaliser();
  if (how.kind === 'none') return identityNormaliser();
  if (existsSync(file)) return normaliserFromJSON(readJson(file) as NormaliserJSON);
  const step = progress.start('measuring the range of the images');
  const { per, examples, margin } = how;
  const measured = await measureNormaliser(imagesOf(recipe, dataset, signal), { per, examples, margin, signal });
  await writeJson(file, measured.toJSON());
  step.finish(`${Math.min(examples, dataset.length)} images`);
  return measured;
}
