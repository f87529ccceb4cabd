import type { WaveNetOptions, WaveNetTrainingOptions } from '@gansynth/models-wavenet';
import { pitchesOf } from '../../recipes/pitches.js';
import type { WaveNetRecipe } from './recipe.js';

/** The network as `@gansynth/models-wavenet` describes it. */
export function networkOf(recipe: WaveNetRecipe): WaveNetOptions {
  const { family: _family, pitch, ...sizes } = recipe.model;
  return { ...sizes, conditioning: { kind: 'pitch', ...pitch, pitches: pitchesOf(recipe), samples: recipe.data.samples } };
}

/** Training settings as `@gansynth/models-wavenet` describes them. */
export function trainingOf({ training, data }: WaveNetRecipe): WaveNetTrainingOptions {
  const { totalClips, batchSize, microBatch, cropSamples, learningRate, beta1, beta2, ema, inputDropout } = training;
  return {
    totalSteps: Math.ceil(totalClips / batchSize),
    batchSize,
    microBatchSize: microBatch ?? null,
    noteSamples: data.samples,
    cropSamples,
    ...(learningRate === undefined ? {} : { learningRate }),
    adam: { beta1, beta2 },
    averageDecay: ema,
    inputDropout,
  };
}
