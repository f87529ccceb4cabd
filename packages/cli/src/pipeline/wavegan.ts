import { folderSink } from '@gansynth/model-files/node';
import {
  noteModel,
  resumeWaveGanTrainer,
  saveModel,
  WaveGanModel,
  WaveGanTrainer,
  type ImageRequest,
  type ImageSource,
  type WaveGanState,
  type WaveGanStepEvent,
} from '@gansynth/models-gan';
import * as tf from '@tensorflow/tfjs-core';
import type { WaveGanRecipe } from '../recipes/recipe.js';
import type { LiveState } from '../runs/training-states.js';
import { waveGanOf } from './network-of.js';
import type { Training, TrainingEvent } from './training.js';

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
  const trainer = saved
    ? await resumeWaveGanTrainer(saved as unknown as WaveGanState, { data })
    : new WaveGanTrainer({
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
  const stage = { index: 0, blocks: 1, endImages: totalSteps * each, batchSize };
  const stepEvent = ({ step, losses, gradientNorms, milliseconds, clipsPerSecond, memory }: WaveGanStepEvent): TrainingEvent => ({
    type: 'step',
    step,
    images: step * each,
    totalImages: totalSteps * each,
    stage: 0,
    blocks: 1,
    progress: 0,
    batchSize: each,
    losses,
    gradientNorms,
    milliseconds,
    imagesPerSecond: clipsPerSecond,
    memory,
  });
  return {
    get position() {
      return { images: trainer.steps * each, steps: trainer.steps, stage: 0, finished: trainer.steps >= totalSteps };
    },
    async *run({ signal }) {
      yield { type: 'stage', images: trainer.steps * each, stage, size: [network.samples, 1] };
      for await (const event of trainer.run({ signal })) {
        if (event.type === 'step') yield stepEvent(event);
        else yield { ...event, images: event.steps * each };
      }
    },
    state: () => trainer.state(),
    async publish(folder, info, use) {
      const model = new WaveGanModel({ config: network, weights: trainer.generatorWeights() });
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
