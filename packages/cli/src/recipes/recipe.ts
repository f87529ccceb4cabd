import type { ImageRecipe } from '../families/gan/image-fields.js';
import type { Recipe } from '../families/index.js';

export type { Recipe } from '../families/index.js';
export type { NsynthAutoencoderRecipe } from '../families/nsynth-autoencoder/recipe.js';
export type { ProgressiveGanRecipe } from '../families/progressive-gan/recipe.js';
export type { WaveGanRecipe } from '../families/wavegan.js';
export type { WaveNetRecipe } from '../families/wavenet/recipe.js';

export type DataRecipe = Recipe['data'];
export type RepresentationRecipe = ImageRecipe['representation'];
