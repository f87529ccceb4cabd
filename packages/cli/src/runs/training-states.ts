import { jsonField, type LiveTrainingState } from '@gansynth/training';
import { openCheckpointStore } from '@gansynth/training/node';
import type * as tf from '@tensorflow/tfjs-core';
import { recipeHash } from '../recipes/canonical.js';
import type { Run } from './run.js';

export interface SavedTraining {
  /** The tensors are the caller's to free. */
  readonly state: { readonly manifest: unknown; readonly tensors: Readonly<Record<string, tf.Tensor>> };
  /** Seconds of training so far, all sessions together. */
  readonly seconds: number;
  /** Newer checkpoints that could not be used, and why. */
  readonly refused: readonly string[];
}

export interface TrainingStates {
  /** @returns the new checkpoint's folder */
  save(state: LiveTrainingState, done: number, seconds: number): Promise<string>;
  /** The newest whole one; undefined if the run has none yet. */
  latest(): Promise<SavedTraining | undefined>;
}

/** A run's checkpoints, counted in examples learnt from. Those of another recipe are refused. */
export async function trainingStates({ paths, recipe }: Run): Promise<TrainingStates> {
  const store = await openCheckpointStore(paths.checkpoints, { identity: recipeHash(recipe), keepLast: recipe.saving.keep });
  return {
    async save({ manifest, tensors }, done, seconds) {
      return (await store.save({ step: done, tensors, state: { manifest, seconds } })).path;
    },
    async latest() {
      const found = await store.load();
      if (found === null) return undefined;
      const seconds = Number(jsonField(found.state, 'seconds') ?? 0);
      const refused = found.refusals.map(({ path, reason }) => `${path}: ${reason}`);
      return { state: { manifest: jsonField(found.state, 'manifest'), tensors: found.tensors }, seconds, refused };
    },
  };
}
