import { z } from 'zod';

/** Kinds of values that fields have. Upper ends are far beyond what anybody trains: a slip is an error, not a machine without memory. */
export const count = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
export const fraction = z.number().min(0).max(1);
export const name = z.string().min(1).max(200);
export const names = z.array(name).min(1).max(10_000);
/** Weights of losses, rates. */
export const weight = z.number().min(0).max(1e9);
export const size = z.tuple([count.max(65_536), count.max(65_536)]);
export const powerOfTwo = count.refine((value) => Number.isInteger(Math.log2(value)), 'expected a power of two');
export const batch = count.max(1_000_000);

/** Fields of `training` that every family of GAN has. */
export const ganTraining = {
  totalImages: count.default(11_000_000).describe('images after which training ends'),
  hours: z.number().positive().max(1e6).optional().describe('wall-clock limit; training ends at the sooner (paper: 108)'),
  microBatch: batch.optional().describe('images on the device at once; gradients are accumulated up to batchSize'),
  learningRate: z.number().positive().max(1).default(8e-4).describe('Adam step of both networks (paper: 8e-4)'),
  beta1: z.number().min(0).lt(1).default(0).describe('Adam: memory of the mean'),
  beta2: z.number().min(0).lt(1).default(0.99).describe('Adam: memory of the variance'),
  generatorClassifierWeight: weight
    .default(10)
    .describe("weight of the pitch classification loss on fakes (paper's sweep: 0.1, 1, 10)"),
  criticClassifierWeight: weight.default(10).describe('weight of the pitch classification loss on real images'),
  gradientPenalty: weight.default(10).describe('weight of the WGAN gradient penalty'),
  drift: weight.default(0.001).describe('weight of the squared critic score of real images'),
};
