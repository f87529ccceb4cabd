import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkConfig } from '../progressive/config.js';
import { ArgumentError } from '../errors.js';
import type { PlainTensor, PlainWeights } from '@gansynth/model-files';
import { oneHotLabels } from '../gan/pitch-loss.js';
import type { ImageGenerator } from '../model/generator-model.js';
import { generatorScope } from '../progressive/network/names.js';
import { checkGrowth, fullyGrown, type Growth } from '../progressive/network/stage-shape.js';
import type { Weights } from '../progressive/network/tensor-graph.js';
import { networkVariables } from '../progressive/network/variables.js';
import { chooseForms, type ConvolutionForms } from './choose-forms.js';
import { compileBlocks } from './compiled-blocks.js';
import type { WeightReader } from './compiled-body.js';
import { compileDense } from './compiled-dense.js';
import type { Keep } from './compiled-part.js';
import { costEstimate, type CostEstimate } from './cost-estimate.js';

/** What is compiled: a `GeneratorModel`, an imported checkpoint, or the parts of one. */
export interface CompileSource {
  readonly config: NetworkConfig;
  /** By variable name. Read once, then no longer needed. On webgpu give numbers: see {@link readWeights}. */
  readonly weights: Weights | PlainWeights;
  /** Default: fully grown. */
  readonly growth?: Growth;
}

export interface CompileOptions {
  /** How convolutions are computed. Default: what is fastest on the current backend. */
  readonly forms?: ConvolutionForms;
}

const compileOptionNames: OptionNames<CompileOptions> = { forms: true };

/** A generator for sampling only: same images as the plain one, in less time and memory. Free it with `dispose`. */
export interface CompiledGenerator extends ImageGenerator {
  readonly growth: Growth;
  /** Work and memory of one note. */
  readonly estimate: CostEstimate;
  dispose(): void;
}

/**
 * Compiles a generator for inference on the current backend: weight scales are multiplied into the kernels, the first convolution (of a
 * 1 x 1 image) is a matrix product, doubling and convolution are one, biases and activations are fused, and only the image layers that
 * show are computed; of a fully connected generator, products and activations are fused. The images equal the plain generator's within 2e-5 (normalised),
 * about what the plain generator's own differ by between wasm and cpu.
 *
 * Compile again after the weights changed, or for another backend.
 *
 * @throws ArgumentError for the `simple` architecture, or weights of another network
 */
export function compileGenerator(
  { config, weights, growth = fullyGrown(config) }: CompileSource,
  options: CompileOptions = {},
): CompiledGenerator {
  checkOptions('compileGenerator', options, compileOptionNames);
  const { forms = chooseForms(tf.getBackend()) } = options;
  check(config, growth);
  const weight = weightReader(config, growth, weights);
  const constants: tf.Tensor[] = [];
  const keep: Keep = (tensor) => {
    constants.push(tensor);
    return tensor;
  };
  const body =
    config.dense === undefined
      ? compileBlocks(config, growth, weight, forms, keep)
      : compileDense(config, config.dense, weight, keep);
  const denormalise = inverseNormaliser(config, keep);
  const compute = (latent: tf.Tensor2D, pitch: tf.Tensor2D): tf.Tensor4D => tf.tidy(() => denormalise(body.run(latent, pitch)));

  return {
    config,
    growth,
    estimate: costEstimate(config, growth, {
      multiplyAdds: body.multiplyAdds,
      weightValues: constants.reduce((all, constant) => all + constant.size, 0),
      peakValues: body.peakValues,
    }),
    generate(latent, labels) {
      if (latent.rank !== 2 || latent.shape[1] !== config.latentSize || latent.shape[0] !== labels.length)
        throw new ArgumentError(
          'generate',
          `expected latents [batch, ${config.latentSize}] and as many labels, found [${latent.shape}] and ${labels.length} labels.`,
          latent.shape,
        );
      return tf.tidy(() => {
        const pitch = oneHotLabels(labels, config.pitches.length);
        if (!forms.oneByOne || labels.length === 1) return compute(latent, pitch);
        return tf.concat(
          Array.from(labels, (_, n) => compute(tf.slice(latent, n, 1), tf.slice(pitch, n, 1))),
          0,
        );
      });
    },
    dispose: () => tf.dispose(constants),
  };
}

function check(config: NetworkConfig, growth: Growth): void {
  checkGrowth('compileGenerator', config, growth);
  if (config.architecture !== 'equalised')
    throw new ArgumentError(
      'compileGenerator',
      'expected the equalised architecture, found "simple". Sample from a GeneratorModel instead.',
      config.architecture,
    );
}

/** Looks variables up by their name inside the generator, checking their shapes. */
function weightReader(config: NetworkConfig, growth: Growth, weights: Weights | PlainWeights): WeightReader {
  const shapes = new Map(networkVariables('generator', config, growth.blocks).map(({ name, shape }) => [name, shape]));
  return (inner) => {
    const name = `${generatorScope}/${inner}`;
    const [weight, shape] = [weights[name], shapes.get(name) ?? []];
    if (weight === undefined || weight.shape.join() !== shape.join())
      throw new ArgumentError(
        'compileGenerator',
        `expected a variable ${name} [${shape}], found ${weight ? `[${weight.shape}]` : 'none'}. These weights are of another network.`,
        name,
      );
    return weight instanceof tf.Tensor
      ? { shape, data: weight.dataSync() as Float32Array }
      : (weight as PlainTensor<Float32Array>);
  };
}

/** (x - offset) / scale as one multiplication and one addition. */
function inverseNormaliser({ normaliser }: NetworkConfig, keep: Keep): (image: tf.Tensor4D) => tf.Tensor4D {
  if (!normaliser) return (image) => image;
  const { scale, offset } = normaliser;
  const factor = keep(tf.tensor2d(scale.map((row) => row.map((value) => 1 / value))));
  const shift = keep(tf.tensor2d(scale.map((row, i) => row.map((value, c) => -(offset[i]?.[c] ?? 0) / value))));
  return (image) => tf.add(tf.mul(image, factor), shift);
}
