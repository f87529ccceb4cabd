import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from './check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from './errors.js';
import { adamKernel } from './kernel-names.js';
import { runOptionalKernel } from './optional-kernel.js';

export interface AdamOptions {
  /** Step size. The paper trains with 8e-4. */
  readonly learningRate: number;
  /** Decay of the first moment, in [0, 1). Default 0, as GANSynth trains (so the first moment is the gradient itself). */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.99, as GANSynth trains. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /**
   * Where epsilon is added. With a1 = 1 - beta1^t and a2 = 1 - beta2^t:
   *
   * - `tf1` (default, the original): w -= rate * sqrt(a2) / a1 * m / (sqrt(v) + epsilon), "epsilon hat" in Kingma and Ba 2015, section 2
   * - `tfjs` (also Keras 2 and PyTorch): w -= rate * (m / a1) / (sqrt(v / a2) + epsilon)
   */
  readonly epsilonPosition?: 'tf1' | 'tfjs';
}

/** Their names, each once. */
export const adamOptionNames: OptionNames<AdamOptions> = {
  learningRate: true,
  beta1: true,
  beta2: true,
  epsilon: true,
  epsilonPosition: true,
};

/** Everything Adam remembers. Moments are in the order of the weights. */
export interface AdamState {
  /** Updates made so far. */
  step: number;
  readonly firstMoments: readonly tf.Variable[];
  readonly secondMoments: readonly tf.Variable[];
}

export interface Adam {
  readonly options: Required<AdamOptions>;
  /** Zero moments for these weights. The caller frees them with {@link disposeAdamState}. */
  init(weights: readonly tf.Tensor[]): AdamState;
  /**
   * One update, in place: assigns new values to `weights` and to the moments. Gradients are not freed. A weight whose gradient is
   * `null` stays as it is, and so do its moments.
   *
   * @param learningRate instead of the option, for schedules
   * @throws ArgumentError if lengths or shapes do not match; then nothing has changed
   */
  update(
    state: AdamState,
    weights: readonly tf.Variable[],
    gradients: readonly (tf.Tensor | null)[],
    learningRate?: number,
  ): void;
}

/**
 * Adam as pure options and visible state: the moments can be saved, shown and replaced.
 *
 * @see Kingma and Ba 2015; for the original's form, TensorFlow 1's `AdamOptimizer`
 */
export function adam(given: AdamOptions): Adam {
  checkOptions('adam', given, adamOptionNames);
  const { learningRate, beta1 = 0, beta2 = 0.99, epsilon = 1e-8, epsilonPosition = 'tf1' } = given;
  const options = { learningRate, beta1, beta2, epsilon, epsilonPosition };
  checkRanges(options);
  return {
    options,
    init: (weights) => {
      const zeros = (): tf.Variable[] => weights.map((weight) => tf.tidy(() => tf.variable(tf.zeros(weight.shape), false)));
      return { step: 0, firstMoments: zeros(), secondMoments: zeros() };
    },
    update: (state, weights, gradients, rate = learningRate) => {
      checkUpdate(state, weights, gradients);
      state.step++;
      const correction1 = 1 - beta1 ** state.step;
      const correction2 = 1 - beta2 ** state.step;
      // Both forms as w -= stepSize * m / (sqrt(v) * scale + epsilon).
      const stepSize = epsilonPosition === 'tf1' ? (rate * Math.sqrt(correction2)) / correction1 : rate / correction1;
      const scale = epsilonPosition === 'tf1' ? 1 : 1 / Math.sqrt(correction2);
      for (const [index, weight] of weights.entries()) {
        const gradient = gradients[index];
        if (gradient === null || gradient === undefined) continue;
        const first = state.firstMoments[index]!;
        const second = state.secondMoments[index]!;
        tf.tidy(() => {
          const [newWeight, m, v] = updateOne(weight, gradient, first, second, { beta1, beta2, epsilon, stepSize, scale });
          weight.assign(newWeight!);
          first.assign(m!);
          second.assign(v!);
        });
      }
    },
  };
}

/** Frees the moments. */
export function disposeAdamState(state: AdamState): void {
  tf.dispose([...state.firstMoments, ...state.secondMoments]);
}

interface Coefficients {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly stepSize: number;
  readonly scale: number;
}

function updateOne(
  weight: tf.Tensor,
  gradient: tf.Tensor,
  first: tf.Tensor,
  second: tf.Tensor,
  coefficients: Coefficients,
): tf.Tensor[] {
  const { beta1, beta2, epsilon, stepSize, scale } = coefficients;
  return runOptionalKernel(adamKernel, { weight, gradient, first, second }, { ...coefficients }, () => {
    const m = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const root = tf.sqrt(v);
    const denominator = tf.add(scale === 1 ? root : tf.mul(root, scale), epsilon);
    return [tf.sub(weight, tf.div(tf.mul(m, stepSize), denominator)), m, v];
  });
}

function fail(name: string, expected: string, value: unknown): never {
  throw new ArgumentError('adam', `expected ${name} ${expected}, found ${String(value)}.`, value);
}

function checkRanges({ learningRate, beta1, beta2, epsilon, epsilonPosition }: Required<AdamOptions>): void {
  if (!(Number.isFinite(learningRate) && learningRate >= 0)) fail('learningRate', 'to be finite and not negative', learningRate);
  if (!(beta1 >= 0 && beta1 < 1)) fail('beta1', 'in [0, 1)', beta1);
  if (!(beta2 >= 0 && beta2 < 1)) fail('beta2', 'in [0, 1)', beta2);
  if (!(Number.isFinite(epsilon) && epsilon >= 0)) fail('epsilon', 'to be finite and not negative', epsilon);
  if (epsilonPosition !== 'tf1' && epsilonPosition !== 'tfjs') fail('epsilonPosition', "'tf1' or 'tfjs'", epsilonPosition);
}

function checkUpdate(state: AdamState, weights: readonly tf.Tensor[], gradients: readonly (tf.Tensor | null)[]): void {
  if (weights.length !== gradients.length || weights.length !== state.secondMoments.length) {
    throw new ArgumentError(
      'adam: update',
      `expected as many gradients and moments as weights (${weights.length}), found ${gradients.length} and ${state.secondMoments.length}. ` +
        'Give null for a weight without gradient.',
      gradients.length,
    );
  }
  for (const [index, weight] of weights.entries()) {
    for (const other of [gradients[index], state.firstMoments[index], state.secondMoments[index]]) {
      if (other && !tf.util.arraysEqual(other.shape, weight.shape)) {
        throw new ArgumentError(
          'adam: update',
          `expected gradient and moments of weight ${index} of its shape [${weight.shape}], found [${other.shape}].`,
          other.shape,
        );
      }
    }
  }
}
