import type { Representation } from '@gansynth/spectral';
import { pitchesOf } from '../../recipes/pitches.js';
import type { TrainingMaterial } from '../training.js';
import type { ImageRecipe } from './image-fields.js';
import { NoteImages, type NoteImagesOptions } from './note-images.js';

/** The notes of a recipe as images for the training of a GAN. */
export const imagesOf = (
  recipe: ImageRecipe,
  representation: Representation,
  { notes, cacheBytes, context }: TrainingMaterial,
  told: Pick<NoteImagesOptions, 'instruments' | 'attributes'> = {},
): NoteImages =>
  new NoteImages({
    dataset: notes,
    representation,
    pitches: pitchesOf(recipe),
    instruments: told.instruments,
    attributes: told.attributes,
    seed: recipe.seed,
    signal: context.signal,
    cacheBytes,
  });
