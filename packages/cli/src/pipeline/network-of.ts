import { networkConfig, trainingConfig, type Affine, type NetworkConfig, type TrainingConfig } from '@gansynth/models-gan';
import { UsageError } from '../app/errors.js';
import type { ProgressiveGanRecipe, Recipe } from '../recipes/recipe.js';

/** The pitches a recipe's network knows, ascending: all of the range, whether notes have them or not. */
export function pitchesOf(recipe: Recipe): number[] {
  const [low, high] = recipe.data.filter.pitches;
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

/** The progressive GAN of a recipe, or a message that this family cannot be had here. */
export function progressiveGan(recipe: Recipe): ProgressiveGanRecipe {
  if (recipe.model.family === 'progressive-gan') return recipe.model;
  throw new UsageError(`${recipe.name}: model.family: expected "progressive-gan", found "${recipe.model.family}".`, recipe.model);
}

/** Networks as `@gansynth/models-gan` describes them. */
export function networkOf(recipe: Recipe, normaliser: Affine | null): NetworkConfig {
  const { family: _family, paper, harmonics, ...model } = progressiveGan(recipe);
  const asPaper = { criticWidths: 'block', fromRgbActivation: 'linear', inputPixelNorm: false, pixelNormEpsilon: 0 } as const;
  const conditioning = harmonics === undefined ? null : { features: 3, ...harmonics };
  return networkConfig({ ...model, pitches: pitchesOf(recipe), normaliser, conditioning, ...(paper ? asPaper : {}) });
}

/**
 * Training settings as `@gansynth/models-gan` describes them.
 *
 * @param pitchCounts how often each of the network's pitches occurs in the training notes
 */
export function trainingOf(recipe: Recipe, network: NetworkConfig, pitchCounts: readonly number[] | null): TrainingConfig {
  const { training } = recipe;
  return trainingConfig(network, {
    schedule: {
      stableImages: training.stableImages,
      transitionImages: training.transitionImages,
      totalImages: training.totalImages,
      progressive: training.progressive,
      batchSizes: [training.batchSize].flat(),
    },
    losses: {
      generatorPitchWeight: training.generatorClassifierWeight,
      criticPitchWeight: training.criticClassifierWeight,
      penaltyWeight: training.gradientPenalty,
      penaltyUnits: training.penaltyUnits,
      driftWeight: training.drift,
    },
    adam: { beta1: training.beta1, beta2: training.beta2 },
    generatorLearningRate: training.learningRate,
    criticLearningRate: training.criticLearningRate ?? training.learningRate,
    averageDecay: training.ema,
    optimiserAtStage: training.resetOptimiser ? 'reset' : 'keep',
    microBatchSize: training.microBatch ?? null,
    penaltyEvery: training.penaltyEvery,
    pitchCounts,
  });
}
