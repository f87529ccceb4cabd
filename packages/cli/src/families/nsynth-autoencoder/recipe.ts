import { z } from 'zod';
import { commonFields } from '../../recipes/common-fields.js';
import { count } from '../fields.js';
import { channels, cycle, hop, layers, stackFields, trainingFields } from '../wavenet/fields.js';

const model = z.strictObject({
  family: z
    .literal('nsynth-autoencoder')
    .describe('the NSynth autoencoder (Engel et al. 2017): a WaveNet that is conditioned on what an encoder hears'),
  ...stackFields,
  hop: hop.default(512).describe('samples that a frame of the encoder is the mean of, and conditions'),
  channels: count.max(4096).default(16).describe('numbers in a frame: the bottleneck'),
  encoder: z
    .strictObject({
      layers: layers.describe('residual layers; layer i, from 0, has dilation 2^(i mod cycle)'),
      cycle,
      width: channels.default(128).describe('channels of its residual stream'),
    })
    .prefault({})
    .describe('what makes frames of a sound; it sees both what was and what comes'),
});

const training = z.strictObject({
  totalClips: count.default(6_400_000).describe('pieces of notes after which training ends (NSynth: 200,000 steps of 32)'),
  ...trainingFields,
});

export const schema = z.strictObject({
  ...commonFields,
  model: model.describe('the network'),
  training: training.prefault({}).describe('how it is trained'),
});

/** A recipe of an NSynth autoencoder, every default filled in. */
export type NsynthAutoencoderRecipe = z.output<typeof schema>;
