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
  /**
   * The sum over all examples added of their losses' gradients, and a fresh start: sums of several processes can be added up.
   *
   * @returns new tensors, owned by the caller
   */
  takeSum(): { readonly gradients: readonly (tf.Tensor | null)[]; readonly examples: number };
  dispose(): void;
}

/**
 * Adds up the gradients of micro-batches into that of one batch, for batches larger than memory.
 *
 * Micro-batches are added up in pairs, ((1 + 2) + (3 + 4)) + ...: rounding grows with the logarithm of their number, and the same sum comes
 * out, bit for bit, where equal shares of them are added up in several places first.
 *
 * Exact for losses that are means over examples. A critic's minibatch standard deviation looks at the batch as a whole: it sees the
 * micro-batch, as it would on one of many devices.
 */
export function gradientAccumulator(): GradientAccumulator {
  // Sums of 2^level micro-batches, levels descending: a binary counter.
  const sums: Sum[] = [];
  let total = 0;
  const clear = (): void => {
    for (const { gradients } of sums.splice(0)) dispose(gradients);
    total = 0;
  };
  const takeSum = (): { gradients: Gradients; examples: number } => {
    if (sums.length === 0) {
      throw new ArgumentError('gradientAccumulator: take', 'expected at least one micro-batch, found none. Call add first.', 0);
    }
    const examples = total;
    const gradients = sums.splice(0).reduceRight((last, sum) => added(sum, last)).gradients;
    total = 0;
    return { gradients, examples };
  };
  return {
    get examples(): number {
      return total;
    },
    add: (gradients, examples) => {
      checkAdded(gradients, examples, sums[0]);
      let sum: Sum = { level: 0, gradients: gradients.map((gradient) => gradient && tf.mul(gradient, examples)) };
      for (let last = sums.at(-1); last?.level === sum.level; last = sums.at(-1)) {
        sums.pop();
        sum = added(last, sum);
      }
      sums.push(sum);
      // Sums outlive whatever tidy they are made in.
      for (const gradient of sum.gradients) if (gradient) tf.keep(gradient);
      total += examples;
    },
    takeSum,
    take: () => {
      const { gradients, examples } = takeSum();
      const mean = gradients.map((sum) => sum && tf.mul(sum, 1 / examples));
      dispose(gradients);
      return mean;
    },
    dispose: clear,
  };
}

type Gradients = readonly (tf.Tensor | null)[];

interface Sum {
  readonly level: number;
  readonly gradients: Gradients;
}

/** Frees what it adds. */
function added(one: Sum, other: Sum): Sum {
  const gradients = one.gradients.map((gradient, index) => {
    const second = other.gradients[index] ?? null;
    if (gradient === null || second === null) return gradient ?? second;
    const sum = tf.add(gradient, second);
    tf.dispose([gradient, second]);
    return sum;
  });
  return { level: one.level + 1, gradients };
}

const dispose = (gradients: Gradients): void => tf.dispose(gradients.filter((gradient) => gradient !== null));

function checkAdded(gradients: Gradients, examples: number, before: Sum | undefined): void {
  if (!(Number.isFinite(examples) && examples > 0)) {
    throw new ArgumentError('gradientAccumulator: add', `expected a positive number of examples, found ${examples}.`, examples);
  }
  if (before !== undefined && before.gradients.length !== gradients.length) {
    throw new ArgumentError(
      'gradientAccumulator: add',
      `expected ${before.gradients.length} gradients as before, found ${gradients.length}. Give null for a weight without gradient.`,
      gradients.length,
    );
  }
}
