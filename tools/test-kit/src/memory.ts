import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Fails if `body` leaves tensors behind (or frees foreign ones), beyond the `kept` it is meant to return. */
export async function expectNoLeak(body: () => unknown, kept = 0): Promise<void> {
  const before = tf.memory().numTensors;
  await body();
  expect(tf.memory().numTensors - before, 'tensors left behind').toBe(kept);
}
