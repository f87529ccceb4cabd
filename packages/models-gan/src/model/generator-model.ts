import * as tf from '@tensorflow/tfjs-core';
import { input, model, type LayersModel } from '@tensorflow/tfjs-layers';
import { imageSize, scaleFactors, type NetworkConfig } from '../progressive/config.js';
import { ArgumentError } from '../errors.js';
import type { PlainTensor, PlainWeights } from '@gansynth/model-files';
import { oneHotLabels } from '../gan/pitch-loss.js';
import { generator } from '../progressive/network/generator.js';
import type { Graph } from '../progressive/network/graph.js';
import { layerGraph } from '../progressive/network/layer-graph.js';
import { generatorScope } from '../progressive/network/names.js';
import { canvasBlock, checkGrowth, fullyGrown, type Growth } from '../progressive/network/stage-shape.js';
import { tensorGraph, type Weights } from '../progressive/network/tensor-graph.js';
import { networkSteps, stepVariables } from '../progressive/network/variables.js';
import { upscale } from '../progressive/operations/box-scale.js';

/** Anything that turns latents and pitches into images: a {@link GeneratorModel}, or one compiled for speed. */
export interface ImageGenerator {
  readonly config: NetworkConfig;
  /**
   * @param latent z, [batch, latentSize]
   * @param labels class indices (positions in `config.pitches`), one an example; -1 for no pitch
   * @returns un-normalised images [batch, height, width, channels] of the finished size
   */
  generate(latent: tf.Tensor2D, labels: Int32Array): tf.Tensor4D;
}

export interface GeneratorModelOptions {
  readonly config: NetworkConfig;
  /** By variable name; others than the generator's are ignored. Tensors are shared, not copied, and stay the caller's. */
  readonly weights: Weights | PlainWeights;
  /** Default: fully grown. */
  readonly growth?: Growth;
}

/** A generator with frozen weights: what is sampled from, saved and published. Free it with {@link GeneratorModel.dispose}. */
export class GeneratorModel implements ImageGenerator {
  readonly config: NetworkConfig;
  readonly growth: Growth;
  /** Those that show at this growth, under the variables' names. */
  readonly weights: Weights;

  /** @throws ArgumentError if a variable is missing or has another shape */
  constructor({ config, weights, growth = fullyGrown(config) }: GeneratorModelOptions) {
    checkGrowth('GeneratorModel', config, growth);
    this.config = config;
    this.growth = growth;
    const own: Record<string, tf.Tensor> = {};
    for (const { name, shape } of stepVariables(networkSteps('generator', config, growth))) {
      const weight = weights[name];
      if (weight === undefined || weight.shape.join() !== shape.join()) {
        tf.dispose(own);
        throw new ArgumentError(
          'GeneratorModel',
          `expected a variable ${name} [${shape}], found ${weight ? `[${weight.shape}]` : 'none'}. These weights are of another network.`,
          name,
        );
      }
      // A clone shares the values, and keeps them when a trainer goes on to others.
      own[name] =
        weight instanceof tf.Tensor ? tf.clone(weight) : tf.tensor((weight as PlainTensor<Float32Array>).data, [...shape]);
    }
    this.weights = own;
  }

  generate(latent: tf.Tensor2D, labels: Int32Array): tf.Tensor4D {
    const { config } = this;
    if (latent.rank !== 2 || latent.shape[1] !== config.latentSize || latent.shape[0] !== labels.length) {
      throw new ArgumentError(
        'generate',
        `expected latents [batch, ${config.latentSize}] and as many labels, found [${latent.shape}] and ${labels.length} labels.`,
        latent.shape,
      );
    }
    return tf.tidy(() => {
      const pitch = oneHotLabels(labels, config.pitches.length);
      return tf.clone(finishedImage(tensorGraph(this.weights), config, this.growth, { latent, pitch })) as tf.Tensor4D;
    });
  }

  /**
   * The same generator as a tfjs LayersModel with inputs `latent` [batch, latentSize] and `pitch` (one-hot, [batch, pitches]). Weights
   * are copied; free it with its own `dispose`. Parts that do not show at this growth are left out.
   */
  toLayersModel(): LayersModel {
    const latent = input({ shape: [this.config.latentSize], name: 'latent' });
    const pitch = input({ shape: [this.config.pitches.length], name: 'pitch' });
    const image = finishedImage(layerGraph, this.config, this.growth, { latent, pitch });
    const layersModel = model({ inputs: [latent, pitch], outputs: image, name: 'gansynth_generator' });
    const names = new Set(layersModel.weights.map(({ originalName }) => originalName));
    layersModel.loadWeights(Object.fromEntries(Object.entries(this.weights).filter(([name]) => names.has(name))));
    return layersModel;
  }

  dispose(): void {
    tf.dispose(this.weights as Record<string, tf.Tensor>);
  }
}

/** The generator's image, upscaled to the finished size if it has not grown up to it. */
function finishedImage<T>(graph: Graph<T>, config: NetworkConfig, growth: Growth, inputs: { latent: T; pitch: T }): T {
  const image = generator(graph, config, growth, inputs);
  const steps = config.blocks - canvasBlock(config, growth);
  return steps === 0
    ? image
    : graph.apply(upscale, `${generatorScope}/to_finished_size`, { factors: [...scaleFactors(config, steps)] }, [image]);
}

/** Height, width and channels of a generator's images. */
export const imageShape = (config: NetworkConfig): [height: number, width: number, channels: number] => [
  ...imageSize(config),
  config.channels,
];
