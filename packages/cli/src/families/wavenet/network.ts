import type { WaveNetOptions } from '@gansynth/models-wavenet';
import { pitchesOf } from '../../recipes/pitches.js';
import type { WaveNetRecipe } from './recipe.js';

/** The network as `@gansynth/models-wavenet` describes it. */
export function networkOf(recipe: WaveNetRecipe): WaveNetOptions {
  const { family: _family, pitch, ...sizes } = recipe.model;
  return { ...sizes, conditioning: { kind: 'pitch', ...pitch, pitches: pitchesOf(recipe), samples: recipe.data.samples } };
}
