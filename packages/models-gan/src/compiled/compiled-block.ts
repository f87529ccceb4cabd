import { boxDownscale } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { blockSize, scaleFactors, type NetworkConfig, type Size } from '../progressive/config.js';
import { compileConvolution, compileUpscaled, type ConvolutionForms } from './choose-forms.js';
import { type CompiledPart, type Keep, kernelTensor } from './compiled-part.js';
import { activated, inverseNorm, leaky, leakySlopes } from './features.js';
import { foldScale, type FoldedConvolution, type LayerWeights, sliceInputs } from './folded-kernel.js';

export interface BlockSource {
  readonly config: NetworkConfig;
  /** 1 ... blocks */
  readonly block: number;
  /** Whether no block follows: its features then are only seen by its image layer. */
  readonly last: boolean;
  /** Not in block 1, where the input layer takes its place. */
  readonly conv0: LayerWeights | undefined;
  readonly conv1: LayerWeights;
  /** Only where the block's image shows. */
  readonly toRgb: LayerWeights | undefined;
  readonly forms: ConvolutionForms;
  readonly keep: Keep;
}

export interface CompiledBlock {
  /**
   * Frees `x`.
   *
   * @param table conditioning planes of the batch's pitches, [batch, 1, width, features]
   * @returns features for the next block, and the block's image before its activation
   */
  run(x: tf.Tensor4D, table: tf.Tensor4D | undefined): { features: tf.Tensor4D; image: tf.Tensor4D | undefined };
  readonly multiplyAdds: number;
  readonly peakValues: number;
}

/** A convolution and, if the layer is conditioned, its share of the pitch's planes. */
interface Layer {
  apply(x: tf.Tensor4D, table: tf.Tensor4D | undefined): tf.Tensor4D;
  /** Whether leaky ReLU and pixel norm have been applied, too. */
  readonly activated: boolean;
  readonly multiplyAdds: number;
  readonly peakValues: number;
}

/** Compiles one block of the generator. */
export function compileBlock({ config, block, last, conv0, conv1, toRgb, forms, keep }: BlockSource): CompiledBlock {
  const size = blockSize(config, block);
  const from = blockSize(config, Math.max(1, block - 1));
  const epsilon = config.pixelNormEpsilon;
  const layers: Layer[] = [];
  if (conv0)
    layers.push(
      compileLayer(config, `block_${block}/conv0`, conv0, from, size, keep, (layer, normEpsilon) =>
        compileUpscaled(layer, scaleFactors(config, 1), forms, keep, normEpsilon),
      ),
    );
  layers.push(
    compileLayer(config, `block_${block}/conv1`, conv1, size, size, keep, (layer, normEpsilon) =>
      compileConvolution(layer, size, forms, keep, normEpsilon),
    ),
  );
  const channels = conv1.kernel.shape[3]!;
  const slopes = keep(leakySlopes(channels));
  const rgb = toRgb && { filter: keep(kernelTensor(foldScale(toRgb.kernel, 1))), bias: keep(tf.tensor1d(toRgb.bias.data)) };
  const [pixels, colours] = [size[0] * size[1], toRgb?.bias.shape[0] ?? 0];

  return {
    run(x, table) {
      let features = x;
      for (const [index, layer] of layers.entries()) {
        const next = layer.apply(features, table);
        features.dispose();
        const isBeforeColours = last && index === layers.length - 1;
        features = layer.activated || isBeforeColours ? next : activated(next, slopes, epsilon);
      }
      if (!last || layers.at(-1)?.activated) {
        return {
          features,
          image: rgb && tf.fused.conv2d({ x: features, filter: rgb.filter, bias: rgb.bias, strides: 1, pad: 'valid' }),
        };
      }
      const positive = leaky(features, slopes);
      features.dispose();
      // The pixel norm multiplies a pixel's channels alike, so it may as well multiply the few colours made of them.
      const image =
        rgb &&
        tf.tidy((): tf.Tensor4D => {
          const colour = tf.conv2d(positive, rgb.filter, 1, 'valid');
          return tf.add(tf.mul(colour, inverseNorm(positive, epsilon)), rgb.bias);
        });
      return { features: positive, image };
    },
    multiplyAdds: layers.reduce((sum, layer) => sum + layer.multiplyAdds, pixels * channels * colours),
    peakValues: Math.max(3 * pixels * channels, ...layers.map((layer) => layer.peakValues)),
  };
}

function compileLayer(
  config: NetworkConfig,
  name: string,
  { kernel, bias }: LayerWeights,
  from: Size,
  size: Size,
  keep: Keep,
  compile: (layer: FoldedConvolution, normEpsilon: number | undefined) => CompiledPart,
): Layer {
  const folded = foldScale(kernel, Math.SQRT2);
  const { conditioning } = config;
  if (!conditioning?.generator.includes(name)) {
    const part = compile({ kernel: folded, bias: bias.data }, config.pixelNormEpsilon);
    return {
      apply: part.apply,
      activated: part.activated ?? false,
      multiplyAdds: part.multiplyAdds(...from),
      peakValues: part.peakValues(...from),
    };
  }
  const [height, width, channels, outputs] = folded.shape;
  const own = channels - conditioning.features;
  const part = compile({ kernel: sliceInputs(folded, 0, own), bias: bias.data }, undefined);
  const filter = keep(kernelTensor(sliceInputs(folded, own, channels)));
  return {
    apply: (x, table) =>
      tf.tidy((): tf.Tensor4D => {
        const y = part.apply(x);
        if (!table) return y;
        // The planes are the same in every frame; only the convolution's zero padding makes its first and last rows differ.
        const narrow = boxDownscale(table, [1, table.shape[2] / size[1]]);
        const planes = tf.add(tf.zeros([table.shape[0], size[0], size[1], conditioning.features]), narrow) as tf.Tensor4D;
        return tf.add(y, tf.conv2d(planes, filter, 1, 'same'));
      }),
    activated: false,
    multiplyAdds: part.multiplyAdds(...from) + size[0] * size[1] * height * width * conditioning.features * outputs,
    peakValues: part.peakValues(...from) + size[0] * size[1] * (2 * conditioning.features + 2 * outputs),
  };
}
