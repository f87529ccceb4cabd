import { boxUpscale } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import type { Size } from '../progressive/config.js';
import { type CompiledPart, type Keep, kernelTensor } from './compiled-part.js';
import type { FoldedConvolution } from './folded-kernel.js';

/**
 * A convolution (SAME) as the backend does it.
 *
 * @param factors nearest-neighbour upscaling before it
 */
export function plainConvolution({ kernel, bias }: FoldedConvolution, keep: Keep, factors: Size = [1, 1]): CompiledPart {
  const filter = keep(kernelTensor(kernel));
  const biases = keep(tf.tensor1d(bias));
  const [kernelHeight, kernelWidth, inputs, outputs] = kernel.shape;
  const grows = factors[0] * factors[1];
  return {
    apply: (x) =>
      tf.tidy(() =>
        tf.fused.conv2d({ x: grows === 1 ? x : boxUpscale(x, factors), filter, bias: biases, strides: 1, pad: 'same' }),
      ),
    multiplyAdds: (height, width) => height * width * grows * kernelHeight * kernelWidth * inputs * outputs,
    peakValues: (height, width) => height * width * ((grows === 1 ? 1 : 1 + grows) * inputs + grows * outputs),
  };
}
