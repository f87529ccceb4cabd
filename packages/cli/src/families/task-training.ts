import type { FileSink, ModelInfo } from '@gansynth/model-files';
import type { Representation } from '@gansynth/spectral';
import type { TrainingTask } from '@gansynth/training';
import type { MakeSamples, Training } from './training.js';

/** What a family's task is trained on, and how its package makes a model of it. */
export interface TaskModels<Model extends { dispose(): void }> {
  readonly representation: Representation;
  readonly notes: { close(): Promise<void> };
  /** Copies what is published, as it stands. */
  modelOf(): Model;
  saveModel(model: Model, sink: FileSink, info: ModelInfo): Promise<unknown>;
  /** Sounds of a model to be listened to; it stays the caller's. */
  samplesOf(model: Model): MakeSamples;
}

/** The training of a task. */
export const taskTraining = <Model extends { dispose(): void }>(
  task: TrainingTask & { dispose(): void },
  { representation, notes, modelOf, saveModel, samplesOf }: TaskModels<Model>,
): Training => ({
  task,
  representation,
  async publish(sink, info, use) {
    const model = modelOf();
    try {
      await saveModel(model, sink, info);
      await use?.(samplesOf(model));
    } finally {
      model.dispose();
    }
  },
  async close() {
    task.dispose();
    await notes.close();
  },
});
