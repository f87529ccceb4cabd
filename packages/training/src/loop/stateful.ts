import type * as tf from '@tensorflow/tfjs-core';
import type { Json } from '../json.js';

/** A float32 tensor at rest: what a file holds, before any backend sees it. Row-major. */
export interface TensorAtRest {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Values by name, on a backend or at rest. */
export type SavedTensors = Readonly<Record<string, TensorAtRest | tf.Tensor>>;

/** What a part was before a step, to be put back if the step fails. Exactly one of the two is called, once. */
export interface Held {
  restore(): void | Promise<void>;
  forget(): void;
}

/** A part of a training that is saved with it: weights and moments, an average, random streams, a cursor in the data. */
export interface Stateful {
  /** All of it but the tensors; null if there is no more. */
  json(): Json;
  /** Its tensors by names that no other part of the training uses. They stay the part's own, and change with the next step. */
  tensors(): Readonly<Record<string, tf.Tensor>>;
  /**
   * Takes over what `json` and `tensors` gave.
   *
   * @param tensors of all parts; not kept and not freed
   * @throws StateError if something is missing or does not fit
   */
  restore(json: unknown, tensors: SavedTensors): void | Promise<void>;
  /** Remembers what the next step may change. */
  hold(): Held;
}
