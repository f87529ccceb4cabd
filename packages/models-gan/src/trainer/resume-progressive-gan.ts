import { checkManifest, jsonField, restoreTask, type SavedTrainingState } from '@gansynth/training';
import type { NetworkConfig } from '../config.js';
import { upgradeProgressiveState } from './first-progressive-state.js';
import type { ImageSource } from './image-source.js';
import { ProgressiveGanTask } from './progressive-gan-task.js';
import type { TrainingOptions } from './training-config.js';

/**
 * Goes on with a saved training; networks, settings and seed come from the state. The tensors stay the caller's.
 *
 * @param changes settings that shall differ from now on, e.g. a longer schedule; without them the result is bit for bit that of a
 * training which was never interrupted
 * @throws StateError if the state is none, of another kind or a newer version, or lacks a tensor
 */
export async function resumeProgressiveGanTask(
  state: SavedTrainingState,
  { data, training }: { readonly data: ImageSource; readonly training?: TrainingOptions },
): Promise<ProgressiveGanTask> {
  const current = upgradeProgressiveState(state);
  checkManifest(current.manifest, ProgressiveGanTask);
  const { network, training: saved, seed } = jsonField(current.manifest, 'config') as SavedConfig;
  const merged: TrainingOptions = {
    ...saved,
    ...training,
    schedule: { ...saved.schedule, ...training?.schedule },
    losses: { ...saved.losses, ...training?.losses },
    adam: { ...saved.adam, ...training?.adam },
  };
  const task = new ProgressiveGanTask({ network, training: merged, seed, data });
  try {
    await restoreTask(task, current);
  } catch (error) {
    task.dispose();
    throw error;
  }
  return task;
}

/** What {@link ProgressiveGanTask} keeps as its config; the task checks it again. */
interface SavedConfig {
  readonly network: NetworkConfig;
  readonly training: TrainingOptions;
  readonly seed: number;
}
