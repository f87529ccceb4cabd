import { describeOnBackends, expectNoLeak } from '@gansynth/test-kit';
import './wasm.js';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { checkpointed, lossAndGradients } from './index.js';

const layer = (x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D => {
  const sum = tf.add<tf.Tensor2D>(tf.matMul(x, weights), bias);
  return tf.add(tf.mul(tf.tanh(sum), tf.sigmoid(sum)), x);
};

type Form = (x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D) => tf.Tensor2D;
const again: Form = (...inputs) => checkpointed(layer, inputs);

const lossOf =
  (form: Form, told: (bytes: number) => void) =>
  (x: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor): tf.Scalar => {
    let y = x as tf.Tensor2D;
    for (let i = 0; i < 8; i++) y = tf.tidy(() => form(y, weights as tf.Tensor2D, bias as tf.Tensor1D));
    told(tf.memory().numBytes);
    return tf.sum(tf.square(y));
  };

/** Value and gradients of a loss of eight layers that share their weights, and the most bytes that there were. */
function differentiated(form: Form): { readonly values: number[][]; readonly most: number } {
  let most = 0;
  const values = tf.tidy(() => {
    const [x, weights, bias] = [
      tf.randomNormal([50, 20], 0, 1, 'float32', 1),
      tf.randomNormal([20, 20], 0, 0.3, 'float32', 2),
      tf.linspace(-1, 1, 20),
    ];
    const loss = lossOf(form, (bytes) => (most = bytes));
    const { value, grads } = tf.valueAndGrads(loss)([x, weights, bias]);
    return [value, ...grads].map((tensor) => [...tensor.dataSync()]);
  });
  return { values, most };
}

function broken(x: tf.Tensor): tf.Tensor {
  let calls = 0;
  return checkpointed(
    (x: tf.Tensor) => {
      const square = tf.square(x);
      if (calls++ > 0) throw new Error('the second time');
      return tf.mul(square, x);
    },
    [x],
  );
}

describeOnBackends('checkpointed', () => {
  it('gives the same bits, and holds less', async () => {
    await expectNoLeak(() => {
      const [plain, less] = [differentiated(layer), differentiated(again)];
      expect(less.values).toEqual(plain.values);
      expect(less.most).toBeLessThan(plain.most / 2);
    });
  });

  it('leaves nothing behind, and other gradients as they are, when its own throws', async () => {
    const x = tf.tensor1d([1, 2]);
    await expectNoLeak(() => {
      expect(() => lossAndGradients(() => tf.sum(tf.square(broken(x))), [x])).toThrow('the second time');
    });
    const gradient = tf.grad((x) => tf.sum(tf.square(x)))(x);
    expect([...gradient.dataSync()]).toEqual([2, 4]);
    tf.dispose([x, gradient]);
  });
});
