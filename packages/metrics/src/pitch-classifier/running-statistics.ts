import { gradientAccumulator, type StepContext } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Batch norm's running means and variances over a batch that is computed in parts: each part starts from those before the batch, and what they learn is
 * the mean over the parts, each as heavy as it has examples. So the parts may be computed in any place. What is added up is how far they move, not
 * where they are: processes that tell each other 16 bits round a small step, and not the value it would then be lost in.
 */
export interface RunningStatistics {
  /** Calls what updates them in place, for a part of so many examples; they are afterwards as before. */
  during<Result>(examples: number, update: () => Result): Result;
  /** Takes over what the parts have learnt since the last time, those of other processes too. */
  learn(context: StepContext): Promise<void>;
  /** Drops what was not taken over. */
  forget(): void;
}

export function runningStatistics(variables: readonly tf.Variable[]): RunningStatistics {
  const learnt = gradientAccumulator();
  return {
    during(examples, update) {
      const before = variables.map((variable) => variable.clone());
      const result = update();
      const moved = variables.map((variable, index) => tf.sub(variable, before[index]!));
      learnt.add(moved, examples);
      for (const [index, variable] of variables.entries()) variable.assign(before[index]!);
      tf.dispose([before, moved]);
      return result;
    },
    async learn({ reduceGradients, signal }) {
      const here = { ...learnt.takeSum(), losses: {} };
      const { gradients: sums, examples } = reduceGradients
        ? await reduceGradients(here, { name: 'running statistics', ...(signal ? { signal } : {}) })
        : here;
      tf.tidy(() => {
        for (const [index, variable] of variables.entries())
          variable.assign(tf.add(variable, tf.mul(sums[index]!, 1 / examples)));
      });
      tf.dispose(sums.filter((sum) => sum !== null));
    },
    forget: () => learnt.dispose(),
  };
}
