import { z } from 'zod';
import { commonFields } from '../../recipes/common-fields.js';
import { batch, count, name, names, size, weight } from '../fields.js';
import { imageFields } from '../gan/image-fields.js';
import { trainingFields as gan } from '../gan/training-fields.js';

const model = z.strictObject({
  family: z
    .literal('progressive-gan')
    .describe("the paper's network (its table 3), for images and, in height only, for waveforms"),
  latentSize: count.max(65_536).default(256).describe('length of the latent vector z'),
  start: size
    .default([2, 16])
    .describe('frames and bins of the first block (paper: [2, 16] for 128 x 1024, [4, 8] for 256 x 512)'),
  blocks: count.max(32).default(7).describe('number of blocks, each twice as large as the one before'),
  scaleBase: z.int().min(2).max(64).default(2).describe('how many times larger each block is than the one before'),
  scaleMode: z
    .enum(['both', 'height'])
    .default('both')
    .describe('blocks grow in time and frequency, or in height only: waveforms'),
  filters: z
    .union([
      z.strictObject({
        base: z.number().positive().max(1e9).default(4096).describe('channels of block b: min(base / 2^(b decay), max)'),
        decay: z.number().default(1).describe('how fast channels shrink from block to block'),
        max: count.max(65_536).default(256).describe('most channels of a block'),
      }),
      z.array(count.max(65_536)).min(2).max(64),
    ])
    .prefault({})
    .describe('channels: a rule, or the list for block 0 to the last'),
  kernelSize: size.default([3, 3]).describe('height and width of the convolutions'),
  architecture: z
    .enum(['equalised', 'simple'])
    .default('equalised')
    .describe("the paper's network, or the original's plain variant"),
  toRgbActivation: z.enum(['tanh', 'linear']).default('tanh').describe('at the output of each block'),
  stddevGradient: z
    .enum(['stopped', 'exact'])
    .default('stopped')
    .describe('second derivative of the minibatch deviation: as the original, or exact'),
  paper: z
    .boolean()
    .default(false)
    .describe('where paper and code differ, follow the paper (critic widths, from-image activation, pixel norm)'),
  harmonics: z
    .strictObject({
      generator: z.array(name).max(100).describe('convolutions of the generator, e.g. block_1/conv1, block_2/conv0'),
      critic: z
        .array(z.string())
        .describe('convolutions of the critic, e.g. block_2/conv0; it then knows the pitch of what it judges'),
      numbered: count
        .max(64)
        .optional()
        .describe('planes that tell the first harmonics from each other; none when absent: then only how near any harmonic is'),
    })
    .optional()
    .describe("layers that are told where the pitch's harmonics lie; needs representation if-mel-harmonic"),
  instruments: names
    .optional()
    .describe('names of the instruments in the notes: the first values of z choose one, the critic judges each among its own'),
  attributes: z
    .array(
      z.strictObject({
        name,
        velocities: z
          .array(z.array(z.int().min(0).max(127)).min(1).max(128))
          .min(2)
          .max(128)
          .describe('the levels in order, each by the velocities of its notes: [[30, 40], [70, 80], [110, 120]]'),
      }),
    )
    .max(64)
    .optional()
    .describe('properties of the notes that a value of z each decides, after the instruments: it is told while training'),
  crossed: z
    .strictObject({
      attributes: z.array(name).max(64).describe('names of the attributes whose levels are combined with the instruments'),
      anchors: count.max(65_536).describe('pitches, evenly over those of the notes, that are combined with both'),
    })
    .optional()
    .describe('a start of its own in the first layer for every combination of instrument, level and pitch; none when absent'),
  dense: z
    .array(count.max(65_536))
    .min(1)
    .max(16)
    .optional()
    .describe(
      'widths of the hidden layers of a fully connected generator, in place of convolutions; needs blocks 1; none when absent',
    ),
});

/** Of a training: all of it would leave nothing. */
const share = z.number().min(0).lt(1);

const training = z.strictObject({
  progressive: z.boolean().default(true).describe('grow block by block, or train the full size from the start'),
  stableImages: count.default(800_000).describe('images per stage at constant size'),
  transitionImages: z.int().min(0).default(800_000).describe('images per fade to the next size'),
  totalImages: gan.totalImages,
  hours: gan.hours,
  batchSize: z
    .union([batch, z.array(batch).min(1).max(64)])
    .default(8)
    .describe('images per step; one number, or one per block, the first repeated in front (paper: 8 per GPU, 32 GPUs)'),
  microBatch: gan.microBatch,
  learningRate: gan.learningRate,
  criticLearningRate: z.number().positive().max(1).optional().describe('Adam step of the critic, if another'),
  anneal: share
    .optional()
    .describe('share of the training after which learning rates fall, along half a cosine, to 0 at its end; never when absent'),
  adversarialAfter: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('share of the training before the critic comes in: until then the generator learns alone, by l1; 1: never'),
  instrumentLead: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe("by how much the vote of a note's instrument leads the others while training, at least; 0 when absent"),
  beta1: gan.beta1,
  beta2: gan.beta2,
  generatorClassifierWeight: gan.generatorClassifierWeight,
  criticClassifierWeight: gan.criticClassifierWeight,
  penaltyEvery: count.max(1_000_000).default(1).describe('the penalty in every n-th step only, n times as heavy there'),
  gradientPenalty: gan.gradientPenalty,
  penaltyUnits: z
    .enum(['image', 'normalised'])
    .default('image')
    .describe('slopes for the penalty: per unit of the un-normalised image, as the original, or of the normalised one'),
  drift: gan.drift,
  l1: weight
    .optional()
    .describe('weight of the mean absolute difference between a generated image and a real one of its pitch and instrument'),
  ema: z.number().min(0).lt(1).default(0.999).describe("decay of the generator's averaged weights, per step; those are sampled"),
  resetOptimiser: z.boolean().default(true).describe('forget Adam moments at each stage, as the original'),
});

/** All of a recipe of the progressive GAN. */
export const schema = z.strictObject({
  ...commonFields,
  ...imageFields,
  model: model.prefault({ family: 'progressive-gan' }).describe('the networks'),
  training: training.prefault({}).describe('how they are trained'),
});

/** A recipe of the progressive GAN, every default filled in. */
export type ProgressiveGanRecipe = z.output<typeof schema>;
