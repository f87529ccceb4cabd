import type { RandomStreamState } from '@gansynth/training';
import type * as tf from '@tensorflow/tfjs-core';
import type { NetworkConfig } from '../config.js';
import { StateError } from '../errors.js';
import type { PlainWeights } from '../import/plain-tensor.js';
import type { TrainingConfig } from './training-config.js';

/** The random streams of a training. */
export const streamNames = ['generator/latent', 'generator/label', 'critic/latent', 'critic/label', 'critic/mixing'] as const;
export type StreamName = (typeof streamNames)[number];

/** Everything of a training state but the tensors: plain JSON. */
export interface TrainingManifest {
  readonly format: 'gansynth-gan-training';
  readonly version: 1;
  readonly network: NetworkConfig;
  readonly training: TrainingConfig;
  readonly seed: number;
  readonly images: number;
  readonly steps: number;
  /** Index of the stage whose variables and optimisers the tensors are. */
  readonly stage: number;
  readonly blocks: number;
  /** Updates since each optimiser was last reset. */
  readonly optimiserSteps: { readonly generator: number; readonly critic: number };
  readonly streams: Readonly<Record<StreamName, RandomStreamState>>;
  /** What the image source said of itself. */
  readonly data: unknown;
}

/**
 * A training at rest: going on from it gives the same weights, bit for bit, as never having stopped (on cpu and wasm).
 *
 * Tensors carry the names of the original's checkpoints: variables, `<variable>/ExponentialMovingAverage` of the generator, and
 * `progressive_gan_train_ops/<variable>/Adam` and `/Adam_1`.
 */
export interface TrainingState {
  readonly manifest: TrainingManifest;
  readonly tensors: PlainWeights;
}

/** A training state whose tensors live on a backend, as the checkpoint store of `@gansynth/training/node` takes and gives it. */
export interface LiveTrainingState {
  readonly manifest: TrainingManifest;
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
}

/** @throws StateError if this is no training state, or one that this version cannot read */
export function checkState(state: TrainingState | LiveTrainingState): void {
  const { manifest } = state;
  if (manifest?.format !== 'gansynth-gan-training') {
    throw new StateError(
      `expected a manifest of format gansynth-gan-training, found ${JSON.stringify(manifest?.format)}.`,
      manifest,
    );
  }
  if (manifest.version !== 1) {
    throw new StateError(
      `expected version 1, found ${manifest.version}. Update @gansynth/models-gan to read it.`,
      manifest.version,
    );
  }
}
