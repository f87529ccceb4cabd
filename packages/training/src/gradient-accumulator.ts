import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from './errors.js';

export interface GradientAccumulator {
  /** Examples added since the last `take`. */
  readonly examples: number;
  /**
   * Adds the gradient of a micro-batch's mean loss. The gradients are not freed. `null` is a gradient of zero.
   *
   * @param examples how many examples that mean was over
   */
  add(gradients: readonly (tf.Tensor | null)[], examples: number): void;
  /**
   * The gradient of the mean loss over all examples added, and a fresh start. `null` where every micro-batch had `null`.
   *
   * @returns new tensors, owned by the caller
   */
  take(): (tf.Tensor | null)[];
  dispose(): void;
}

/**
 * Adds up the gradients of micro-batches into that of one batch, for batches larger than memory.
 *
 * Exact for losses that are means over examples. A critic's minibatch standard deviation looks at the batch as a whole: it sees the
 * micro-batch, as it would on one of many devices.
 */
export function gradientAccumulator(): GradientAccumulator {
  let sums: (tf.Variable | null)[] | undefined;
  let total = 0;
  return {
    get examples(): number {
      return total;
    },
    add: (gradients, examples) => {
      if (!(Number.isFinite(examples) && examples > 0)) {
        throw new ArgumentError(
          'gradientAccumulator: add',
          `expected a positive number of examples, found ${examples}.`,
          examples,
        );
      }
      if (sums !== undefined && sums.length !== gradients.length) {
        throw new ArgumentError(
          'gradientAccumulator: add',
          `expected ${sums.length} gradients as before, found ${gradients.length}. Give null for a weight without gradient.`,
          gradients.length,
        );
      }
      sums ??= gradients.map(() => null);
      for (const [index, gradient] of gradients.entries()) {
        if (gradient === null) continue;
        const sum = sums[index];
        tf.tidy(() => {
          const weighted = tf.mul(gradient, examples);
          if (sum) sum.assign(tf.add(sum, weighted));
          else (sums as (tf.Variable | null)[])[index] = tf.variable(weighted, false);
        });
      }
      total += examples;
    },
    take: () => {
      if (sums === undefined) {
        throw new ArgumentError('gradientAccumulator: take', 'expected at least one micro-batch, found none. Call add first.', 0);
      }
      const mean = sums.map((sum) => sum && tf.mul(sum, 1 / total));
      tf.dispose(sums.filter((sum) => sum !== null));
      sums = undefined;
      total = 0;
      return mean;
    },
    dispose: () => {
      tf.dispose((sums ?? []).filter((sum) => sum !== null));
      sums = undefined;
      total = 0;
    },
  };
}
