import type { OptionNames } from '@gansynth/common/check-options';
import { checkManifest, jsonField, restoreTask, type SavedTrainingState } from '@gansynth/training';
import { checkOptions } from '../check-options.js';
import type { ImageSource } from '../gan/image-source.js';
import { upgradeWaveGanState } from './first-wavegan-state.js';
import type { WaveGanConfig } from './wavegan-config.js';
import { WaveGanTask } from './wavegan-task.js';
import type { WaveGanTrainingOptions } from './wavegan-training-config.js';

export interface ResumeWaveGanOptions {
  /** Put where the saved source stood. */
  readonly data: ImageSource;
  /** Settings that shall differ from now on. */
  readonly training?: WaveGanTrainingOptions;
}

const resumeWaveGanOptionNames: OptionNames<ResumeWaveGanOptions> = { data: true, training: true };

/**
 * Goes on with a saved training: bit for bit as if it had never stopped, unless `training` changes a setting. The tensors stay the caller's.
 *
 * @throws StateError if the state is none, of another kind or a newer version, or lacks a tensor
 */
export async function resumeWaveGanTask(state: SavedTrainingState, options: ResumeWaveGanOptions): Promise<WaveGanTask> {
  checkOptions('resumeWaveGanTask', options, resumeWaveGanOptionNames);
  const { data, training } = options;
  const current = upgradeWaveGanState(state);
  checkManifest(current.manifest, WaveGanTask);
  const { network, training: saved, seed } = jsonField(current.manifest, 'config') as SavedConfig;
  const merged = {
    ...saved,
    ...training,
    losses: { ...saved.losses, ...training?.losses },
    adam: { ...saved.adam, ...training?.adam },
  };
  const task = new WaveGanTask({ network, training: merged, seed, data });
  try {
    await restoreTask(task, current);
  } catch (error) {
    task.dispose();
    throw error;
  }
  return task;
}

/** What {@link WaveGanTask} keeps as its config; the task checks it again. */
interface SavedConfig {
  readonly network: WaveGanConfig;
  readonly training: WaveGanTrainingOptions;
  readonly seed: number;
}
