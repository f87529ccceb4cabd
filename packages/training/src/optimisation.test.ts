import * as tf from '@tensorflow/tfjs-core';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import {
  adam,
  ArgumentError,
  disposeAdamState,
  disposeEmaState,
  ema,
  rampedDecay,
  gradientAccumulator,
  lossAndGradients,
  type AdamOptions,
} from './index.js';

/** Adam written from the paper in double precision, for one number. */
function naiveAdam(
  weight: number,
  gradients: readonly number[],
  { learningRate, beta1 = 0, beta2 = 0.99, epsilon = 1e-8, epsilonPosition = 'tf1' }: AdamOptions,
): number {
  let m = 0;
  let v = 0;
  let value = weight;
  for (const [index, gradient] of gradients.entries()) {
    const t = index + 1;
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient * gradient;
    if (epsilonPosition === 'tf1') {
      value -= ((learningRate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t)) * (m / (Math.sqrt(v) + epsilon));
    } else {
      value -= (learningRate * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
    }
  }
  return value;
}

describeOnBackends('gradients that cannot be computed', () => {
  const gradientless = tf.customGrad<tf.Tensor>((x) => ({
    value: tf.square(x as tf.Tensor),
    gradFunc: () => {
      throw new Error('no gradient');
    },
  }));

  it.each<[when: string, of: (squares: tf.Tensor) => tf.Tensor]>([
    ['loss', () => expect.fail('no loss')],
    ['gradient', gradientless],
  ])('leave nothing behind where the %s throws', async (_, of) => {
    const weight = tf.variable(tf.tensor1d([1, 2]));
    // In second order too: the gradient of a gradient is computed with the outer one's operations recorded.
    const penalty = (x: tf.Tensor): tf.Scalar => tf.sum(tf.grad((y) => tf.sum(of(tf.mul(tf.square(y), weight))))(x));
    await expectNoLeak(() => {
      for (const loss of [() => tf.sum<tf.Scalar>(of(tf.square(weight))), () => tf.tidy(() => penalty(tf.ones([2])))])
        expect(() => lossAndGradients(loss, [weight])).toThrow(/no (loss|gradient)/);
    });
    const { loss, gradients } = lossAndGradients(() => tf.sum(tf.square(weight)), [weight]);
    expect([...gradients[0]!.dataSync()]).toEqual([2, 4]);
    tf.dispose([loss, gradients[0]!, weight]);
  });
});

describeOnBackends('adam', () => {
  const gradients = [0.5, -0.25, 1e-6, 3];

  it.each<AdamOptions>([
    { learningRate: 0.1 },
    { learningRate: 0.1, beta1: 0.9, beta2: 0.999 },
    { learningRate: 0.1, beta1: 0.5, epsilon: 1e-2 },
    { learningRate: 0.1, beta1: 0.5, epsilon: 1e-2, epsilonPosition: 'tfjs' },
  ])('follows the formula with %o', (options) => {
    const optimiser = adam(options);
    const weights = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.scalar(-1))];
    const state = optimiser.init(weights);
    for (const gradient of gradients) {
      optimiser.update(state, weights, [tf.tensor1d([gradient, 10 * gradient]), tf.scalar(-gradient)]);
    }
    const expected = [
      naiveAdam(1, gradients, options),
      naiveAdam(
        2,
        gradients.map((g) => 10 * g),
        options,
      ),
      naiveAdam(
        -1,
        gradients.map((g) => -g),
        options,
      ),
    ];
    expect(state.step).toBe(4);
    // Four updates in float32 of values of size 1 to 2.
    expectClose([...(weights[0] as tf.Tensor).dataSync(), ...(weights[1] as tf.Tensor).dataSync()], expected, { absolute: 2e-6 });
  });

  it('in the tfjs position equals the optimiser of TensorFlow.js', () => {
    const stock = tf.train.adam(0.05, 0.8, 0.95, 1e-3);
    const ours = adam({ learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, epsilonPosition: 'tfjs' });
    const a = tf.variable(tf.tensor1d([1, -2, 3]), true);
    const b = tf.variable(tf.tensor1d([1, -2, 3]), true);
    const state = ours.init([b]);
    for (let step = 0; step < 5; step++) {
      stock.minimize(() => tf.sum(tf.square(a)) as tf.Scalar, false, [a]);
      const { gradients } = lossAndGradients(() => tf.sum(tf.square(b)), [b]);
      ours.update(state, [b], gradients);
    }
    expectClose(b.dataSync(), a.dataSync(), { absolute: 2e-6 });
  });

  it('leaves a weight without gradient and its moments alone', () => {
    const optimiser = adam({ learningRate: 0.1 });
    const weights = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
    const state = optimiser.init(weights);
    optimiser.update(state, weights, [tf.scalar(1), null]);
    expect((weights[0] as tf.Tensor).dataSync()[0]).not.toBe(1);
    expect((weights[1] as tf.Tensor).dataSync()[0]).toBe(2);
    expect((state.secondMoments[1] as tf.Tensor).dataSync()[0]).toBe(0);
  });

  it('passes on a gradient that is not a number, for the caller to see', () => {
    const optimiser = adam({ learningRate: 0.1 });
    const weights = [tf.variable(tf.scalar(1))];
    optimiser.update(optimiser.init(weights), weights, [tf.scalar(Number.NaN)]);
    expect((weights[0] as tf.Tensor).dataSync()[0]).toBeNaN();
  });

  it('never changes a tensor that was copied from a weight or a moment', () => {
    const optimiser = adam({ learningRate: 0.1, beta1: 0.5 });
    const weights = [tf.variable(tf.scalar(1))];
    const state = optimiser.init(weights);
    const before = [tf.clone(weights[0] as tf.Tensor), tf.clone(state.firstMoments[0] as tf.Tensor)];
    optimiser.update(state, weights, [tf.scalar(1)]);
    expect(before.map((tensor) => tensor.dataSync()[0])).toEqual([1, 0]);
  });

  it('keeps as many tensors as it made in init, whatever the number of updates', async () => {
    await expectNoLeak(() => {
      const optimiser = adam({ learningRate: 0.1, beta1: 0.5 });
      const weight = tf.tidy(() => tf.variable(tf.ones([3])));
      const state = optimiser.init([weight]);
      for (let step = 0; step < 10; step++) tf.tidy(() => optimiser.update(state, [weight], [tf.ones([3])]));
      expect(Array.from(weight.dataSync()).every(Number.isFinite)).toBe(true);
      disposeAdamState(state);
      weight.dispose();
    });
  });

  it('refuses gradients that do not fit, and changes nothing', () => {
    const optimiser = adam({ learningRate: 0.1 });
    const weights = [tf.variable(tf.ones([3]))];
    const state = optimiser.init(weights);
    expect(() => optimiser.update(state, weights, [])).toThrow(ArgumentError);
    expect(() => optimiser.update(state, weights, [tf.ones([2])])).toThrow(/weight 0 of its shape \[3\], found \[2\]/);
    expect(state.step).toBe(0);
  });
});

