import { defineFamily, type Family } from '../family.js';
import { ganLosses } from '../gan/losses.js';
import { contradictions } from './contradictions.js';
import { cost } from './cost.js';
import { schema, type ProgressiveGanRecipe } from './recipe.js';

/** The paper's network, for images and, in height only, for waveforms. */
export const progressiveGan: Family<ProgressiveGanRecipe> = defineFamily<ProgressiveGanRecipe>({
  name: 'progressive-gan',
  schema,
  retired: { criticSteps: 1 },
  length: { name: 'totalImages', unit: 'images' },
  total: ({ training }) => training.totalImages,
  losses: ganLosses,
  models: {
    async untrained(model, how) {
      const { untrained } = await import('./untrained.js');
      return untrained(model, how);
    },
    async findLatent(model, image, options) {
      const { findLatent } = await import('@gansynth/models-gan/search');
      const { loadGenerator } = await import('@gansynth/models-gan');
      const { model: generator } = await loadGenerator(model);
      return findLatent(generator, image, options).finally(() => generator.dispose());
    },
  },
  contradictions,
  cost,
  async prepare(recipe, material) {
    const { prepare } = await import('./training.js');
    return prepare(recipe, material);
  },
});
