import type { Recipe } from '../families/index.js';

export type { Recipe } from '../families/index.js';
export type { ProgressiveGanRecipe } from '../families/progressive-gan.js';
export type { WaveGanRecipe } from '../families/wavegan.js';

export type DataRecipe = Recipe['data'];
export type RepresentationRecipe = Recipe['representation'];
