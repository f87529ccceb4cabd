import {
  resumeWaveNetTask,
  saveModel,
  waveNetConfig,
  WaveNetModel,
  WaveNetTask,
  type NoteSource,
  type WaveNetOptions,
  type WaveNetTrainingOptions,
} from '@gansynth/models-wavenet';
import { representation, type Representation } from '@gansynth/spectral';
import { pitchesOf } from '../../recipes/pitches.js';
import type { AnyRecipe, FamilyDefinition } from '../family.js';
import { NoteBatches } from '../note-batches.js';
import { taskTraining } from '../task-training.js';
import type { MakeSamples, TrainingMaterial } from '../training.js';
import type { WaveNetTrainingRecipe } from './fields.js';

/** Training settings as `@gansynth/models-wavenet` describes them. */
function trainingOf(training: WaveNetTrainingRecipe, noteSamples: number): WaveNetTrainingOptions {
  const {
    totalClips,
    batchSize,
    microBatch,
    cropSamples,
    onsetShare = 0,
    leadSamples = 0,
    learningRate,
    beta1,
    beta2,
    ema,
    inputDropout,
    inputNoise = 0,
  } = training;
  return {
    totalSteps: Math.ceil(totalClips / batchSize),
    batchSize,
    microBatchSize: microBatch ?? null,
    noteSamples,
    cropSamples,
    onsetShare,
    leadSamples,
    ...(learningRate === undefined ? {} : { learningRate }),
    adam: { beta1, beta2 },
    averageDecay: ema,
    inputDropout,
    inputNoise,
  };
}

/** Notes as samples, one array each. */
const soundsOf = (batches: NoteBatches): NoteSource => ({
  async next(batchSize) {
    const { audio, labels } = await batches.next(batchSize);
    const samples = audio.shape[1] ?? 0;
    return { audio: Array.from({ length: batchSize }, (_, i) => audio.data.subarray(i * samples, (i + 1) * samples)), labels };
  },
  state: () => batches.state(),
  restore: (state) => batches.restore(state),
});

type WaveNetFamilyRecipe = AnyRecipe & { readonly training: WaveNetTrainingRecipe };

/**
 * Makes ready to train a WaveNet of any family; its averaged weights are what is published.
 *
 * @param samplesOf sounds of it to be listened to; the model stays the caller's
 */
export function prepareTask(
  recipe: WaveNetFamilyRecipe,
  options: WaveNetOptions,
  { notes, context }: TrainingMaterial,
  samplesOf: (model: WaveNetModel, representation: Representation) => MakeSamples,
): Awaited<ReturnType<FamilyDefinition<WaveNetFamilyRecipe>['prepare']>> {
  const { samples, sampleRate } = recipe.data;
  const network = waveNetConfig(options);
  const training = trainingOf(recipe.training, samples);
  const codec = representation({ kind: 'waveform', frames: samples, samples, sampleRate });
  return async (saved) => {
    const batches = new NoteBatches(notes, { samples, seed: recipe.seed, pitches: pitchesOf(recipe), signal: context.signal });
    const data = soundsOf(batches);
    const task = saved
      ? await resumeWaveNetTask(saved, { data, training })
      : new WaveNetTask({ network, training, seed: recipe.seed, data });
    return taskTraining(task, {
      representation: codec,
      notes: batches,
      modelOf: () => new WaveNetModel({ config: network, weights: task.weights() }),
      saveModel,
      samplesOf: (model) => samplesOf(model, codec),
    });
  };
}
