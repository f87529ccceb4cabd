import { describeOnBackends, expectNoLeak } from '@gansynth/test-kit';
import '@gansynth/training/wasm';
import type { StepContext } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { runningStatistics } from './running-statistics.js';

/** The nearest number of 11 significant bits, as a 16-bit float has them. */
function rounded(value: number): number {
  const high = value * (2 ** 42 + 1);
  return high - (high - value);
}

/** Processes that tell each other 16 bits, as far as one of them sees it. */
const context: StepContext = {
  breathe: async () => undefined,
  check: () => undefined,
  reduceGradients: async ({ gradients, ...sum }) => {
    const told = await Promise.all(
      gradients.map(async (gradient) => gradient && tf.tensor(Array.from(await gradient.data(), rounded), gradient.shape)),
    );
    tf.dispose(gradients.filter((gradient) => gradient !== null));
    return { ...sum, gradients: told };
  },
};

describeOnBackends('running statistics', () => {
  it('come to where the batches are, also where processes tell each other 16 bits', async () => {
    const mean = tf.variable(tf.tensor1d([100, -3]));
    const running = runningStatistics([mean]);
    await expectNoLeak(async () => {
      for (let step = 0; step < 600; step++) {
        // A hundredth of the way, in two parts that see batches one below and one above it.
        for (const [examples, seen] of [
          [2, [100, -2]],
          [6, [102, -1]],
        ] as const) {
          running.during(examples, () =>
            tf.tidy(() => mean.assign(tf.add(tf.mul(mean, 0.99), tf.mul(tf.tensor1d([...seen]), 0.01)))),
          );
        }
        await running.learn(context);
      }
    });
    const [first, second] = await mean.data();
    // 0.99^600 = 0.0024 of the way is left.
    expect(first).toBeCloseTo(101.5, 2);
    expect(second).toBeCloseTo(-1.25, 2);
    mean.dispose();
  });
});
