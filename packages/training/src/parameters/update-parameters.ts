import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import type { StepContext } from '../loop/training-task.js';
import { batchGradients, type BatchOptions, type Losses, type LossTerms } from './batch-gradients.js';
import type { MicroBatch } from './micro-batches.js';
import type { TrainableParameters } from './trainable-parameters.js';

export interface UpdateOptions extends BatchOptions {
  /** Instead of the optimiser's own, for schedules. */
  readonly learningRate?: number;
}

/** Their names, each once. */
export const updateOptionNames: OptionNames<UpdateOptions> = {
  learningRate: true,
  name: true,
  batchSize: true,
  microBatchSize: true,
};

export interface Update<Terms extends LossTerms> {
  /** Means over the batch. */
  readonly losses: Losses<Terms>;
  /** Euclidean norm of all gradients together. */
  readonly gradientNorm: number;
}

/**
 * One update of a network: gradients of a batch (see {@link batchGradients}), had checked, and a step of the optimiser.
 *
 * @param terms builds the loss of one micro-batch, a mean over its examples
 * @throws DivergenceError if a loss or the gradient is out of bounds: then nothing was applied; the signal's reason when aborted
 */
export async function updateParameters<Terms extends LossTerms>(
  parameters: TrainableParameters,
  options: UpdateOptions,
  context: StepContext,
  terms: (part: MicroBatch) => Terms,
): Promise<Update<Terms>> {
  checkOptions('updateParameters', options, updateOptionNames);

  const { learningRate, ...batches } = options;
  const { name } = batches;
  const { gradients, losses } = await batchGradients(parameters.variables, batches, terms, context);
  try {
    const gradientNorm = await norm(gradients);
    const named = Object.entries<number>({ ...losses }).map(([term, value]) => [`${name} ${term}`, value]);
    context.check(Object.fromEntries(named), { [name]: gradientNorm });
    parameters.update(gradients, learningRate);
    return { losses, gradientNorm };
  } finally {
    for (const gradient of gradients) gradient?.dispose();
  }
}

async function norm(gradients: readonly (tf.Tensor | null)[]): Promise<number> {
  const squares = tf.tidy(() =>
    tf.stack(gradients.filter((gradient) => gradient !== null).map((gradient) => tf.sum(tf.square(gradient)))),
  );
  const values = await squares.data();
  squares.dispose();
  let sum = 0;
  for (const value of values) sum += value;
  return Math.sqrt(sum);
}
