import type * as tf from '@tensorflow/tfjs-core';

/** Gradients and losses summed over examples. Sums of parts add up to the sum of the whole; its mean is the sum over `examples`. */
export interface GradientSum {
  /** In the order of the variables; null: no example's loss depends on the variable. */
  readonly gradients: readonly (tf.Tensor | null)[];
  /** Loss terms by name. */
  readonly losses: Readonly<Record<string, number>>;
  readonly examples: number;
}

/**
 * Turns the sum over this process's share of a batch into that over the whole batch. With `rank` and `ranks` the share is that process's of the
 * micro-batches; without, all of the batch: processes then have batches of their own. All processes call it for the same updates in the
 * same order, and must get the same sum bit for bit: then they check and apply the same step.
 *
 * Micro-batches are added up in pairs, ((1 + 2) + (3 + 4)) + ...; a reduction that adds up its processes in pairs too gives, for powers of two,
 * the bits of one process with all the micro-batches.
 *
 * @param sum owned by the callee: it frees what it does not return
 * @param of what is updated, e.g. `critic`
 * @returns new tensors, owned by the caller
 */
export interface ReduceGradients extends Partial<ProcessShare> {
  (sum: GradientSum, of: { readonly name: string; readonly signal?: AbortSignal }): Promise<GradientSum>;
}

/**
 * Which of several processes this one is. All draw the same batches and the same random numbers, of which each computes its share of the
 * micro-batches: a training is then the same bit for bit however many processes there are.
 */
export interface ProcessShare {
  /** 0 the first. */
  readonly rank: number;
  readonly ranks: number;
}
