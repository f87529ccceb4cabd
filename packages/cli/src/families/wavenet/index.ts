import { defineFamily, type Family, type Say } from '../family.js';
import { checkTraining } from './check-training.js';
import { networkOf } from './network.js';
import { schema, type WaveNetRecipe } from './recipe.js';
import { waveNetLosses } from './losses.js';

export const wavenet: Family<WaveNetRecipe> = defineFamily<WaveNetRecipe>({
  name: 'wavenet',
  schema,
  retired: {},
  length: { name: 'totalClips', unit: 'clips' },
  total: ({ training }) => training.totalClips,
  losses: waveNetLosses,
  contradictions,
  cost: async (recipe) => (await import('./cost.js')).cost(networkOf(recipe), recipe.training),
  prepare: async (recipe, material) => (await import('./training.js')).prepare(recipe, material),
});

function contradictions({ data: { samples }, model: { pitch }, training }: WaveNetRecipe, say: Say): void {
  checkTraining(training, { samples, hop: { field: 'model.pitch.hop', samples: pitch.hop } }, say);
  if (pitch.heldSamples > samples) {
    say('model.pitch.heldSamples', `found ${pitch.heldSamples}: notes have ${samples} samples (data.samples).`);
  }
  if (pitch.dilations.length + pitch.plainLayers === 0) {
    say('model.pitch.plainLayers', 'found no layer at all. Expected at least one, dilated or ordinary.');
  }
}
