import { z } from 'zod';
import type { Recipe } from './recipe.js';

const count = z.int().min(1);
const fraction = z.number().min(0).max(1);
const perStage = (each: z.ZodType<number>): z.ZodUnion<[z.ZodType<number>, z.ZodArray<z.ZodType<number>>]> =>
  z.union([each, z.array(each).min(1)]);

const names = z.array(z.string().min(1)).min(1);

const filter = z.strictObject({
  pitches: z
    .tuple([z.int().min(0).max(127), z.int().min(0).max(127)])
    .refine(([low, high]) => low <= high, 'expected [lowest, highest]')
    .default([24, 84])
    .describe('lowest and highest MIDI pitch kept, both included'),
  sources: z
    .array(z.enum(['acoustic', 'electronic', 'synthetic']))
    .min(1)
    .optional()
    .describe('how the instrument makes its sound; all when absent (the paper: acoustic)'),
  families: names.optional().describe('instrument families kept, e.g. brass, mallet; all when absent'),
  instruments: names.optional().describe('single instruments kept, by their NSynth name; all when absent'),
  velocities: z.array(z.int().min(0).max(127)).min(1).optional().describe('MIDI velocities kept; all when absent'),
});

const split = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('random').describe('single notes are assigned by a seeded shuffle'),
    train: fraction.default(0.8).describe('share of the notes that is trained on; the rest is for evaluation (paper: 0.8)'),
    seed: z.int().default(0).describe('seed of the shuffle'),
  }),
  z.strictObject({
    kind: z
      .literal('instrument')
      .describe('whole instruments are assigned by a seeded shuffle: nothing trained on is evaluated on'),
    train: fraction.default(0.8).describe('share of the instruments that is trained on'),
    seed: z.int().default(0).describe('seed of the shuffle'),
  }),
  z.strictObject({
    kind: z.literal('file').describe('a CSV with the columns id,split assigns each note'),
    path: z.string().min(1).describe('the CSV, relative to the data; GANSynth published nsynth-gansynth_splits.csv'),
    train: z.string().default('train').describe('name of the training part in that file'),
    evaluation: z.string().default('test').describe('name of the evaluation part in that file'),
  }),
  z.strictObject({ kind: z.literal('none').describe('everything is trained on and evaluated against') }),
]);

const data = z.strictObject({
  path: z
    .string()
    .min(1)
    .optional()
    .describe('NSynth folder, .tar.gz, .tfrecord files or an imported collection; --data overrides it; no part of the run id'),
  sampleRate: count.default(16_000).describe('Hz'),
  samples: count.default(64_000).describe('length of a note in samples; longer ones are cut, shorter ones padded with zeros'),
  filter: filter.prefault({}).describe('which notes take part'),
  split: split.prefault({ kind: 'random' }).describe('what is trained on, what is kept for evaluation'),
  onBadNote: z.enum(['stop', 'skip']).default('stop').describe('a damaged note stops the run, or is counted and left out'),
});

const powerOfTwo = count.refine((value) => (value & (value - 1)) === 0, 'expected a power of two');

const representation = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['if-mel', 'if', 'phase']).describe('what the second channel holds, and on which frequency scale'),
    frames: count.default(128).describe('time steps of the image (paper: 128 for "+H", 256 otherwise)'),
    bins: powerOfTwo.default(1024).describe('frequency bins of the image, a power of two; the FFT has twice as many samples'),
    overlap: z.number().gt(0).lt(1).default(0.75).describe('share of an FFT frame that the next one repeats (paper: 0.75)'),
    trim: z
      .enum(['dc', 'nyquist'])
      .default('dc')
      .describe('the bin dropped to reach a power of two: the code drops DC, the paper says Nyquist'),
  }),
  z.strictObject({
    kind: z
      .literal('if-mel-harmonic')
      .describe("if-mel relative to the harmonics of the note's pitch, averaged over boxes: for small models"),
    frames: count.default(32).describe('time steps of the averaged image; divides fullFrames'),
    bins: count.default(128).describe('frequency bins of the averaged image; divides fullBins'),
    fullFrames: count.default(128).describe('time steps of the if-mel image it stands for'),
    fullBins: powerOfTwo.default(1024).describe('frequency bins of the if-mel image it stands for'),
    floor: z.number().lt(0).default(-8).describe('natural log of power below which nothing is told apart'),
  }),
  z.strictObject({ kind: z.literal('waveform').describe('the samples themselves, padded to a power of two of samples') }),
]);

const normaliser = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('gansynth').describe("the original's constants; fit the if-mel power scale only") }),
  z.strictObject({
    kind: z.literal('measured').describe('the range of training images is mapped to +-margin'),
    examples: count.default(100).describe('images measured (paper: 100; original code: 1000)'),
    margin: fraction.default(0.8).describe('where the extremes land'),
    per: z.enum(['channel', 'frequency']).default('channel').describe('one range per channel, or per frequency row and channel'),
  }),
  z.strictObject({ kind: z.literal('none').describe('images are in [-1, 1] already: waveforms') }),
]);

const size = z.tuple([count, count]);

