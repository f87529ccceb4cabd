import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from './errors.js';
import { gatedGradKernel, gatedKernel } from './kernel-names.js';
import { hasKernel } from './optional-kernel.js';

/**
 * The gated activation unit of WaveNets, sigmoid(gate) * tanh(signal), in one pass where the backend has a kernel for it. For its gradient it keeps
 * as many numbers as its input has. It can be differentiated once.
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
  const form = hasKernel(gatedKernel) ? inOnePass : ofParts;
  return tf.customGrad((x, save) => form(x as tf.Tensor, save as (tensors: tf.Tensor[]) => void))(x) as tf.Tensor<R>;
}

interface WithGradient {
  value: tf.Tensor;
  gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor;
}

function inOnePass(x: tf.Tensor, save: (tensors: tf.Tensor[]) => void): WithGradient {
  save([x]);
  return {
    value: tf.engine().runKernel(gatedKernel, { x }),
    gradFunc: (dy, saved) => tf.engine().runKernel(gatedGradKernel, { dy, x: saved[0]! }),
  };
}

/** Keeps both factors: as many numbers as the input, and nothing of them need be computed again. */
function ofParts(x: tf.Tensor, save: (tensors: tf.Tensor[]) => void): WithGradient {
  const halved = halves(x);
  const [gate, signal] = [tf.sigmoid(halved[0]), tf.tanh(halved[1])];
  save([gate, signal]);
  return {
    value: tf.mul(gate, signal),
    gradFunc: (dy, saved) =>
      tf.tidy(() => {
        const [gate, signal] = saved as [tf.Tensor, tf.Tensor];
        const through = tf.mul(dy, gate);
        const both = tf.mul(through, signal);
        return tf.concat([tf.mul(both, tf.sub(1, gate)), tf.sub(through, tf.mul(both, signal))], -1);
      }),
  };
}

function halves(x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const width = x.shape.at(-1)! / 2;
  const size = [...x.shape.slice(0, -1), width];
  const before = x.shape.slice(0, -1).fill(0);
  return [tf.slice(x, [...before, 0], size), tf.slice(x, [...before, width], size)];
}
