import * as tf from '@tensorflow/tfjs-core';
import { freeTape } from './loss-and-gradients.js';

/**
 * A part of a network of which only the inputs are kept for its gradient, and which is then computed again: gradient checkpointing. tfjs holds every
 * intermediate gradient until the last one is there; those of this part are freed when its own are. The same bits as without. It can be differentiated
 * once.
 *
 * @param compute a function of its arguments alone: what else it uses counts as constant
 * @returns what `compute` returns
 * @see Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost"
 */
export function checkpointed<Inputs extends readonly tf.Tensor[], Output extends tf.Tensor>(
  compute: (...inputs: Inputs) => Output,
  inputs: Inputs,
): Output {
  const again = compute as unknown as (...inputs: tf.Tensor[]) => tf.Tensor;
  return tf.customGrad((...all: unknown[]) => {
    const values = all.slice(0, -1) as tf.Tensor[];
    const save = all.at(-1) as (tensors: tf.Tensor[]) => void;
    save(values);
    return {
      value: again(...values),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        // A gradient within that of the whole: its record must not end the other.
        const { state } = tf.engine();
        const { activeTape } = state;
        try {
          return tf.grads(again)(saved, dy);
        } catch (error) {
          freeTape();
          throw error;
        } finally {
          state.activeTape = activeTape;
        }
      },
    };
  })(...inputs) as Output;
}
