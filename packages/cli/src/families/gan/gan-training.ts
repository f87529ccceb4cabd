import { noteModel, saveModel, type GeneratorModel } from '@gansynth/models-gan';
import type { WaveGanModel } from '@gansynth/models-gan/wavegan';
import type { Representation } from '@gansynth/spectral';
import type { TrainingTask } from '@gansynth/training';
import type { Training } from '../training.js';
import type { NoteImages } from './note-images.js';

/**
 * The training of a GAN.
 *
 * @param modelOf copies the generator as it stands
 */
export const ganTraining = <Task extends TrainingTask>(
  task: Task,
  modelOf: (task: Task) => GeneratorModel | WaveGanModel,
  { representation, images }: { readonly representation: Representation; readonly images: NoteImages },
): Training => ({
  task,
  representation,
  async publish(sink, info, use) {
    const model = modelOf(task);
    try {
      await saveModel(model, sink, info);
      await use?.(noteModel(model));
    } finally {
      model.dispose();
    }
  },
  async close() {
    task.dispose();
    await images.close();
  },
});
