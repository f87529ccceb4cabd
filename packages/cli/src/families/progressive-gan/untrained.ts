import type { NoteModel } from '@gansynth/model-files';
import { GeneratorModel, loadGenerator, noteModel, ProgressiveGanTask } from '@gansynth/models-gan';
import type { FamilyModels } from '../family.js';
import { conditioningOf } from './network.js';

/** A generator of the same shape with the weights that a training would begin with. */
export const untrained: NonNullable<FamilyModels['untrained']> = async (files, { seed, representation }): Promise<NoteModel> => {
  const { model } = await loadGenerator(files);
  const { config: network } = model;
  model.dispose();
  const task = new ProgressiveGanTask({
    network,
    seed,
    training: { schedule: { progressive: false } },
    data: { next: () => Promise.reject(new Error('cli: nothing is trained here')), state: () => null },
    ...conditioningOf(network, representation),
  });
  try {
    const growth = { blocks: network.blocks, progress: network.blocks - 1 };
    return noteModel(new GeneratorModel({ config: network, weights: task.generatorWeights('current'), growth }));
  } finally {
    task.dispose();
  }
};
