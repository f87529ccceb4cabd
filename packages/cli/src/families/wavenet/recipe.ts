import { z } from 'zod';
import { commonFields } from '../../recipes/common-fields.js';
import { count } from '../fields.js';
import { channels, hop, stackFields, trainingFields } from './fields.js';

const model = z.strictObject({
  family: z.literal('wavenet').describe('WaveNet with pitch conditioning: a sample at a time'),
  ...stackFields,
  pitch: z
    .strictObject({
      hop: hop.default(512).describe('samples for each step of the stack'),
      heldSamples: z
        .int()
        .min(0)
        .max(16_777_216)
        .default(48_000)
        .describe('samples during which the key is held: the pitch is on'),
      width: channels.default(512).describe('channels of the stack'),
      dilations: z.array(hop).max(100).default([2, 4, 8, 16, 32]).describe('of its first layers'),
      plainLayers: z.int().min(0).max(100).default(3).describe('ordinary convolutions after them'),
      padding: z.enum(['centred', 'causal']).default('centred').describe('whether a step sees what comes'),
      activation: z.enum(['relu', 'tanh', 'linear']).default('linear').describe('after each of its layers but the last'),
    })
    .prefault({})
    .describe('how the pitch conditions every layer (the paper gives layers and width, and leaves the rest open)'),
});

const training = z.strictObject({
  totalClips: count.default(4_800_000).describe('pieces of notes after which training ends (paper: 150,000 steps of 32)'),
  ...trainingFields,
});

export const schema = z.strictObject({
  ...commonFields,
  model: model.describe('the network'),
  training: training.prefault({}).describe('how it is trained'),
});

/** A recipe of WaveNet, every default filled in. */
export type WaveNetRecipe = z.output<typeof schema>;
