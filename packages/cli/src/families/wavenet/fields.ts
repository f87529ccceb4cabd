import { z } from 'zod';
import { batch, count } from '../fields.js';

export const channels = count.max(8192);
export const hop = count.max(65_536);
export const layers = count.max(200).default(30);
export const cycle = count.max(16).default(10).describe('layers until the dilation is 1 again');

/** The stack that draws samples, whatever it is conditioned by. */
export const stackFields = {
  layers: layers.describe('residual layers; layer i, from 0, has dilation 2^(i mod cycle)'),
  cycle,
  width: channels.default(512).describe('channels of the residual stream; gates have twice as many'),
  skipWidth: channels.default(256).describe("channels of the head, and of the sum of the layers' outputs"),
  output: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('mu-law').describe('8 bits: 256 classes of mu-law codes') }),
      z.strictObject({
        kind: z.literal('logistics').describe('16 bits: a mixture of logistic distributions'),
        mixtures: count.max(100).default(10).describe('distributions in the mixture'),
        logScaleFloor: z
          .number()
          .min(-30)
          .max(0)
          .default(-7)
          .describe('least log-scale; -7 keeps young networks stable, -16 lets a distribution be narrower than a step'),
      }),
    ])
    .prefault({ kind: 'mu-law' })
    .describe('what is said of the next sample'),
};

/** A rate, or steps of it. */
const learningRate = z.union([
  z.number().positive().max(1),
  z
    .array(z.strictObject({ from: z.int().min(0).describe('step'), rate: z.number().positive().max(1) }))
    .min(1)
    .max(1000),
]);

const share = z.number().min(0).max(10);

/** How any WaveNet is trained; how long, each family says itself. */
export const trainingFields = {
  hours: z.number().positive().max(1e6).optional().describe('wall-clock limit; training ends at the sooner'),
  batchSize: batch.default(32).describe('pieces in a step, one of each note'),
  microBatch: batch.optional().describe('pieces on the device at once; gradients are accumulated up to batchSize'),
  cropSamples: count
    .max(16_777_216)
    .default(6144)
    .describe('length of a piece in samples, a multiple of the hop of the conditioning'),
  onsetShare: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('share of the pieces that begin with their note; the others begin anywhere; none when absent'),
  leadSamples: count
    .max(16_777_215)
    .optional()
    .describe('samples at the head of a piece out of the middle of a note that are heard and not judged; none when absent'),
  learningRate: learningRate
    .optional()
    .describe("Adam step: one, or [{ from, rate }, ...] by step; NSynth's when absent: 2e-4, falling from step 90,000 on"),
  beta1: z.number().min(0).lt(1).default(0.9).describe('Adam: memory of the mean'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Adam: memory of the variance'),
  ema: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9999)
    .describe('decay of the averaged weights that notes are made with; it rises to this'),
  inputDropout: z
    .number()
    .min(0)
    .max(0.99)
    .default(0)
    .describe("share of the first convolution's outputs left out at random, so that the network leans on its conditioning"),
  inputNoise: z
    .union([share, z.tuple([share, share])])
    .optional()
    .describe(
      'noise in what the network hears of the past, as a share of its level there, or the least and the greatest share; so that it learns to come back; none when absent',
    ),
};

const training = z.strictObject({ totalClips: count, ...trainingFields });

/** Settings of a training of any WaveNet, every default filled in. */
export type WaveNetTrainingRecipe = z.output<typeof training>;
