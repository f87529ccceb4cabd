import type { Family } from './family.js';
import { nsynthAutoencoder } from './nsynth-autoencoder/index.js';
import type { NsynthAutoencoderRecipe } from './nsynth-autoencoder/recipe.js';
import { progressiveGan } from './progressive-gan/index.js';
import type { ProgressiveGanRecipe } from './progressive-gan/recipe.js';
import { wavegan, type WaveGanRecipe } from './wavegan.js';
import { wavenet } from './wavenet/index.js';
import type { WaveNetRecipe } from './wavenet/recipe.js';

/** An experiment with every default filled in. What each field means, with its unit: `gansynth recipes fields`. */
export type Recipe = ProgressiveGanRecipe | WaveGanRecipe | WaveNetRecipe | NsynthAutoencoderRecipe;

/** Every family of models that a recipe can train; the first is meant where a recipe names none. */
export const families: readonly [Family<Recipe>, ...Family<Recipe>[]] = [progressiveGan, wavegan, wavenet, nsynthAutoencoder];

/** The family of that name. */
export const familyNamed = (name: unknown): Family<Recipe> | undefined => families.find((family) => family.name === name);

/** The family of a recipe that has been checked. */
export function familyOf({ model: { family } }: Recipe): Family<Recipe> {
  const found = familyNamed(family);
  if (found) return found;
  throw new TypeError(`cli: families: expected one of ${families.map(({ name }) => name).join(', ')}, found ${family}`);
}
