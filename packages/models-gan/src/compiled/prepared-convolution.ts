import { prepareConvolution } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { type CompiledPart, type Keep, kernelTensor } from './compiled-part.js';
import { slope } from './features.js';
import type { FoldedConvolution } from './folded-kernel.js';

export const threeByThree = ({ kernel }: FoldedConvolution): boolean => kernel.shape[0] === 3 && kernel.shape[1] === 3;

/**
 * A 3 x 3 convolution by a kernel that transforms, multiplies and activates a strip of the image while it is in the cache.
 *
 * @param options.doubling whether the image is doubled before it
 * @param options.normEpsilon of the pixel norm after leaky ReLU; undefined where neither is wanted
 * @returns undefined where the backend has no such kernel
 */
export function preparedConvolution(
  { kernel, bias }: FoldedConvolution,
  keep: Keep,
  { doubling, normEpsilon }: { readonly doubling: boolean; readonly normEpsilon: number | undefined },
): CompiledPart | undefined {
  const [filter, biases] = [kernelTensor(kernel), tf.tensor1d(bias)];
  const activation = normEpsilon === undefined ? {} : { slope, normEpsilon };
  const prepared = prepareConvolution(filter, biases, { doubling, ...activation });
  tf.dispose([filter, biases]);
  if (!prepared) return undefined;
  for (const constant of prepared.constants) keep(constant);
  const [, , inputs, outputs] = kernel.shape;
  const [grows, products] = doubling ? [4, 9] : [1, 4];
  return {
    apply: (x) => prepared.apply(x),
    activated: normEpsilon !== undefined,
    multiplyAdds: (height, width) => height * width * products * inputs * outputs,
    peakValues: (height, width) => height * width * (inputs + grows * outputs) + prepared.workingValues(width),
  };
}
