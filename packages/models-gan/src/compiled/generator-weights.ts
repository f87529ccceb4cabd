import type { PlainTensor } from '../import/plain-tensor.js';

/** One weight-scaled convolution as a checkpoint stores it: the kernel [height, width, in, out] is NOT yet multiplied by its scale. */
export interface ConvolutionWeights {
  readonly kernel: PlainTensor<Float32Array>;
  readonly bias: PlainTensor<Float32Array>;
}

/** The three convolutions of a generator block. `toRgb` is 1 x 1, to the image's channels. */
export interface GeneratorBlockWeights {
  readonly conv0: ConvolutionWeights;
  readonly conv1: ConvolutionWeights;
  readonly toRgb: ConvolutionWeights;
}

/**
 * A progressive generator's weights, the smallest block first. Whatever trained or stored them, this is what {@link compileGenerator}
 * takes.
 */
export type GeneratorWeights = readonly GeneratorBlockWeights[];
