import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from './errors.js';
import { gatedGradKernel, gatedKernel } from './kernel-names.js';
import { runOptionalKernel } from './optional-kernel.js';

/**
 * The gated activation unit of WaveNets, sigmoid(gate) * tanh(signal), in one pass where the backend has a kernel for it. Of its input nothing but the
 * input is kept for the gradient. It can be differentiated once.
 *
 * @param x [..., 2 * width], float32: gates, then signals
 * @returns [..., width]
 * @throws ArgumentError if the last axis cannot be halved
 * @see van den Oord et al. 2016, "WaveNet", section 2.3
 */
export function gatedActivation<R extends tf.Rank>(x: tf.Tensor<R>): tf.Tensor<R> {
  const channels = x.shape.at(-1) ?? 0;
  if (channels === 0 || channels % 2 !== 0)
    throw new ArgumentError(
      'gatedActivation',
      `expected an even number of channels, gates and signals, found [${x.shape}].`,
      x.shape,
    );
  return tf.customGrad((x, save) => {
    (save as (tensors: tf.Tensor[]) => void)([x as tf.Tensor]);
    return {
      value: gated(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => gatedGradient(dy, saved[0]!)),
    };
  })(x) as tf.Tensor<R>;
}

const gated = (x: tf.Tensor): tf.Tensor =>
  runOptionalKernel(gatedKernel, { x }, {}, () => {
    const [gate, signal] = halves(x);
    return tf.mul(tf.sigmoid(gate), tf.tanh(signal));
  })[0]!;

const gatedGradient = (dy: tf.Tensor, x: tf.Tensor): tf.Tensor =>
  runOptionalKernel(gatedGradKernel, { dy, x }, {}, () => {
    const halved = halves(x);
    const [gate, signal] = [tf.sigmoid(halved[0]), tf.tanh(halved[1])];
    const through = tf.mul(dy, gate);
    const toGate = tf.mul(tf.mul(through, signal), tf.sub(1, gate));
    const toSignal = tf.sub(through, tf.mul(through, tf.square(signal)));
    return tf.concat([toGate, toSignal], -1);
  })[0]!;

function halves(x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const width = x.shape.at(-1)! / 2;
  const size = [...x.shape.slice(0, -1), width];
  const before = x.shape.slice(0, -1).fill(0);
  return [tf.slice(x, [...before, 0], size), tf.slice(x, [...before, width], size)];
}
