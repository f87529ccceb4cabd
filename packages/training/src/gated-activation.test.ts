import { describeOnBackends, directionalDerivatives, expectClose, expectNoLeak } from '@gansynth/test-kit';
import './wasm.js';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { gatedActivation } from './index.js';

function ofParts(x: tf.Tensor): tf.Tensor {
  const [gates, signals] = tf.split(x, 2, -1);
  return tf.mul(tf.sigmoid(gates!), tf.tanh(signals!));
}

describeOnBackends('gated activations', () => {
  it('are the sigmoid of a gate times the hyperbolic tangent of a signal', async () => {
    const gates = [-90, -3, -0.5, 0, 0.25, 2, 90];
    const signals = [1, -90, 0.001, 4, -0.7, 90, -2];
    await expectNoLeak(() => {
      const values = tf.tidy(() => gatedActivation(tf.tensor2d([...gates, ...signals], [1, 14])).dataSync());
      expectClose(
        values,
        gates.map((gate, at) => Math.tanh(signals[at]!) / (1 + Math.exp(-gate))),
        { relative: 1e-6, absolute: 1e-7 },
      );
    });
  });

  it('have the gradient that differences have', async () => {
    const weights = tf.tensor([0.5, -1, 2, 0.25, 1, -2], [2, 3]);
    const x = tf.tensor([-2, -0.3, 0.1, 0.7, 1.5, 0.2, 0.9, -1.1, 0.4, -0.6, 0.05, 1.3], [2, 6]);
    const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(gatedActivation(x), weights));
    for (const [numeric, analytic] of await directionalDerivatives(loss, x))
      expect(Math.abs(numeric - analytic)).toBeLessThan(2e-3 * Math.max(1, Math.abs(analytic)));
    tf.dispose([weights, x]);
  });

  it.each([1, 3, 4, 37])('of width %i are what their parts make, with their gradient', async (width) => {
    await expectNoLeak(() => {
      const [ours, parts] = [gatedActivation, ofParts].map((form) =>
        tf.tidy(() => {
          const [x, weights] = [
            tf.randomNormal([2, 3, 2 * width], 0, 4, 'float32', 1),
            tf.randomNormal([2, 3, width], 0, 1, 'float32', 2),
          ];
          const { value, grad } = { value: form(x), grad: tf.grad((x: tf.Tensor) => tf.sum(tf.mul(form(x), weights)))(x) };
          return [[...value.dataSync()], [...grad.dataSync()]];
        }),
      );
      for (const [index, values] of ours!.entries()) expectClose(values, parts![index]!, { relative: 2e-6, absolute: 2e-6 });
    });
  });

  it('treat infinity and what is not a number as their parts do', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([Infinity, -Infinity, Number.NaN, 0, 0, Infinity, 0, Number.NaN], [4, 2]);
      expect([...gatedActivation(x).dataSync()]).toEqual([...ofParts(x).dataSync()]);
    });
  });

  it('refuse channels that cannot be halved', () => {
    const x = tf.zeros([2, 3]);
    expect(() => gatedActivation(x)).toThrow(
      'gatedActivation: expected an even number of channels, gates and signals, found [2,3]',
    );
    x.dispose();
  });
});
