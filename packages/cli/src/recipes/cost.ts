import { canvasSize, networkSteps, parameterCount, stages } from '@gansynth/models-gan';
import { gansynthNormaliser } from '@gansynth/spectral';
import { networkOf, trainingOf } from '../pipeline/network-of.js';
import type { Recipe } from './recipe.js';

export interface StageCost {
  readonly stage: number;
  /** `32x256` */
  readonly size: string;
  readonly images: number;
  /** Multiply-adds of one pass of one image. */
  readonly generator: number;
  readonly critic: number;
  /** FLOP of the stage, both updates. */
  readonly flop: number;
}

export interface Cost {
  readonly generatorParameters: number;
  readonly criticParameters: number;
  readonly stages: readonly StageCost[];
  readonly flop: number;
}

/**
 * Passes that one training image costs. A backward pass counts as two forward passes (one for inputs, one for weights).
 * Generator update: G forward and backward (3 G), critic on its images forward and, for inputs only, backward (2 D).
 * Critic update: G forward (1 G); critic on real and generated images (2 x 3 D); penalty: forward, gradient for inputs (2 D), and the
 * derivative of both for weights (another 4 D), in every `penaltyEvery`-th step.
 */
const passes = (penaltyEvery: number): { readonly generator: number; readonly critic: number } => ({
  generator: 4,
  critic: 8 + 6 / penaltyEvery,
});

/** What a progressive GAN recipe costs, by arithmetic alone. */
export function costOf(recipe: Recipe): Cost {
  const network = networkOf(recipe, recipe.representation.kind === 'waveform' ? null : gansynthNormaliser().toJSON());
  const { schedule, penaltyEvery } = trainingOf(recipe, network, null);
  const each = passes(penaltyEvery);
  let seen = 0;
  const costs = stages(schedule, network.blocks).map((stage): StageCost => {
    // In a transition both branches run; its end is the dearest moment and the one counted.
    const growth = { blocks: stage.blocks, progress: stage.index % 2 === 1 ? stage.blocks - 1.001 : stage.blocks - 1 };
    const images = stage.endImages - seen;
    seen = stage.endImages;
    const sum = (name: 'generator' | 'critic'): number =>
      networkSteps(name, network, growth).reduce((total, step) => total + step.multiplyAdds, 0);
    const [generator, critic] = [sum('generator'), sum('critic')];
    const flop = 2 * images * (each.generator * generator + each.critic * critic);
    return { stage: stage.index, size: canvasSize(network, growth).join('x'), images, generator, critic, flop };
  });
  return {
    generatorParameters: parameterCount('generator', network),
    criticParameters: parameterCount('critic', network),
    stages: costs,
    flop: costs.reduce((total, { flop }) => total + flop, 0),
  };
}

/**
 * How much of a training is done after so many images, in a unit of work of equal cost: images of a late stage cost a thousand times those
 * of an early one. Each image has a share besides its arithmetic, since the smallest take their time too.
 */
export function workOf(recipe: Recipe): (images: number) => number {
  if (recipe.model.family !== 'progressive-gan') return (images) => images;
  const { stages: each } = costOf(recipe);
  const total = each.reduce((sum, { flop }) => sum + flop, 0);
  const floor = total / 200 / recipe.training.totalImages;
  return (images) => {
    let [left, work] = [images, 0];
    for (const stage of each) {
      const some = Math.min(left, stage.images);
      work += some * (floor + stage.flop / Math.max(1, stage.images));
      left -= some;
    }
    return work;
  };
}
