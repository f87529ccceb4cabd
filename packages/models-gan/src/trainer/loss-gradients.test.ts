import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { chunks, lossGradients, type Chunk } from './loss-gradients.js';

test('a batch is cut into micro-batches of nearly equal size', () => {
  expect(chunks(8, null)).toEqual([{ start: 0, size: 8 }]);
  expect(chunks(8, 8)).toEqual([{ start: 0, size: 8 }]);
  expect(chunks(8, 3).map(({ size }) => size)).toEqual([2, 3, 3]);
  expect(chunks(7, 2).reduce((at, { start, size }) => (expect(start).toBe(at), at + size), 0)).toBe(7);
});

describeOnBackends('loss and gradients of a batch', () => {
  test('are the same whether it is computed at once or in unequal micro-batches', async () => {
    await expectNoLeak(async () => {
      const variables = [[0.5, -1.5], 2, 3].map((start) => tf.tidy(() => tf.variable(tf.tensor(start))));
      const x = tf.randomNormal<tf.Rank.R2>([7, 2], 0, 1, 'float32', 3);
      const loss = ({ start, size }: Chunk) => {
        const rows = tf.slice(x, [start, 0], [size, 2]);
        const part = tf.mean(
          tf.square(tf.sub(tf.sum(tf.mul(rows, variables[0] as tf.Tensor), 1), variables[1] as tf.Tensor)),
        ) as tf.Scalar;
        return { total: tf.mul(part, 3) as tf.Scalar, part };
      };
      const whole = await lossGradients<'part'>(variables, chunks(7, null), loss);
      const split = await lossGradients<'part'>(variables, chunks(7, 3), loss);
      expectClose([split.terms.total, split.terms.part], [whole.terms.total, whole.terms.part], { relative: 1e-6 });
      expectClose([split.gradientNorm], [whole.gradientNorm], { relative: 1e-6 });
      for (const index of [0, 1]) {
        expectClose(split.gradients[index]?.dataSync() ?? [], whole.gradients[index]?.dataSync() ?? [Number.NaN], {
          relative: 1e-6,
        });
      }
      expect([whole.gradients[2], split.gradients[2]], 'a variable the loss does not reach').toEqual([null, null]);
      tf.dispose([x, ...variables, whole.gradients.filter((g) => g !== null), split.gradients.filter((g) => g !== null)]);
    });
  });
});
