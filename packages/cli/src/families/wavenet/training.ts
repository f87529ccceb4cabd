import { noteModel } from '@gansynth/models-wavenet';
import { noteSamples } from '../../pipeline/samples.js';
import type { FamilyDefinition } from '../family.js';
import { networkOf } from './network.js';
import { prepareTask } from './prepare-task.js';
import type { WaveNetRecipe } from './recipe.js';

/** Makes ready to train a WaveNet that knows pitches. */
export const prepare: FamilyDefinition<WaveNetRecipe>['prepare'] = async (recipe, material) =>
  prepareTask(recipe, networkOf(recipe), material, (model, representation) =>
    noteSamples({ model: noteModel(model), representation }),
  );
