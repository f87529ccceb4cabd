import { checkManifest, jsonField, restoreTask, type SavedTrainingState } from '@gansynth/training';
import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../../check-options.js';
import type { NetworkConfig } from '../config.js';
import { ArgumentError } from '../../errors.js';
import type { OwnTerms, OwnTermWeights } from '../losses/own-terms.js';
import { upgradeProgressiveState } from './first-progressive-state.js';
import type { ImageSource } from '../../gan/image-source.js';
import { ProgressiveGanTask } from './progressive-gan-task.js';
import type { TrainingOptions } from './training-config.js';

export interface ResumeProgressiveGanOptions {
  /** Put where the saved source stood. */
  readonly data: ImageSource;
  /**
   * Settings that shall differ from now on, e.g. a longer schedule; without them the result is bit for bit that of a training which was never
   * interrupted.
   */
  readonly training?: TrainingOptions;
  /** The terms of one's own that the training had; weights may differ, others may join them. */
  readonly ownTerms?: OwnTerms;
}

const resumeProgressiveGanOptionNames: OptionNames<ResumeProgressiveGanOptions> = {
  data: true,
  training: true,
  ownTerms: true,
};

/**
 * Goes on with a saved training; networks, settings and seed come from the state. The tensors stay the caller's.
 *
 * @throws StateError if the state is none, of another kind or a newer version, or lacks a tensor; ArgumentError if a term of its losses is not
 * given again
 */
export async function resumeProgressiveGanTask(
  state: SavedTrainingState,
  options: ResumeProgressiveGanOptions,
): Promise<ProgressiveGanTask> {
  checkOptions('resumeProgressiveGanTask', options, resumeProgressiveGanOptionNames);
  const { data, training, ownTerms = {} } = options;
  const current = upgradeProgressiveState(state);
  checkManifest(current.manifest, ProgressiveGanTask);
  const { network, training: saved, seed, ownTerms: savedTerms = {} } = jsonField(current.manifest, 'config') as SavedConfig;
  checkSameTerms(savedTerms, ownTerms);
  const merged: TrainingOptions = {
    ...saved,
    ...training,
    schedule: { ...saved.schedule, ...training?.schedule },
    losses: { ...saved.losses, ...training?.losses },
    adam: { ...saved.adam, ...training?.adam },
  };
  const task = new ProgressiveGanTask({ network, training: merged, seed, data, ownTerms });
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
  readonly ownTerms?: OwnTermWeights;
}

/** A term that was forgotten would change the training without a sign of it. */
function checkSameTerms(saved: OwnTermWeights, given: OwnTerms): void {
  for (const network of ['generator', 'critic'] as const) {
    const missing = Object.keys(saved[network] ?? {}).find((name) => given[network]?.[name] === undefined);
    if (missing === undefined) continue;
    throw new ArgumentError(
      'resumeProgressiveGanTask',
      `expected ownTerms.${network}.${missing}, with which this training was begun, found none. Give it again; a weight of 0 only reports it.`,
      missing,
    );
  }
}
