import { z } from 'zod';
import { commonFields } from '../recipes/common-fields.js';
import { defineFamily, show, type Cost, type Family, type Say, type StageCost } from './family.js';
import { batch, count, ganTraining, name, names, size, weight } from './fields.js';
import { checkMicroBatch } from './micro-batch.js';

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
});

const training = z.strictObject({
  progressive: z.boolean().default(true).describe('grow block by block, or train the full size from the start'),
  stableImages: count.default(800_000).describe('images per stage at constant size'),
  transitionImages: z.int().min(0).default(800_000).describe('images per fade to the next size'),
  totalImages: ganTraining.totalImages,
  hours: ganTraining.hours,
  batchSize: z
    .union([batch, z.array(batch).min(1).max(64)])
    .default(8)
    .describe('images per step; one number, or one per block, the first repeated in front (paper: 8 per GPU, 32 GPUs)'),
  microBatch: ganTraining.microBatch,
  learningRate: ganTraining.learningRate,
  criticLearningRate: z.number().positive().max(1).optional().describe('Adam step of the critic, if another'),
  beta1: ganTraining.beta1,
  beta2: ganTraining.beta2,
  generatorClassifierWeight: ganTraining.generatorClassifierWeight,
  criticClassifierWeight: ganTraining.criticClassifierWeight,
  penaltyEvery: count.max(1_000_000).default(1).describe('the penalty in every n-th step only, n times as heavy there'),
  gradientPenalty: ganTraining.gradientPenalty,
  penaltyUnits: z
    .enum(['image', 'normalised'])
    .default('image')
    .describe('slopes for the penalty: per unit of the un-normalised image, as the original, or of the normalised one'),
  drift: ganTraining.drift,
  l1: weight
    .optional()
    .describe('weight of the mean absolute difference between a generated image and a real one of its pitch and instrument'),
  ema: z.number().min(0).lt(1).default(0.999).describe("decay of the generator's averaged weights, per step; those are sampled"),
  resetOptimiser: z.boolean().default(true).describe('forget Adam moments at each stage, as the original'),
});

const schema = z.strictObject({
  ...commonFields,
  model: model.prefault({ family: 'progressive-gan' }).describe('the networks'),
  training: training.prefault({}).describe('how they are trained'),
});

/** A recipe of the progressive GAN, every default filled in. */
export type ProgressiveGanRecipe = z.output<typeof schema>;

export const progressiveGan: Family<ProgressiveGanRecipe> = defineFamily<ProgressiveGanRecipe>({
  name: 'progressive-gan',
  schema,
  retired: { criticSteps: 1 },
  contradictions(recipe, say) {
    checkImage(recipe, say);
    checkModel(recipe, say);
  },
  cost,
});

/** Size of the finished image, as the representation makes it and as the network does. */
function checkImage(
  { model: { start, blocks, scaleBase, scaleMode }, representation, data }: ProgressiveGanRecipe,
  say: Say,
): void {
  const factor = scaleBase ** (blocks - 1);
  const made = [start[0] * factor, start[1] * (scaleMode === 'both' ? factor : 1)];
  const wanted =
    representation.kind === 'waveform'
      ? [2 ** Math.ceil(Math.log2(data.samples)), 1]
      : [representation.frames, representation.bins];
  if (made[0] === wanted[0] && made[1] === wanted[1]) return;
  say(
    'model.start',
    `found ${show(start)}: ${blocks} blocks make ${made.join(' x ')}, the representation has ${wanted.join(' x ')}. ` +
      `Change start, blocks, or the representation's size.`,
  );
}

function checkModel(
  { model: { filters, blocks, harmonics, instruments, latentSize }, representation, training: how }: ProgressiveGanRecipe,
  say: Say,
): void {
  if (Array.isArray(filters) && filters.length < blocks + 1) {
    say(
      'model.filters',
      `found ${filters.length} widths: ${blocks} blocks need ${blocks + 1}, the first for the critic's last vector. ` +
        'Give one for each, or { base, decay, max }.',
    );
  }
  const told = instruments?.length ?? 0;
  if (told > latentSize) {
    say('model.latentSize', `found ${latentSize}: the ${told} instruments each need one of its values. Raise it.`);
  }
  if (harmonics !== undefined && representation.kind !== 'if-mel-harmonic') {
    say(
      'model.harmonics',
      `found them with "${representation.kind}". Expected representation.kind "if-mel-harmonic", or no harmonics.`,
    );
  }
  checkMicroBatch(how, say);
}

/**
 * Passes that one training image costs. A backward pass counts as two forward passes (one for inputs, one for weights).
 * Generator update: G forward and backward (3 G), critic on its images forward and, for inputs only, backward (2 D).
 * Critic update: G forward (1 G); critic on real and generated images (2 x 3 D); penalty: forward, gradient for inputs (2 D), and the
 * derivative of both for weights (another 4 D), in every `penaltyEvery`-th step.
 */
const passes = (penaltyEvery: number): { readonly generator: number; readonly critic: number } => ({
  generator: 4,
  critic: 8 + 6 / penaltyEvery,
});

async function cost(recipe: ProgressiveGanRecipe): Promise<Cost> {
  const { canvasSize, networkSteps, parameterCount, stages } = await import('@gansynth/models-gan');
  const { gansynthNormaliser } = await import('@gansynth/spectral');
  const { networkOf, trainingOf } = await import('../pipeline/network-of.js');
  const network = networkOf(recipe, recipe.representation.kind === 'waveform' ? null : gansynthNormaliser().toJSON());
  const { schedule, penaltyEvery } = trainingOf(recipe, network, null);
  const each = passes(penaltyEvery);
  let seen = 0;
  const costs = stages(schedule, network.blocks).map((stage): StageCost => {
    // In a transition both branches run; its end is the dearest moment and the one counted.
    const growth = { blocks: stage.blocks, progress: stage.index % 2 === 1 ? stage.blocks - 1.001 : stage.blocks - 1 };
    const images = stage.endImages - seen;
    seen = stage.endImages;
    const sum = (which: 'generator' | 'critic'): number =>
      networkSteps(which, network, growth).reduce((total, step) => total + step.multiplyAdds, 0);
    const [generator, critic] = [sum('generator'), sum('critic')];
    const flop = 2 * images * (each.generator * generator + each.critic * critic);
    return { stage: stage.index, size: canvasSize(network, growth).join('x'), images, generator, critic, flop };
  });
  return {
    generatorParameters: parameterCount('generator', network),
    criticParameters: parameterCount('critic', network),
    stages: costs,
    flop: costs.reduce((total, { flop }) => total + flop, 0),
  };
}
