import { checkpointed, gatedActivation, plus } from '@gansynth/training';
import type * as tf from '@tensorflow/tfjs-core';
import { dilatedConvolution } from './dilated-convolution.js';
import { addFrames } from './frames.js';
import { pointwise } from './pointwise.js';
import type { Convolution } from './weights.js';

/** What conditions a layer: frames of numbers, each for `hop` samples, and what maps them to the layer's gates and signals. */
export interface LayerConditioning {
  readonly frames: tf.Tensor3D;
  readonly map: Convolution;
  readonly hop: number;
}

export interface GatedLayerOptions {
  readonly dilation: number;
  /** Keeps nothing but its inputs for its gradient; see `checkpointed`. */
  readonly isCheckpointed: boolean;
}

const plainly = <Inputs extends readonly tf.Tensor[]>(compute: (...inputs: Inputs) => tf.Tensor3D, inputs: Inputs): tf.Tensor3D =>
  compute(...inputs);

/**
 * A layer of the decoder up to its gated activation.
 *
 * @param x [batch, samples, width]
 * @param convolution to 2 * width channels
 * @returns [batch, samples, width]
 */
export function gatedLayer(
  x: tf.Tensor3D,
  convolution: Convolution,
  conditioning: LayerConditioning | null,
  { dilation, isCheckpointed }: GatedLayerOptions,
): tf.Tensor3D {
  const form = isCheckpointed ? checkpointed : plainly;
  const options = { dilation, padding: 'causal' } as const;
  const { kernel, biases } = convolution;
  if (conditioning === null) {
    const compute = (x: tf.Tensor3D, kernel: tf.Tensor4D, biases: tf.Tensor1D): tf.Tensor3D =>
      gatedActivation(dilatedConvolution(x, { kernel, biases }, options));
    return form(compute, [x, kernel, biases]);
  }
  const { frames, map, hop } = conditioning;
  return form(
    (
      x: tf.Tensor3D,
      kernel: tf.Tensor4D,
      biases: tf.Tensor1D,
      frames: tf.Tensor3D,
      mapKernel: tf.Tensor4D,
      mapBiases: tf.Tensor1D,
    ) => {
      // The convolution's biases go to the frames, which are fewer than samples.
      const added = plus(pointwise(frames, { kernel: mapKernel, biases: mapBiases }), biases);
      return gatedActivation(addFrames(dilatedConvolution(x, { kernel }, options), added, hop));
    },
    [x, kernel, biases, frames, map.kernel, map.biases],
  );
}
