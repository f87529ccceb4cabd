import {
  noteModel,
  resumeWaveNetTask,
  saveModel,
  waveNetConfig,
  WaveNetModel,
  WaveNetTask,
  type NoteSource,
} from '@gansynth/models-wavenet';
import { representation } from '@gansynth/spectral';
import { pitchesOf } from '../../recipes/pitches.js';
import type { FamilyDefinition } from '../family.js';
import { NoteBatches } from '../note-batches.js';
import { taskTraining } from '../task-training.js';
import { networkOf, trainingOf } from './network.js';
import type { WaveNetRecipe } from './recipe.js';

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

/** Makes ready to train a WaveNet; its averaged weights are what is published. */
export const prepare: FamilyDefinition<WaveNetRecipe>['prepare'] = async (recipe, { notes, context }) => {
  const { samples, sampleRate } = recipe.data;
  const network = waveNetConfig(networkOf(recipe));
  const codec = representation({ kind: 'waveform', frames: samples, samples, sampleRate });
  return async (saved) => {
    const batches = new NoteBatches(notes, { samples, seed: recipe.seed, pitches: pitchesOf(recipe), signal: context.signal });
    const data = soundsOf(batches);
    const task = saved
      ? await resumeWaveNetTask(saved, { data, training: trainingOf(recipe) })
      : new WaveNetTask({ network, training: trainingOf(recipe), seed: recipe.seed, data });
    const modelOf = (): WaveNetModel => new WaveNetModel({ config: network, weights: task.weights() });
    return taskTraining(task, { representation: codec, notes: batches, modelOf, saveModel, noteModel });
  };
};
