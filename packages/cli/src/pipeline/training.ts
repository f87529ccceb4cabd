import type { ModelInfo, NoteModel } from '@gansynth/model-files';
import { folderSink } from '@gansynth/model-files/node';
import {
  GeneratorModel,
  noteModel,
  ProgressiveGanTask,
  resumeProgressiveGanTask,
  saveModel,
  type ProgressiveGanTaskOptions,
  type ProgressivePhase,
  type StepLosses,
} from '@gansynth/models-gan';
import { runTraining, stateOf, type LoopEvent, type StepEvent, type TrainingTask } from '@gansynth/training';
import type { LiveState } from '../runs/training-states.js';

/** What a run needs of a training, whatever it trains. Counts are images the critic has seen. */
export interface Training {
  readonly position: { readonly images: number; readonly steps: number; readonly stage: number; readonly finished: boolean };
  run(options: { readonly signal: AbortSignal }): AsyncGenerator<TrainingEvent>;
  /** For a checkpoint; the tensors stay the training's. */
  state(): LiveState;
  /** Saves what is sampled from as a model, and lets `use` play it. */
  publish(folder: string, info: ModelInfo, use?: (model: NoteModel) => Promise<void>): Promise<void>;
  dispose(): void;
}

export type TrainingEvent = LoopEvent<StepLosses, ProgressivePhase>;
export type TrainingStep = StepEvent<StepLosses, ProgressivePhase>;

/** What all trainings have in common. */
export const ofTask = (task: TrainingTask<StepLosses>): Pick<Training, 'position' | 'state' | 'dispose'> => ({
  get position() {
    const { done, steps } = task.progress;
    return { images: done, steps, stage: task.phase.index, finished: done >= task.total };
  },
  state: () => stateOf(task),
  dispose: () => task.dispose(),
});

/** The progressive GAN: its averaged generator is what is published. */
export async function progressiveTraining(options: ProgressiveGanTaskOptions, saved: LiveState | undefined): Promise<Training> {
  const { data } = options;
  const task = saved ? await resumeProgressiveGanTask(saved, { data }) : new ProgressiveGanTask(options);
  return Object.assign(ofTask(task), {
    run: (how: { readonly signal: AbortSignal }) => runTraining(task, how),
    publish: async (folder: string, info: ModelInfo, use?: (model: NoteModel) => Promise<void>) => {
      const model = new GeneratorModel({ config: task.network, growth: task.growth, weights: task.generatorWeights() });
      try {
        await saveModel(model, folderSink(folder), info);
        await use?.(noteModel(model));
      } finally {
        model.dispose();
      }
    },
  });
}
