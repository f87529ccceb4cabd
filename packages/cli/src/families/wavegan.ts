import { z } from 'zod';
import type { WaveGanConfig, WaveGanTrainingOptions } from '@gansynth/models-gan/wavegan';
import type { RepresentationJSON } from '@gansynth/spectral/options';
import { commonFields } from '../recipes/common-fields.js';
import { pitchesOf } from '../recipes/pitches.js';
import { costOfStages, type Cost } from './cost.js';
import { defineFamily, show, type Family, type FamilyDefinition, type Say } from './family.js';
import { batch, count } from './fields.js';
import { checkImages } from './gan/check-images.js';
import { imageFields } from './gan/image-fields.js';
import { ganLosses } from './gan/losses.js';
import { trainingFields } from './gan/training-fields.js';
import { checkMicroBatch } from './micro-batch.js';
import type { MakeSamples, TrainingMaterial } from './training.js';

const model = z.strictObject({
  family: z.literal('wavegan').describe('WaveGAN (Donahue et al.) with pitch conditioning'),
  latentSize: count.max(65_536).default(100).describe('length of the latent vector z, uniform in [-1, 1]'),
  dim: count.max(1024).default(64).describe('channels of the last hidden layer; earlier ones have 2, 4, 8, 16, 32 times as many'),
  kernelLength: count.max(1024).default(25).describe('samples a convolution sees'),
  samples: z.literal([4096, 8192, 16_384, 32_768, 65_536]).default(65_536).describe('samples the generator makes'),
  phaseShuffle: z.int().min(0).max(63).default(2).describe('largest shift between layers of the critic, in samples'),
  upsample: z.enum(['transposed', 'nearest']).default('transposed').describe('how layers grow'),
});

const training = z.strictObject({
  ...trainingFields,
  batchSize: batch.default(8).describe('clips per update of the critic; a generator update follows criticSteps of them'),
  criticSteps: count.max(1000).default(1).describe('critic updates for each generator update (WaveGAN: 5)'),
});

const schema = z.strictObject({
  ...commonFields,
  ...imageFields,
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
  length: { name: 'totalImages', unit: 'clips' },
  total: ({ training }) => training.totalImages,
  losses: ganLosses,
  contradictions(recipe, say) {
    checkOwn(recipe, checkImages(recipe, say), say);
  },
  cost,
  prepare,
});

function checkOwn(
  { representation, normaliser, model: { samples }, data, training: how }: WaveGanRecipe,
  image: Pick<RepresentationJSON, 'frames'> | undefined,
  say: Say,
): void {
  if (representation.kind !== 'waveform') {
    say('representation.kind', `found "${representation.kind}": wavegan makes samples. Expected "waveform".`);
    return;
  }
  if (image !== undefined && image.frames !== samples) {
    say(
      'model.samples',
      `found ${samples}: notes of ${data.samples} samples are padded to ${image.frames}. Change data.samples or this.`,
    );
  }
  if (normaliser.kind === 'measured') {
    say('normaliser.kind', `found ${show(normaliser.kind)}: wavegan takes samples as they are. Expected "none".`);
  }
  checkMicroBatch(how, say);
}

/**
 * One stage. A step is `criticSteps` critic updates, each with clips of its own (1 G, 12 D as for the progressive GAN), and a generator update
 * (3 G, 2 D).
 */
async function cost(recipe: WaveGanRecipe): Promise<Cost> {
  const { waveGanConfig, waveGanCost } = await import('@gansynth/models-gan/wavegan');
  const network = waveGanConfig(networkOf(recipe));
  const [generator, critic] = [waveGanCost('generator', network), waveGanCost('critic', network)];
  const { totalImages: examples, criticSteps } = recipe.training;
  const perClip = (1 + 3 / criticSteps) * generator.multiplyAdds + (12 + 2 / criticSteps) * critic.multiplyAdds;
  const multiplyAdds = { generator: generator.multiplyAdds, critic: critic.multiplyAdds };
  const stage = { stage: 0, size: `${network.samples}x1`, examples, multiplyAdds, flop: 2 * examples * perClip };
  const parameters = { generator: generator.parameters, critic: critic.parameters };
  return costOfStages({ unit: 'clips', parameters, stages: [stage] });
}

/** Networks as `@gansynth/models-gan` describes them. */
function networkOf(recipe: WaveGanRecipe): Partial<WaveGanConfig> {
  const { samples, dim, kernelLength, latentSize, phaseShuffle, upsample } = recipe.model;
  const upsampling = upsample === 'nearest' ? 'nearest' : 'zeros';
  return { samples, dim, kernelLength, latentSize, phaseShuffle, upsampling, pitches: pitchesOf(recipe), channels: 1 };
}

/** Training settings as `@gansynth/models-gan` describes them. */
function trainingOf({ training }: WaveGanRecipe, pitchCounts: readonly number[]): WaveGanTrainingOptions {
  const { batchSize, criticSteps, totalImages, learningRate, beta1, beta2 } = training;
  return {
    totalSteps: Math.ceil(totalImages / (batchSize * criticSteps)),
    batchSize,
    criticUpdates: criticSteps,
    learningRate,
    adam: { beta1, beta2 },
    losses: {
      generatorPitchWeight: training.generatorClassifierWeight,
      criticPitchWeight: training.criticClassifierWeight,
      penaltyWeight: training.gradientPenalty,
      driftWeight: training.drift,
    },
    microBatchSize: training.microBatch ?? null,
    pitchCounts,
  };
}

/** A WaveGAN has no averaged weights: those of the last step are published. */
async function prepare(
  recipe: WaveGanRecipe,
  material: TrainingMaterial,
): ReturnType<FamilyDefinition<WaveGanRecipe>['prepare']> {
  const { resumeWaveGanTask, waveGanConfig, WaveGanModel, WaveGanTask } = await import('@gansynth/models-gan/wavegan');
  const { firstChannel } = await import('./gan/first-channel.js');
  const { noteModel, saveModel } = await import('@gansynth/models-gan');
  const { noteSamples } = await import('../pipeline/samples.js');
  const { taskTraining } = await import('./task-training.js');
  const { imagesOf } = await import('./gan/images-of.js');
  const { representationOf } = await import('./gan/representation.js');
  const representation = representationOf(recipe);
  const network = waveGanConfig(networkOf(recipe));
  return async (saved) => {
    const images = imagesOf(recipe, representation, material);
    const data = firstChannel(images);
    const training = trainingOf(recipe, material.pitchCounts);
    const task = saved
      ? await resumeWaveGanTask(saved, { data })
      : new WaveGanTask({ network, training, seed: recipe.seed, data });
    type Model = InstanceType<typeof WaveGanModel>;
    const modelOf = (): Model => new WaveGanModel({ config: network, weights: task.generatorWeights() });
    const samplesOf = (model: Model): MakeSamples => noteSamples({ model: noteModel(model), representation });
    return taskTraining(task, { representation, notes: images, modelOf, saveModel, samplesOf });
  };
}
