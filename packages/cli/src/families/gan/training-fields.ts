import { z } from 'zod';
import { batch, count, weight } from '../fields.js';

/** Fields of `training` that every family of GAN has. */
export const trainingFields = {
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
