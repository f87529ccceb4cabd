import { GeneratorModel, noteModel, ProgressiveGanTask, resumeProgressiveGanTask, saveModel } from '@gansynth/models-gan';
import { noteSamples } from '../../pipeline/samples.js';
import { imagesOf } from '../gan/images-of.js';
import { normaliserOf, representationOf } from '../gan/representation.js';
import type { FamilyDefinition } from '../family.js';
import { taskTraining } from '../task-training.js';
import type { MakeSamples } from '../training.js';
import { conditioningOf, networkOf, trainingOf } from './network.js';
import type { ProgressiveGanRecipe } from './recipe.js';

/** Makes ready to train a progressive GAN; its averaged generator is what is published. */
export const prepare: FamilyDefinition<ProgressiveGanRecipe>['prepare'] = async (recipe, material) => {
  const representation = representationOf(recipe);
  const normaliser = await normaliserOf(recipe, material.notes, material.normaliserFile, material.context);
  const { kind, ...affine } = normaliser.toJSON();
  const network = networkOf(recipe, kind === 'none' ? null : affine);
  const training = trainingOf(recipe, network, material.pitchCounts);
  return async (saved) => {
    const data = imagesOf(recipe, representation, material, recipe.model);
    const task = saved
      ? await resumeProgressiveGanTask(saved, { data })
      : new ProgressiveGanTask({ network, training, seed: recipe.seed, data, ...conditioningOf(network, representation) });
    // What no training uses may be younger than this one.
    const { attributes } = network;
    const config = { ...task.network, ...(attributes && { attributes }) };
    const modelOf = (): GeneratorModel => new GeneratorModel({ config, growth: task.growth, weights: task.generatorWeights() });
    const samplesOf = (model: GeneratorModel): MakeSamples => noteSamples({ model: noteModel(model), representation });
    return taskTraining(task, { representation, notes: data, modelOf, saveModel, samplesOf });
  };
};
