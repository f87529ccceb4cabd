import type * as tf from '@tensorflow/tfjs-core';
import { jsonField, toJson, type Json } from '../json.js';
import { StateError } from './errors.js';
import type { SavedTensors, TensorAtRest } from './stateful.js';
import type { TrainingTask } from './training-task.js';

const format = 'gansynth-training';

/** Everything of a training state but the tensors: plain JSON. */
export type TrainingManifest = {
  readonly format: typeof format;
  /** What is trained, and the version of its parts' layout. */
  readonly kind: string;
  readonly version: number;
  /** Everything that defines the task besides its data. */
  readonly config: Json;
  readonly steps: number;
  readonly done: number;
  readonly parts: { readonly [name: string]: Json };
};

/** A training whose tensors live on a backend, as the checkpoint store of `@gansynth/training/node` takes it. */
export interface LiveTrainingState {
  readonly manifest: TrainingManifest;
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
}

/** A training at rest: going on from it gives the same weights, bit for bit, as never having stopped (on cpu and wasm). */
export interface TrainingState {
  readonly manifest: TrainingManifest;
  readonly tensors: Readonly<Record<string, TensorAtRest>>;
}

/** A state as it comes from a file: nothing about it is known yet. */
export interface SavedTrainingState {
  readonly manifest: unknown;
  readonly tensors: SavedTensors;
}

/**
 * A training as it is now, to be handed to a checkpoint store. The tensors belong to the task and change with the next step; see
 * {@link snapshotOf} for copies.
 *
 * @throws ArgumentError during a step
 */
export function stateOf(task: TrainingTask): LiveTrainingState {
  task.progress.checkIdle('stateOf');
  return liveState(task);
}

/**
 * A training as it is now, copied from the backend.
 *
 * @throws ArgumentError during a step
 */
export function snapshotOf(task: TrainingTask): Promise<TrainingState> {
  return task.progress.exclusively('snapshotOf', async () => {
    const { manifest, tensors: live } = liveState(task);
    const tensors: Record<string, TensorAtRest> = {};
    for (const [name, tensor] of Object.entries(live)) {
      tensors[name] = { shape: tensor.shape, data: Float32Array.from(await tensor.data<'float32'>()) };
    }
    return { manifest, tensors };
  });
}

function liveState(task: TrainingTask): LiveTrainingState {
  task.prepare?.();
  const { kind, version, config, progress } = task;
  const parts: Record<string, Json> = {};
  const tensors: Record<string, tf.Tensor> = {};
  for (const [name, part] of Object.entries(task.parts)) {
    parts[name] = toJson(`${kind}: ${name}`, part.json());
    Object.assign(tensors, part.tensors());
  }
  return { manifest: { format, kind, version, config, steps: progress.steps, done: progress.done, parts }, tensors };
}

/**
 * Puts a task where a state says: task and data must be those of the state, settings may differ.
 *
 * @throws StateError if the state is none, of another kind or a newer version, or lacks something; the task is then of no use any more
 */
export async function restoreTask(task: TrainingTask, { manifest, tensors }: SavedTrainingState): Promise<void> {
  await task.progress.exclusively('restoreTask', async () => {
    checkManifest(manifest, task);
    task.progress.restore(manifest);
    const saved = jsonField(manifest, 'parts');
    for (const [name, part] of Object.entries(task.parts)) {
      const json = jsonField(saved, name);
      if (json === undefined) throw new StateError(`expected the part ${name} in a ${task.kind}, found none.`, saved);
      await part.restore(json, tensors);
    }
  });
}

/** @throws StateError if this is no manifest of a training of this kind that this version can read */
export function checkManifest(manifest: unknown, { kind, version }: Pick<TrainingTask, 'kind' | 'version'>): void {
  const found = jsonField(manifest, 'format');
  if (found !== format)
    throw new StateError(`expected a manifest of format ${format}, found ${JSON.stringify(found)}.`, manifest);
  const its = { kind: jsonField(manifest, 'kind'), version: jsonField(manifest, 'version') };
  if (its.kind !== kind) {
    throw new StateError(`expected a training of kind ${kind}, found ${JSON.stringify(its.kind)}.`, its.kind);
  }
  if (its.version !== version) {
    throw new StateError(
      `expected version ${version} of ${kind}, found ${JSON.stringify(its.version)}. Update to read it.`,
      its.version,
    );
  }
  const config = jsonField(manifest, 'config');
  if (typeof config === 'object' && config !== null) return;
  throw new StateError(`expected the config of a ${kind}, found ${JSON.stringify(config)}.`, config);
}
