import { defineFamily, type Family } from '../family.js';
import { checkTraining } from '../wavenet/check-training.js';
import { waveNetLosses } from '../wavenet/losses.js';
import { networkOf } from './network.js';
import { schema, type NsynthAutoencoderRecipe } from './recipe.js';

export const nsynthAutoencoder: Family<NsynthAutoencoderRecipe> = defineFamily<NsynthAutoencoderRecipe>({
  name: 'nsynth-autoencoder',
  schema,
  retired: {},
  length: { name: 'totalClips', unit: 'clips' },
  total: ({ training }) => training.totalClips,
  losses: waveNetLosses,
  models: { playsNotes: false },
  contradictions({ data: { samples }, model: { hop }, training }, say) {
    checkTraining(training, { samples, hop: { field: 'model.hop', samples: hop } }, say);
  },
  cost: async (recipe) => (await import('../wavenet/cost.js')).cost(networkOf(recipe), recipe.training),
  prepare: async (recipe, material) => (await import('./training.js')).prepare(recipe, material),
});
