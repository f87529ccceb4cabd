import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import { gradientAccumulator } from '../gradient-accumulator.js';
import { lossAndGradients } from '../loss-and-gradients.js';
import type { StepContext } from '../loop/training-task.js';
import type { GradientSum } from './gradient-sum.js';
import { addLosses } from './add-in-pairs.js';
import { microBatches, type MicroBatch } from './micro-batches.js';
import { shareOfBatch } from './share-of-batch.js';

/** A loss with its parts, as scalars of the backend: `total` is differentiated, whatever else there is only reported. */
export interface LossTerms {
  readonly total: tf.Scalar;
}

/** The parts of a loss as numbers. */
export type Losses<Terms extends LossTerms> = { readonly [Name in keyof Terms]: number };

export interface BatchOptions {
  /** What is differentiated, for messages and reductions: `critic`. */
  readonly name: string;
  readonly batchSize: number;
  /** Examples computed at a time; null: all. */
  readonly microBatchSize: number | null;
}

/** With that of an update, which is made of a batch's gradients: its options may stand for theirs. */
const batchOptionNames: OptionNames<BatchOptions & { readonly learningRate?: number }> = {
  name: true,
  batchSize: true,
  microBatchSize: true,
  learningRate: true,
};

export interface BatchGradients<Terms extends LossTerms> {
  /** Means over the batch. */
  readonly losses: Losses<Terms>;
  /** Of the mean total, in the order of the variables; owned by the caller. null: the loss does not depend on the variable. */
  readonly gradients: readonly (tf.Tensor | null)[];
}

/**
 * Mean losses of a batch and their gradients: differentiated micro-batch by micro-batch and added up, over processes too where there are
 * several.
 *
 * @param terms builds the loss of one micro-batch, a mean over its examples
 * @throws the signal's reason when aborted
 */
export async function batchGradients<Terms extends LossTerms>(
  variables: readonly tf.Variable[],
  options: BatchOptions,
  terms: (part: MicroBatch) => Terms,
  { breathe, reduceGradients, signal }: Partial<StepContext> = {},
): Promise<BatchGradients<Terms>> {
  checkOptions<BatchOptions & { readonly learningRate?: number }>('batchGradients', options, batchOptionNames);
  const { name, batchSize, microBatchSize } = options;
  const whole = microBatches(batchSize, microBatchSize);
  const { rank = 0, ranks = 1 } = reduceGradients ?? {};
  const parts = shareOfBatch(whole, { rank, ranks }, name);
  const accumulator = gradientAccumulator();
  const losses: Record<string, number>[] = [];
  try {
    for (const part of parts) {
      await breathe?.();
      const mean = await differentiate(variables, () => terms(part));
      // A whole batch is its mean already.
      if (parts.length === 1 && !reduceGradients) return typed(mean);
      losses.push(Object.fromEntries(Object.entries(mean.losses).map(([term, value]) => [term, value * part.size])));
      accumulator.add(mean.gradients, part.size);
      dispose(mean.gradients);
    }
    let sum: GradientSum = { ...accumulator.takeSum(), losses: addLosses(losses) };
    if (reduceGradients) sum = await reduceGradients(sum, { name, ...(signal ? { signal } : {}) });
    return typed(meanOf(sum));
  } finally {
    accumulator.dispose();
  }
}

interface Untyped {
  readonly losses: Readonly<Record<string, number>>;
  readonly gradients: readonly (tf.Tensor | null)[];
}

/** The losses have the names of the terms: that is where they come from. */
const typed = <Terms extends LossTerms>({ losses, gradients }: Untyped): BatchGradients<Terms> => ({
  losses: losses as Losses<Terms>,
  gradients,
});

function meanOf({ gradients: sums, losses, examples }: GradientSum): Untyped {
  const gradients = sums.map((sum) => sum && tf.mul(sum, 1 / examples));
  dispose(sums);
  return { gradients, losses: Object.fromEntries(Object.entries(losses).map(([term, value]) => [term, value / examples])) };
}

async function differentiate(variables: readonly tf.Variable[], terms: () => LossTerms): Promise<Untyped> {
  let names: readonly string[] = [];
  let stacked: tf.Tensor | undefined;
  try {
    const { loss, gradients } = lossAndGradients(() => {
      const built = terms();
      names = Object.keys(built);
      stacked = tf.keep(tf.stack(Object.values<tf.Scalar>({ ...built })));
      return built.total;
    }, variables);
    loss.dispose();
    const values = (await stacked?.data()) ?? [];
    return { gradients, losses: Object.fromEntries(names.map((name, index) => [name, values[index] ?? Number.NaN])) };
  } finally {
    stacked?.dispose();
  }
}

function dispose(gradients: readonly (tf.Tensor | null)[]): void {
  for (const gradient of gradients) gradient?.dispose();
}
