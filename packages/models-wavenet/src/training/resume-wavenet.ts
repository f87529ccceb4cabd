import { checkOptions } from '../check-options.js';
import { checkManifest, jsonField, restoreTask, type SavedTrainingState } from '@gansynth/training';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import type { NoteSource } from './note-source.js';
import { WaveNetTask } from './wavenet-task.js';
import type { WaveNetTrainingOptions } from './wavenet-training-config.js';

/**
 * Goes on with a saved training: bit for bit as if it had never stopped, unless `training` changes a setting. The tensors stay the caller's.
 *
 * @throws StateError if the state is none, of another kind or a newer version, or lacks a tensor
 */
export async function resumeWaveNetTask(
  state: SavedTrainingState,
  how: { readonly data: NoteSource; readonly training?: WaveNetTrainingOptions },
): Promise<WaveNetTask> {
  checkOptions('resumeWaveNetTask', how, { data: true, training: true });
  const { data, training } = how;
  checkManifest(state.manifest, WaveNetTask);
  const { network, training: saved, seed } = jsonField(state.manifest, 'config') as SavedConfig;
  const merged = { ...saved, ...training, adam: { ...saved.adam, ...training?.adam } };
  const task = new WaveNetTask({ network, training: merged, seed, data });
  try {
    await restoreTask(task, state);
  } catch (error) {
    task.dispose();
    throw error;
  }
  return task;
}

/** What {@link WaveNetTask} keeps as its config; the task checks it again. */
interface SavedConfig {
  readonly network: WaveNetConfig;
  readonly training: WaveNetTrainingOptions;
  readonly seed: number;
}
