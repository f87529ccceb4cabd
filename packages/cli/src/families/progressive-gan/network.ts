import { networkConfig, type NetworkConfig } from '@gansynth/models-gan';
import { trainingConfig, type TrainingConfig } from '@gansynth/models-gan/training';
import type { Affine, NoteAttribute } from '@gansynth/models-gan/networks';
import type { PlainTensor } from '@gansynth/model-files';
import type { Representation } from '@gansynth/spectral';
import { pitchesOf } from '../../recipes/pitches.js';
import type { ProgressiveGanRecipe } from './recipe.js';

/** Planes about a pitch before those of numbered harmonics. */
const planeFeatures = 3;

/** The table of a network that is told about its pitches. */
export function conditioningOf(
  { conditioning, pitches }: NetworkConfig,
  codec: Representation,
): { conditioning?: PlainTensor<Float32Array> } {
  const planes = conditioning === null ? null : codec.planes(pitches, conditioning.features - planeFeatures);
  return conditioning === null || planes === null
    ? {}
    : { conditioning: { shape: [pitches.length, codec.shape[1], conditioning.features], data: planes } };
}

type Attributes = NonNullable<ProgressiveGanRecipe['model']['attributes']>;

const mean = (group: readonly number[]): number => group.reduce((sum, one) => sum + one, 0) / group.length;

/** The first attribute whose levels rise in velocity, none reaching into the next, says how hard notes are struck. */
function attributesOf(attributes: Attributes): NoteAttribute[] {
  const rises = attributes.find(({ velocities }) =>
    velocities.every((group, level) => level === 0 || Math.min(...group) > Math.max(...velocities[level - 1]!)),
  );
  return attributes.map((attribute) => ({
    name: attribute.name,
    levels: attribute.velocities.length,
    ...(attribute === rises && { velocities: attribute.velocities.map(mean) }),
  }));
}

/** Networks as `@gansynth/models-gan` describes them. */
export function networkOf(recipe: ProgressiveGanRecipe, normaliser: Affine | null): NetworkConfig {
  const { family: _family, paper, harmonics, instruments = [], attributes, crossed, dense, ...model } = recipe.model;
  const asPaper = { criticWidths: 'block', fromRgbActivation: 'linear', inputPixelNorm: false, pixelNormEpsilon: 0 } as const;
  const { numbered = 0, ...layers } = harmonics ?? { generator: [], critic: [] };
  const conditioning = harmonics === undefined ? null : { features: planeFeatures + numbered, ...layers };
  return networkConfig({
    ...model,
    instruments,
    ...(attributes && { attributes: attributesOf(attributes) }),
    ...(crossed && { crossed }),
    ...(dense && { dense }),
    pitches: pitchesOf(recipe),
    normaliser,
    conditioning,
    ...(paper ? asPaper : {}),
  });
}

/**
 * Training settings as `@gansynth/models-gan` describes them.
 *
 * @param pitchCounts how often each of the network's pitches occurs in the training notes
 */
export function trainingOf(
  recipe: ProgressiveGanRecipe,
  network: NetworkConfig,
  pitchCounts: readonly number[] | null,
): TrainingConfig {
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
      l1Weight: training.l1 ?? 0,
    },
    adam: { beta1: training.beta1, beta2: training.beta2 },
    generatorLearningRate: training.learningRate,
    criticLearningRate: training.criticLearningRate ?? training.learningRate,
    annealAfter: training.anneal === undefined ? null : Math.round(training.anneal * training.totalImages),
    adversarialAfter: Math.round((training.adversarialAfter ?? 0) * training.totalImages),
    averageDecay: training.ema,
    optimiserAtStage: training.resetOptimiser ? 'reset' : 'keep',
    microBatchSize: training.microBatch ?? null,
    penaltyEvery: training.penaltyEvery,
    instrumentLead: training.instrumentLead ?? 0,
    pitchCounts,
  });
}
