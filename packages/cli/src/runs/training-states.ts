import { openCheckpointStore, type Json } from '@gansynth/training/node';
import type * as tf from '@tensorflow/tfjs-core';
import { recipeHash } from '../recipes/canonical.js';
import type { Run } from './run.js';

/** A training as its trainer hands it out: plain JSON, and tensors that live on the backend. */
export interface LiveState {
  readonly manifest: unknown;
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
}

export interface SavedTraining {
  /** The tensors are the caller's to free. */
  readonly state: LiveState;
  /** Seconds of training so far, all sessions together. */
  readonly seconds: number;
  /** Newer checkpoints that could not be used, and why. */
  readonly refused: readonly string[];
}

export interface TrainingStates {
  /** @returns the new checkpoint's folder */
  save(state: LiveState, images: number, seconds: number): Promise<string>;
  /** The newest whole one; undefined if the run has none yet. */
  latest(): Promise<SavedTraining | undefined>;
}

/** A run's checkpoints, counted in images seen. Those of another recipe are refused. */
export async function trainingStates({ paths, recipe }: Run): Promise<TrainingStates> {
  const store = await openCheckpointStore(paths.checkpoints, { identity: recipeHash(recipe), keepLast: recipe.saving.keep });
  return {
    async save({ manifest, tensors }, images, seconds) {
      return (await store.save({ step: images, tensors, state: { manifest, seconds } as unknown as Json })).path;
    },
    async latest() {
      const found = await store.load();
      if (found === null) return undefined;
      const { manifest, seconds } = found.state as unknown as { manifest: unknown; seconds: number };
      const refused = found.refusals.map(({ path, reason }) => `${path}: ${reason}`);
      return { state: { manifest, tensors: found.tensors }, seconds, refused };
    },
  };
}
