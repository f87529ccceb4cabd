import type { WaveNetOptions } from '@gansynth/models-wavenet';
import type { NsynthAutoencoderRecipe } from './recipe.js';

/** The network as `@gansynth/models-wavenet` describes it. */
export function networkOf({ model }: Pick<NsynthAutoencoderRecipe, 'model'>): WaveNetOptions {
  const { family: _family, hop, channels, encoder, ...sizes } = model;
  return { ...sizes, conditioning: { kind: 'frames', hop, channels, encoder } };
}
