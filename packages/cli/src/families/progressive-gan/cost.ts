import { costOfStages, type Cost, type StageCost } from '../cost.js';
import type { ProgressiveGanRecipe } from './recipe.js';

/**
 * Passes that one training image costs. A backward pass counts as two forward passes (one for inputs, one for weights).
 * Generator update: G forward and backward (3 G), critic on its images forward and, for inputs only, backward (2 D).
 * Critic update: G forward (1 G); critic on real and generated images (2 x 3 D); penalty: forward, gradient for inputs (2 D), and the
 * derivative of both for weights (another 4 D), in every `penaltyEvery`-th step. A generator that learns alone costs 3 G.
 */
const passes = (penaltyEvery: number) => ({
  alone: 3,
  generator: 4,
  critic: 8 + 6 / penaltyEvery,
});

/** What training costs, by arithmetic alone. */
export async function cost(recipe: ProgressiveGanRecipe): Promise<Cost> {
  const { canvasSize, networkSteps, parameterCount } = await import('@gansynth/models-gan/networks');
  const { stages } = await import('@gansynth/models-gan/training');
  const { gansynthNormaliser } = await import('@gansynth/spectral');
  const { networkOf, trainingOf } = await import('./network.js');
  const network = networkOf(recipe, recipe.representation.kind === 'waveform' ? null : gansynthNormaliser().toJSON());
  const { schedule, penaltyEvery, adversarialAfter } = trainingOf(recipe, network, null);
  const each = passes(penaltyEvery);
  let seen = 0;
  const costs = stages(schedule, network.blocks).map((stage): StageCost => {
    // In a transition both branches run; its end is the dearest moment and the one counted.
    const growth = { blocks: stage.blocks, progress: stage.index % 2 === 1 ? stage.blocks - 1.001 : stage.blocks - 1 };
    const examples = stage.endImages - seen;
    const alone = Math.min(examples, Math.max(0, adversarialAfter - seen));
    seen = stage.endImages;
    const sum = (which: 'generator' | 'critic'): number =>
      networkSteps(which, network, growth).reduce((total, step) => total + step.multiplyAdds, 0);
    const [generator, critic] = [sum('generator'), sum('critic')];
    const flop = 2 * ((examples - alone) * (each.generator * generator + each.critic * critic) + alone * each.alone * generator);
    const size = canvasSize(network, growth).join('x');
    return { stage: stage.index, size, examples, multiplyAdds: { generator, critic }, flop };
  });
  const parameters = { generator: parameterCount('generator', network), critic: parameterCount('critic', network) };
  return costOfStages({ unit: 'images', parameters, stages: costs });
}
