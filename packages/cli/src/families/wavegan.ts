import { z } from 'zod';
import { commonFields } from '../recipes/common-fields.js';
import { defineFamily, show, type Cost, type Family } from './family.js';
import { batch, count, ganTraining } from './fields.js';
import { checkMicroBatch } from './micro-batch.js';

const model = z.strictObject({
  family: z.literal('wavegan').describe('WaveGAN (Donahue et al.) with pitch conditioning'),
  latentSize: count.max(65_536).default(100).describe('length of the latent vector z, uniform in [-1, 1]'),
  dim: count.max(1024).default(64).describe('channels of the last hidden layer; earlier ones have 2, 4, 8, 16, 32 times as many'),
  kernelLength: count.max(1024).default(25).describe('samples a convolution sees'),
  samples: z.literal([16_384, 32_768, 65_536]).default(65_536).describe('samples the generator makes'),
  phaseShuffle: z.int().min(0).max(63).default(2).describe('largest shift between layers of the critic, in samples'),
  upsample: z.enum(['transposed', 'nearest']).default('transposed').describe('how layers grow'),
});

const training = z.strictObject({
  ...ganTraining,
  batchSize: batch.default(8).describe('clips per update of the critic; a generator update follows criticSteps of them'),
  criticSteps: count.max(1000).default(1).describe('critic updates for each generator update (WaveGAN: 5)'),
});

const schema = z.strictObject({
  ...commonFields,
  model: model.describe('the networks'),
  training: training.prefault({}).describe('how they are trained'),
});

/** A recipe of WaveGAN, every default filled in. */
export type WaveGanRecipe = z.output<typeof schema>;

export const wavegan: Family<WaveGanRecipe> = defineFamily<WaveGanRecipe>({
  name: 'wavegan',
  schema,
  retired: {
    progressive: false,
    stableImages: 800_000,
    transitionImages: 800_000,
    penaltyEvery: 1,
    penaltyUnits: 'image',
    ema: 0.999,
    resetOptimiser: true,
  },
  contradictions({ representation, normaliser, model: { samples }, data, training: how }, say) {
    if (representation.kind !== 'waveform') {
      say('representation.kind', `found "${representation.kind}": wavegan makes samples. Expected "waveform".`);
      return;
    }
    const padded = 2 ** Math.ceil(Math.log2(data.samples));
    if (padded !== samples) {
      say(
        'model.samples',
        `found ${samples}: notes of ${data.samples} samples are padded to ${padded}. Change data.samples or this.`,
      );
    }
    if (normaliser.kind === 'measured') {
      say('normaliser.kind', `found ${show(normaliser.kind)}: wavegan takes samples as they are. Expected "none".`);
    }
    checkMicroBatch(how, say);
  },
  cost,
});

/**
 * One stage. A step is `criticSteps` critic updates, each with clips of its own (1 G, 12 D as for the progressive GAN), and a generator update
 * (3 G, 2 D).
 */
async function cost(recipe: WaveGanRecipe): Promise<Cost> {
  const { waveGanCost } = await import('@gansynth/models-gan');
  const { waveGanOf } = await import('../pipeline/network-of.js');
  const network = waveGanOf(recipe);
  const [generator, critic] = [waveGanCost('generator', network), waveGanCost('critic', network)];
  const { totalImages: images, criticSteps } = recipe.training;
  const perImage = (1 + 3 / criticSteps) * generator.multiplyAdds + (12 + 2 / criticSteps) * critic.multiplyAdds;
  const flop = 2 * images * perImage;
  const size = `${network.samples}x1`;
  return {
    generatorParameters: generator.parameters,
    criticParameters: critic.parameters,
    stages: [{ stage: 0, size, images, generator: generator.multiplyAdds, critic: critic.multiplyAdds, flop }],
    flop,
  };
}