const progressiveGan = z.strictObject({
  family: z
    .literal('progressive-gan')
    .describe("the paper's network (its table 3), for images and, in height only, for waveforms"),
  latentSize: count.default(256).describe('length of the latent vector z'),
  start: size
    .default([2, 16])
    .describe('frames and bins of the first block (paper: [2, 16] for 128 x 1024, [4, 8] for 256 x 512)'),
  blocks: count.default(7).describe('number of blocks, each twice as large as the one before'),
  scaleBase: z.int().min(2).default(2).describe('how many times larger each block is than the one before'),
  scaleMode: z
    .enum(['both', 'height'])
    .default('both')
    .describe('blocks grow in time and frequency, or in height only: waveforms'),
  filters: z
    .union([
      z.strictObject({
        base: z.number().positive().default(4096).describe('channels of block b: min(base / 2^(b decay), max)'),
        decay: z.number().default(1).describe('how fast channels shrink from block to block'),
        max: count.default(256).describe('most channels of a block'),
      }),
      z.array(count).min(2),
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
      generator: z.array(z.string()).describe('convolutions of the generator, e.g. block_1/conv1, block_2/conv0'),
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

const wavegan = z.strictObject({
  family: z.literal('wavegan').describe('WaveGAN (Donahue et al.) with pitch conditioning'),
  latentSize: count.default(100).describe('length of the latent vector z, uniform in [-1, 1]'),
  dim: count.default(64).describe('channels of the last hidden layer; earlier ones have 2, 4, 8, 16, 32 times as many'),
  kernelLength: count.default(25).describe('samples a convolution sees'),
  samples: z.literal([16_384, 32_768, 65_536]).default(65_536).describe('samples the generator makes'),
  phaseShuffle: z.int().min(0).default(2).describe('largest shift between layers of the critic, in samples'),
  upsample: z.enum(['transposed', 'nearest']).default('transposed').describe('how layers grow'),
});

const training = z.strictObject({
  progressive: z.boolean().default(true).describe('grow block by block, or train the full size from the start'),
  stableImages: count.default(800_000).describe('images per stage at constant size'),
  transitionImages: z.int().min(0).default(800_000).describe('images per fade to the next size'),
  totalImages: count.default(11_000_000).describe('images after which training ends'),
  hours: z.number().positive().optional().describe('wall-clock limit; training ends at the sooner (paper: 108)'),
  batchSize: perStage(count)
    .default(8)
    .describe('images per step; one number, or one per block, the first repeated in front (paper: 8 per GPU, 32 GPUs)'),
  microBatch: count.optional().describe('images on the device at once; gradients are accumulated up to batchSize'),
  learningRate: z.number().positive().default(8e-4).describe('Adam step of both networks (paper: 8e-4)'),
  criticLearningRate: z.number().positive().optional().describe('Adam step of the critic, if another'),
  beta1: z.number().min(0).lt(1).default(0).describe('Adam: memory of the mean'),
  beta2: z.number().min(0).lt(1).default(0.99).describe('Adam: memory of the variance'),
  criticSteps: count.default(1).describe('critic updates for each generator update (WaveGAN: 5)'),
  generatorClassifierWeight: z
    .number()
    .min(0)
    .default(10)
    .describe("weight of the pitch classification loss on fakes (paper's sweep: 0.1, 1, 10)"),
  criticClassifierWeight: z.number().min(0).default(10).describe('weight of the pitch classification loss on real images'),
  penaltyEvery: count.default(1).describe('the penalty in every n-th step only, n times as heavy there'),
  gradientPenalty: z.number().min(0).default(10).describe('weight of the WGAN gradient penalty'),
  penaltyUnits: z
    .enum(['image', 'normalised'])
    .default('image')
    .describe('slopes for the penalty: per unit of the un-normalised image, as the original, or of the normalised one'),
  drift: z.number().min(0).default(0.001).describe('weight of the squared critic score of real images'),
  l1: z
    .number()
    .min(0)
    .optional()
    .describe('weight of the mean absolute difference between a generated image and a real one of its pitch and instrument'),
  ema: z.number().min(0).lt(1).default(0.999).describe("decay of the generator's averaged weights, per step; those are sampled"),
  resetOptimiser: z.boolean().default(true).describe('forget Adam moments at each stage, as the original'),
});

const saving = z.strictObject({
  everySeconds: z
    .number()
    .positive()
    .default(600)
    .describe('time between checkpoints, in seconds; one more at each stage and at the end'),
  keep: count.default(3).describe('newest checkpoints kept'),
  logEveryImages: count.optional().describe('images between log lines; about every ten steps when absent'),
  samples: z
    .int()
    .min(0)
    .default(12)
    .describe('notes rendered at each checkpoint, as WAV and rainbowgram; kept of each stage, and of the newest checkpoints'),
});

/** One experiment as one JSON file: what may be said, what it means, and what is assumed where nothing is said. */
export const recipeSchema: z.ZodType<Recipe> = z.strictObject({
  $schema: z.string().optional().describe('where this schema lies, for editors'),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._/-]*$/, 'expected lower-case letters, digits, and . _ - /')
    .describe('short name; the run id starts with its last part'),
  description: z.string().optional().describe('what this is for, what it should cost, what to expect'),
  seed: z.int().min(0).default(0).describe('everything random follows from it'),
  data: data.prefault({}).describe('which notes'),
  representation: representation.prefault({ kind: 'if-mel' }).describe('how a note becomes an image'),
  normaliser: normaliser.prefault({ kind: 'gansynth' }).describe('how images are mapped to [-1, 1]'),
  model: z
    .discriminatedUnion('family', [progressiveGan, wavegan])
    .prefault({ family: 'progressive-gan' })
    .describe('the networks'),
  training: training.prefault({}).describe('how they are trained'),
  saving: saving.prefault({}).describe('what is written on the way; no part of the run id'),
});
