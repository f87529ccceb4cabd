import { z } from 'zod';
import { count, fraction, names } from '../families/fields.js';

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
  sampleRate: count.max(768_000).default(16_000).describe('Hz'),
  samples: count
    .max(16_777_216)
    .default(64_000)
    .describe('length of a note in samples; longer ones are cut, shorter ones padded with zeros'),
  filter: filter.prefault({}).describe('which notes take part'),
  split: split.prefault({ kind: 'random' }).describe('what is trained on, what is kept for evaluation'),
  onBadNote: z.enum(['stop', 'skip']).default('stop').describe('a damaged note stops the run, or is counted and left out'),
});

const saving = z.strictObject({
  everySeconds: z
    .number()
    .positive()
    .default(600)
    .describe('time between checkpoints, in seconds; one more at each stage and at the end'),
  keep: count.max(10_000).default(3).describe('newest checkpoints kept'),
  logEveryImages: count.optional().describe('images between log lines; about every ten steps when absent'),
  samples: z
    .int()
    .min(0)
    .max(1000)
    .default(12)
    .describe('notes rendered at each checkpoint, as WAV and rainbowgram; kept of each stage, and of the newest checkpoints'),
});

/** What a recipe of any family says. */
export const commonFields = {
  $schema: z.string().optional().describe('where this schema lies, for editors'),
  name: z
    .string()
    .max(200)
    .regex(/^[a-z0-9][a-z0-9._/-]*$/, 'expected lower-case letters, digits, and . _ - /')
    .describe('short name; the run id starts with its last part'),
  description: z.string().optional().describe('what this is for, what it should cost, what to expect'),
  seed: z.int().min(0).default(0).describe('everything random follows from it'),
  data: data.prefault({}).describe('which notes'),
  saving: saving.prefault({}).describe('what is written on the way; no part of the run id'),
};
