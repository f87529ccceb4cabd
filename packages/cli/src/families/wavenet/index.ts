import { defineFamily, type Family, type Say } from '../family.js';
import { checkMicroBatch } from '../micro-batch.js';
import { cost } from './cost.js';
import { schema, type WaveNetRecipe } from './recipe.js';

export const wavenet: Family<WaveNetRecipe> = defineFamily<WaveNetRecipe>({
  name: 'wavenet',
  schema,
  retired: {},
  length: { name: 'totalClips', unit: 'clips' },
  total: ({ training }) => training.totalClips,
  losses: {
    line: [['nats', 'nats']],
    charts: [{ title: 'loss, nats a sample', losses: [['nats', 'network']] }],
  },
  contradictions,
  cost,
  prepare: async (recipe, material) => (await import('./training.js')).prepare(recipe, material),
});

function contradictions({ data: { samples }, model: { pitch }, training }: WaveNetRecipe, say: Say): void {
  const { cropSamples, learningRate } = training;
  if (cropSamples > samples) {
    say('training.cropSamples', `found ${cropSamples}: notes have ${samples} samples (data.samples).`);
  }
  if (cropSamples % pitch.hop !== 0) {
    say('training.cropSamples', `found ${cropSamples}: not a multiple of model.pitch.hop, ${pitch.hop}.`);
  }
  if (pitch.heldSamples > samples) {
    say('model.pitch.heldSamples', `found ${pitch.heldSamples}: notes have ${samples} samples (data.samples).`);
  }
  if (pitch.dilations.length + pitch.plainLayers === 0) {
    say('model.pitch.plainLayers', 'found no layer at all. Expected at least one, dilated or ordinary.');
  }
  if (Array.isArray(learningRate)) {
    const unordered = learningRate.findIndex(({ from }, i) =>
      i === 0 ? from !== 0 : from <= (learningRate[i - 1]?.from ?? from),
    );
    if (unordered >= 0) say(`training.learningRate[${unordered}].from`, 'expected steps that begin at 0 and rise.');
  }
  checkMicroBatch(training, say);
}
