import { mostImage } from '@gansynth/spectral/options';
import { z } from 'zod';
import type { AnyRecipe } from '../family.js';
import { count, fraction, powerOfTwo } from '../fields.js';

const representation = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['if-mel', 'if', 'phase']).describe('what the second channel holds, and on which frequency scale'),
    frames: count.max(mostImage.frames).default(128).describe('time steps of the image (paper: 128 for "+H", 256 otherwise)'),
    bins: powerOfTwo
      .max(mostImage.bins)
      .default(1024)
      .describe('frequency bins of the image, a power of two; the FFT has twice as many samples'),
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
    frames: count.max(mostImage.frames).default(32).describe('time steps of the averaged image; divides fullFrames'),
    bins: count.max(mostImage.bins).default(128).describe('frequency bins of the averaged image; divides fullBins'),
    fullFrames: count.max(mostImage.frames).default(128).describe('time steps of the if-mel image it stands for'),
    fullBins: powerOfTwo.max(mostImage.bins).default(1024).describe('frequency bins of the if-mel image it stands for'),
    floor: z.number().lt(0).default(-8).describe('natural log of power below which nothing is told apart'),
  }),
  z.strictObject({
    kind: z
      .literal('harmonic')
      .describe(
        "bins count the harmonics of the note's pitch, and bands of noise beside them: for small models of notes that last",
      ),
    frames: count.min(2).max(mostImage.frames).default(64).describe('time steps of the image'),
    bins: count.max(mostImage.bins).default(64).describe('harmonics, partials between them if there are any, and bands of noise'),
    noiseBands: z.int().min(0).max(1024).default(8).describe('how many of the bins are bands of noise'),
    halfHarmonics: z
      .int()
      .min(0)
      .max(1024)
      .optional()
      .describe('how many of the bins are partials half way between harmonics, from half the fundamental up; none when absent'),
    modulation: z
      .boolean()
      .optional()
      .describe('vibrato and beating as depths and a rate, beside the noise, instead of as their course; false when absent'),
    onsetFrames: z
      .int()
      .min(0)
      .max(65_536)
      .default(16)
      .describe('how many of the frames lie close together at the onset; the others share the rest'),
    onsetHop: count.max(1_000_000).default(128).describe('samples from one of those to the next (8 ms at 16 kHz)'),
  }),
  z.strictObject({ kind: z.literal('waveform').describe('the samples themselves, padded to a power of two of samples') }),
]);

const normaliser = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('gansynth').describe("the original's constants; fit the if-mel power scale only") }),
  z.strictObject({
    kind: z.literal('measured').describe('the range of training images is mapped to +-margin'),
    examples: count.max(10_000_000).default(100).describe('images measured (paper: 100; original code: 1000)'),
    margin: fraction.default(0.8).describe('where the extremes land'),
    per: z.enum(['channel', 'frequency']).default('channel').describe('one range per channel, or per frequency row and channel'),
  }),
  z.strictObject({ kind: z.literal('none').describe('images are in [-1, 1] already: waveforms') }),
]);

/** Fields of recipes whose models make images of notes. */
export const imageFields = {
  representation: representation.prefault({ kind: 'if-mel' }).describe('how a note becomes an image'),
  normaliser: normaliser.prefault({ kind: 'gansynth' }).describe('how images are mapped to [-1, 1]'),
};

/** What such a recipe says of its images. */
export type ImageRecipe = AnyRecipe & z.output<z.ZodObject<typeof imageFields, z.core.$strict>>;