describe('adam', () => {
  it.each([
    { learningRate: Number.NaN },
    { learningRate: 0.1, beta1: 1 },
    { learningRate: 0.1, beta2: -1 },
    { learningRate: 1, epsilon: -1 },
  ])('refuses %o', (options) => {
    expect(() => adam(options)).toThrow(ArgumentError);
  });
});

describeOnBackends('ema', () => {
  it('starts at the weights and follows them by 1 - decay', () => {
    const average = ema({ decay: 0.9 });
    const weight = tf.variable(tf.tensor1d([1, 2]));
    const state = average.init([weight]);
    weight.assign(tf.tensor1d([2, -3]));
    average.update(state, [weight]);
    expectClose((state.averages[0] as tf.Tensor).dataSync(), [1.1, 1.5], { absolute: 1e-6 });
    average.update(state, [weight]);
    expectClose((state.averages[0] as tf.Tensor).dataSync(), [1.19, 1.05], { absolute: 1e-6 });
  });

  it('rises to its decay where a ramp is wanted', () => {
    expect([1, 2, 90].map((updates) => rampedDecay(0.9, updates))).toEqual([2 / 11, 3 / 12, 0.9]);
    const average = ema({ decay: 0.9 });
    const weight = tf.variable(tf.tensor1d([0]));
    const state = average.init([weight]);
    weight.assign(tf.tensor1d([11]));
    average.update(state, [weight], rampedDecay(0.9, 1));
    expectClose((state.averages[0] as tf.Tensor).dataSync(), [9], { absolute: 1e-5 });
  });

  it('leaves nothing behind and refuses other shapes', async () => {
    await expectNoLeak(() => {
      const average = ema();
      const weight = tf.tidy(() => tf.variable(tf.ones([2])));
      const state = average.init([weight]);
      for (let step = 0; step < 5; step++) average.update(state, [weight]);
      expect(() => average.update(state, [])).toThrow(ArgumentError);
      disposeEmaState(state);
      weight.dispose();
    });
    expect(() => ema({ decay: 1.5 })).toThrow(ArgumentError);
  });
});

const loss = (weight: tf.Variable, batch: number[][]): tf.Scalar =>
  tf.mean(tf.square(tf.tanh(tf.matMul(tf.tensor2d(batch), weight as tf.Tensor as tf.Tensor2D))));

describeOnBackends('gradientAccumulator', () => {
  const examples = [
    [0.3, -1],
    [0.7, 2],
    [-0.2, 0.5],
    [1.1, -0.4],
    [0.9, 0.8],
    [-0.6, 0.1],
    [0.05, 1.5],
  ];

  it('makes of micro-batches of unequal size the gradient of the whole batch', () => {
    const weight = tf.variable(tf.tensor2d([0.4, -0.7], [2, 1]));
    const unused = tf.variable(tf.scalar(1));
    const whole = lossAndGradients(() => loss(weight, examples), [weight, unused]).gradients;
    const accumulator = gradientAccumulator();
    for (const part of [examples.slice(0, 3), examples.slice(3, 4), examples.slice(4)]) {
      accumulator.add(lossAndGradients(() => loss(weight, part), [weight, unused]).gradients, part.length);
    }
    expect(accumulator.examples).toBe(7);
    const [gradient, none] = accumulator.take();
    expectClose(gradient!.dataSync(), whole[0]!.dataSync(), { absolute: 1e-6 });
    expect(none).toBeNull();
    expect(accumulator.examples).toBe(0);
  });

  it('leaves nothing behind', async () => {
    await expectNoLeak(() => {
      const accumulator = gradientAccumulator();
      tf.tidy(() => {
        for (let round = 0; round < 3; round++) {
          accumulator.add([tf.ones([2]), null], 2);
          accumulator.add([tf.ones([2]), tf.ones([1])], 2);
          accumulator.take();
        }
        accumulator.add([tf.ones([2]), null], 2);
      });
      accumulator.dispose();
    });
  });

  it('refuses to give a mean of nothing, or a different number of gradients', () => {
    const accumulator = gradientAccumulator();
    expect(() => accumulator.take()).toThrow(/expected at least one micro-batch/);
    expect(() => accumulator.add([null], 0)).toThrow(ArgumentError);
    accumulator.add([null], 1);
    expect(() => accumulator.add([null, null], 1)).toThrow(/expected 1 gradients/);
  });
});
