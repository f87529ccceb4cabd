import type { ModelInfo, NoteModel } from '@gansynth/model-files';
import { folderSink } from '@gansynth/model-files/node';
import {
  noteModel,
  resumeWaveGanTask,
  saveModel,
  WaveGanModel,
  WaveGanTask,
  type ImageRequest,
  type ImageSource,
} from '@gansynth/models-gan';
import { runTraining } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import type { WaveGanRecipe } from '../recipes/recipe.js';
import type { LiveState } from '../runs/training-states.js';
import { waveGanOf } from './network-of.js';
import { ofTask, type Training, type TrainingEvent } from './training.js';

/** Waveform images have the samples in both channels; WaveGAN takes one. */
function firstChannel(source: ImageSource): ImageSource {
  return {
    async next(batchSize: number, request: ImageRequest) {
      const { images, labels } = await source.next(batchSize, request);
      const one = tf.slice4d(images, [0, 0, 0, 0], [-1, -1, -1, 1]);
      images.dispose();
      return { images: one, labels };
    },
    state: () => source.state(),
    restore: (state) => source.restore?.(state),
  };
}

/** A WaveGAN: one stage, several critic updates a step; it has no averaged weights. */
export async function waveGanTraining(
  recipe: WaveGanRecipe,
  pitchCounts: readonly number[],
  images: ImageSource,
  saved: LiveState | undefined,
): Promise<Training> {
  const { training, seed } = recipe;
  const { batchSize } = training;
  const each = batchSize * training.criticSteps;
  const totalSteps = Math.ceil(training.totalImages / each);
  const data = firstChannel(images);
  const network = waveGanOf(recipe);
  const task = saved
    ? await resumeWaveGanTask(saved, { data })
    : new WaveGanTask({
        network,
        seed,
        data,
        training: {
          totalSteps,
          batchSize,
          criticUpdates: training.criticSteps,
          learningRate: training.learningRate,
          adam: { beta1: training.beta1, beta2: training.beta2 },
          losses: {
            generatorPitchWeight: training.generatorClassifierWeight,
            criticPitchWeight: training.criticClassifierWeight,
            penaltyWeight: training.gradientPenalty,
            driftWeight: training.drift,
          },
          microBatchSize: training.microBatch ?? null,
          pitchCounts,
        },
      });
  /** Its one phase, with what a run tells of a stage. */
  const phase = {
    ...task.phase,
    blocks: 1,
    endImages: task.total,
    batchSize: each,
    size: [network.samples, 1] as const,
    progress: 0,
  };
  return Object.assign(ofTask(task), {
    run: async function* (how: { readonly signal: AbortSignal }): AsyncGenerator<TrainingEvent> {
      for await (const event of runTraining(task, how)) yield event.type === 'end' ? event : { ...event, phase };
    },
    publish: async (folder: string, info: ModelInfo, use?: (model: NoteModel) => Promise<void>) => {
      const model = new WaveGanModel({ config: network, weights: task.generatorWeights() });
      try {
        await saveModel(model, folderSink(folder), info);
        await use?.(noteModel(model));
      } finally {
        model.dispose();
      }
    },
  });
}
