import type { ImageSource } from './image-source.js';
import { Trainer } from './trainer.js';
import type { TrainerOptions } from './trainer-options.js';
import type { TrainingOptions } from './training-config.js';
import { checkState, type LiveTrainingState, type TrainingState } from './training-state.js';

/**
 * Starts a training.
 *
 * @throws ConfigError if a setting cannot be right
 */
export function createTrainer(options: TrainerOptions): Trainer {
  return new Trainer(options);
}

/**
 * Goes on with a saved training; networks, settings and seed come from the state.
 *
 * @param changes settings that shall differ from now on, e.g. a longer schedule; without them the result is bit for bit that of a
 * training which was never interrupted
 * @throws StateError if the state is none, of a newer version, or lacks a tensor
 */
export async function resumeTrainer(
  state: TrainingState | LiveTrainingState,
  { data, training }: { readonly data: ImageSource; readonly training?: TrainingOptions },
): Promise<Trainer> {
  checkState(state);
  const { network, training: saved, seed } = state.manifest;
  const merged: TrainingOptions = {
    ...saved,
    ...training,
    schedule: { ...saved.schedule, ...training?.schedule },
    losses: { ...saved.losses, ...training?.losses },
    adam: { ...saved.adam, ...training?.adam },
  };
  const trainer = new Trainer({ network, training: merged, seed, data });
  try {
    await trainer.restore(state);
  } catch (error) {
    trainer.dispose();
    throw error;
  }
  return trainer;
}
