import type * as tf from '@tensorflow/tfjs-core';
import { toJson, type Json } from '../json.js';
import { StateError } from './errors.js';
import type { Held, Stateful } from './stateful.js';

/** What a source of data must offer to be part of a training that can be resumed. */
export interface ResumableSource {
  /** Where the source stands, as JSON: going on from there gives the same data. */
  state?(): unknown;
  /** Puts the source where `state` says. Without it a training can neither be resumed nor give back the data of a failed step. */
  restore?(state: unknown): void | Promise<void>;
}

/** Where a training's data stand, as a part of it: after the last whole step, whatever has been read since. */
export function dataCursor(source: ResumableSource): Stateful {
  const read = (): unknown => source.state?.() ?? null;
  let whole = read();
  return {
    json: (): Json => toJson('data source: state', whole),
    tensors: (): Record<string, tf.Tensor> => ({}),
    restore: async (json: unknown): Promise<void> => {
      if (!source.restore)
        throw new StateError('expected a data source that can go on where it was (restore), found none.', source);
      await source.restore(json);
      whole = json;
    },
    hold: (): Held => ({
      restore: async () => {
        await source.restore?.(whole);
      },
      forget: () => {
        whole = read();
      },
    }),
  };
}
