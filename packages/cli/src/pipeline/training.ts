import type { ModelInfo, NoteModel } from '@gansynth/model-files';
import { folderSink } from '@gansynth/model-files/node';
import {
  createTrainer,
  GeneratorModel,
  noteModel,
  resumeTrainer,
  saveModel,
  type LiveTrainingState,
  type StageEvent,
  type StepEvent,
  type TrainerEvent,
  type TrainerOptions,
} from '@gansynth/models-gan';
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

export type TrainingEvent = StageEvent | StepEvent | Extract<TrainerEvent, { type: 'end' }>;

/** The progressive GAN: its averaged generator is what is published. */
export async function progressiveTraining(options: TrainerOptions, saved: LiveState | undefined): Promise<Training> {
  const trainer = saved ? await resumeTrainer(saved as LiveTrainingState, { data: options.data }) : createTrainer(options);
  return {
    get position() {
      const { images, steps, stage, finished } = trainer.position;
      return { images, steps, stage: stage.index, finished };
    },
    run: (how) => trainer.run(how),
    state: () => trainer.state(),
    async publish(folder, info, use) {
      const model = new GeneratorModel({ config: trainer.network, growth: trainer.growth, weights: trainer.generatorWeights() });
      try {
        await saveModel(model, folderSink(folder), info);
        await use?.(noteModel(model));
      } finally {
        model.dispose();
      }
    },
    dispose: () => trainer.dispose(),
  };
}
