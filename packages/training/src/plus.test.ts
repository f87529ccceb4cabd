import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import './wasm.js';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { plus } from './index.js';

/** Bytes that 20 sums hold for the gradient. */
const kept = (add: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): number => {
  let most = 0;
  tf.tidy(() => {
    const x = tf.ones([1000]);
    tf.grad((x: tf.Tensor) => {
      let sum = x;
      for (let i = 0; i < 20; i++) {
        const next = tf.tidy(() => add(sum, tf.ones([1000])));
        if (i > 0) sum.dispose();
        sum = next;
      }
      most = tf.memory().numBytes;
      return tf.sum(sum);
    })(x);
  });
  return most - tf.memory().numBytes;
};

describeOnBackends('plus', () => {
  it.each([[[2, 3, 4]], [[3, 4]], [[4]], [[2, 1, 4]], [[1, 1, 1]], [[]]])(
    'adds what is of shape %j, as tf.add does, with its gradients',
    async (shape) => {
      await expectNoLeak(() => {
        tf.tidy(() => {
          const [a, b, weights] = [tf.randomNormal([2, 3, 4]), tf.randomNormal(shape), tf.randomNormal([2, 3, 4])];
          const [ours, theirs] = [plus, tf.add].map((add) => [
            add(a, b),
            ...tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(weights, tf.square(add(a, b)))))([a, b]),
          ]);
          for (const [index, tensor] of ours!.entries()) {
            expect(tensor.shape).toEqual(theirs![index]!.shape);
            expectClose(tensor.dataSync(), theirs![index]!.dataSync(), { relative: 1e-6, absolute: 1e-6 });
          }
        });
      });
    },
  );

  it('has second derivatives', () => {
    tf.tidy(() => {
      const [a, b] = [tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor1d([0.5, -1])];
      const first = (b: tf.Tensor): tf.Tensor => tf.grad((b: tf.Tensor) => tf.sum(tf.pow(plus(a, b), 3)))(b);
      // Of the sum of (a + b)^3 over two rows: 6 (a + b), added up.
      expectClose(
        tf
          .grad((b: tf.Tensor) => tf.sum(first(b)))(b)
          .dataSync(),
        [30, 24],
        { relative: 1e-5 },
      );
    });
  });

  it.each([[[3]], [[2, 2, 2]], [[1, 2, 2]]])('refuses what is not broadcast to the first: %j', (shape) => {
    const [a, b] = [tf.ones([2, 2]), tf.ones(shape)];
    expect(() => plus(a, b)).toThrow('plus: expected a second summand that is broadcast to [2,2]');
    tf.dispose([a, b]);
  });

  it('keeps nothing for its gradient', () => {
    expect(kept(plus)).toBeLessThan(5 * 4000);
    expect(kept(tf.add)).toBeGreaterThan(20 * 4000);
  });
});
