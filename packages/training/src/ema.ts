import { checkOptions } from './check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from './errors.js';
import { interpolateKernel } from './kernel-names.js';
import { runOptionalKernel } from './optional-kernel.js';

/** The averaged weights, in the order of the weights. */
export interface EmaState {
  readonly averages: readonly tf.Variable[];
}

export interface Ema {
  readonly decay: number;
  /** Averages that start at the weights' present values (no correction for the start, as the original). */
  init(weights: readonly tf.Tensor[]): EmaState;
  /**
   * In place: average += (1 - decay) * (weight - average).
   *
   * @param decay instead of the option, for ramps: see {@link rampedDecay}
   */
  update(state: EmaState, weights: readonly tf.Tensor[], decay?: number): void;
}

/**
 * Exponential moving average of weights; the original samples from a generator averaged with decay 0.999 per step.
 *
 * @param options.decay in [0, 1]
 */
export function ema(options: { decay?: number } = {}): Ema {
  checkOptions('ema', options, { decay: true });
  const { decay = 0.999 } = options;
  if (!(decay >= 0 && decay <= 1)) throw new ArgumentError('ema', `expected decay in [0, 1], found ${decay}.`, decay);
  return {
    decay,
    init: (weights) => ({ averages: weights.map((weight) => tf.tidy(() => tf.variable(tf.clone(weight), false))) }),
    update: ({ averages }, weights, now = decay) => {
      checkShapes(averages, weights);
      for (const [index, average] of averages.entries()) {
        tf.tidy(() => average.assign(interpolate(average, weights[index]!, 1 - now)));
      }
    },
  };
}

/**
 * The decay of an average that shall not remember its beginning for long: (1 + updates) / (10 + updates), up to `decay`.
 *
 * @param updates that were made of the weights, the present one included
 * @see TensorFlow 1's `ExponentialMovingAverage` with `num_updates`
 */
export const rampedDecay = (decay: number, updates: number): number => Math.min(decay, (1 + updates) / (10 + updates));

/** Frees the averages. */
export function disposeEmaState(state: EmaState): void {
  tf.dispose([...state.averages]);
}

const interpolate = (start: tf.Tensor, end: tf.Tensor, amount: number): tf.Tensor =>
  runOptionalKernel(interpolateKernel, { start, end }, { amount }, () => tf.add(start, tf.mul(tf.sub(end, start), amount)))[0]!;

const shapes = (tensors: readonly tf.Tensor[]): string => tensors.map(({ shape }) => `[${shape}]`).join(' ');

function checkShapes(averages: readonly tf.Tensor[], weights: readonly tf.Tensor[]): void {
  if (shapes(averages) !== shapes(weights)) {
    throw new ArgumentError(
      'ema: update',
      `expected weights of the shapes given to init, ${shapes(averages)}, found ${shapes(weights)}.`,
      weights.map(({ shape }) => shape),
    );
  }
}
