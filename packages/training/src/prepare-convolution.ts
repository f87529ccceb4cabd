import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from './check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from './errors.js';
import { preparedConvolutionKernel, transformFilterKernel } from './kernel-names.js';
import { winogradPlan } from './winograd-plan.js';

export interface PrepareConvolutionOptions {
  /** Doubles the image by nearest neighbour before the convolution: at the cost of a quarter of it. Default false. */
  readonly doubling?: boolean;
  /** Slope of the leaky ReLU that follows. Default 1: none. */
  readonly slope?: number;
  /** Added to the mean square of a pixel's channels in the pixel norm that follows. Default: no pixel norm. */
  readonly normEpsilon?: number;
}

/** Their names, each once. */
export const prepareConvolutionOptionNames: OptionNames<PrepareConvolutionOptions> = {
  doubling: true,
  slope: true,
  normEpsilon: true,
};

/** A convolution whose weights have been transformed once, for many images. Without gradients. Free it with `dispose`. */
export interface PreparedConvolution {
  /** [batch, height, width, inChannels] to [batch, height, width, outChannels], or twice the height and width. */
  apply(x: tf.Tensor4D): tf.Tensor4D;
  /** What it keeps on the backend. */
  readonly constants: readonly tf.Tensor[];
  /** Float32 values of working memory that one thread takes, for images of this width. */
  workingValues(width: number): number;
  dispose(): void;
}

/**
 * A 3 x 3 convolution (SAME, stride 1) for inference, with what a generator's block does around it in one pass: doubling of the image,
 * bias, leaky ReLU, pixel norm. By Winograd's transforms: 4 products an output and channel pair instead of 9, 2.25 with doubling.
 *
 * @param filter [3, 3, inChannels, outChannels]
 * @param bias [outChannels]
 * @returns undefined where the current backend has no kernel for it: all but wasm with `@gansynth/training/wasm`
 * @throws ArgumentError for other shapes
 */
export function prepareConvolution(
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
  options: PrepareConvolutionOptions = {},
): PreparedConvolution | undefined {
  checkOptions('prepareConvolution', options, prepareConvolutionOptionNames);
  const { doubling = false, slope = 1, normEpsilon = -1 } = options;
  const [height, width, inChannels, outChannels] = filter.shape;
  if (height !== 3 || width !== 3 || bias.shape[0] !== outChannels) {
    throw new ArgumentError(
      'prepareConvolution',
      `expected a filter [3, 3, in, out] and as many biases as outputs, found [${filter.shape}] and ${bias.shape[0]} biases.`,
      filter.shape,
    );
  }
  if (!tf.getKernel(preparedConvolutionKernel, tf.getBackend())) return undefined;
  const transformed = tf.keep(run(transformFilterKernel, { filter }, { doubling }));
  const own = tf.keep(tf.clone(bias));
  return {
    apply(x) {
      if (x.rank !== 4 || x.shape[3] !== inChannels) {
        throw new ArgumentError(
          'prepareConvolution',
          `expected an image [batch, height, width, ${inChannels}], found [${x.shape}].`,
          x.shape,
        );
      }
      return run(preparedConvolutionKernel, { x, transformed, bias: own }, { doubling, slope, normEpsilon }) as tf.Tensor4D;
    },
    constants: [transformed, own],
    workingValues: (width) => winogradPlan({ inChannels, outChannels, outWidth: doubling ? 2 * width : width, doubling }).scratch,
    dispose: () => tf.dispose([transformed, own]),
  };
}

const run = (name: string, inputs: Record<string, tf.Tensor>, attributes: tf.NamedAttrMap): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attributes) as tf.Tensor;
