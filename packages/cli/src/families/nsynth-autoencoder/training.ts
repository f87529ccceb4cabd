import type { FamilyDefinition } from '../family.js';
import { prepareTask } from '../wavenet/prepare-task.js';
import { networkOf } from './network.js';
import type { NsynthAutoencoderRecipe } from './recipe.js';
import { reconstructions } from './reconstructions.js';

/** Makes ready to train an autoencoder, encoder and decoder together. */
export const prepare: FamilyDefinition<NsynthAutoencoderRecipe>['prepare'] = async (recipe, material) =>
  prepareTask(recipe, networkOf(recipe), material, (model) => reconstructions(model, material.heldOut, recipe.data.samples));
