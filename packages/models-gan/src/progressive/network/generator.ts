import { blockSize, scaleFactors, type NetworkConfig } from '../config.js';
import { denormalise } from '../operations/affine.js';
import { upscale } from '../operations/box-scale.js';
import { reshape, weightedSum } from '../operations/combine.js';
import { conv } from '../operations/conv.js';
import { dense } from '../operations/dense.js';
import { expand } from '../operations/expand.js';
import { product } from '../operations/operation.js';
import { pixelNorm } from '../operations/pixel-norm.js';
import { transposedConv } from '../operations/transposed-conv.js';
import { imageWeights } from '../schedule/blending.js';
import { filterCount } from '../schedule/filters.js';
import { generatorInput, type GeneratorInputs } from './generator-input.js';
import type { Graph } from './graph.js';
import { blockName, denseName, generatorScope } from './names.js';
import { conditioner, type Conditioner } from './planes.js';
import { canvasBlock, checkGrowth, topBlock, type Growth } from './stage-shape.js';

/**
 * The generator, wired on any graph.
 *
 * Per block: convolution, leaky ReLU, pixel norm, twice, then a 1x1 convolution to an image; images of neighbouring blocks are blended
 * during a transition.
 *
 * @returns un-normalised images [batch, height, width, channels] of the canvas size (see `canvasSize`)
 * @see Engel et al. 2019, appendix A, table 3; `networks.generator` of the original
 */
export function generator<T>(graph: Graph<T>, config: NetworkConfig, growth: Growth, inputs: GeneratorInputs<T>): T {
  checkGrowth('generator', config, growth);
  const body = config.architecture === 'simple' ? simpleBody : equalisedBody;
  const { dense: hidden } = config;
  if (hidden !== undefined)
    return toImages(graph, config, denseImage(graph, config, hidden, generatorInput(graph, config, inputs)));
  const weights = growth.progress === null ? null : imageWeights(growth.blocks, growth.progress);
  const images: T[] = [];
  const used: number[] = [];
  let features: T | null = null;
  const condition = conditioner(graph, config, growth, 'generator', generatorScope, inputs.pitch);
  const input = generatorInput(graph, config, inputs);
  for (let block = 1; block <= topBlock(growth); block++) {
    features = body(graph, config, block, features ?? input, condition);
    const weight = weights?.[block - 1] ?? 1;
    if (weight === 0) continue;
    images.push(toCanvas(graph, config, growth, block, toRgb(graph, config, block, features)));
    used.push(weight);
  }
  const single = images.length === 1 && used[0] === 1;
  const image = single ? (images[0] as T) : graph.apply(weightedSum, `${generatorScope}/blend`, { weights: used }, images);
  return toImages(graph, config, image);
}

const toImages = <T>(graph: Graph<T>, { normaliser }: NetworkConfig, image: T): T =>
  normaliser === null ? image : graph.apply(denormalise, `${generatorScope}/denormalise`, normaliser, [image]);

/** Fully connected: every hidden layer meets every value of the one before, and every pixel every value of the last. */
function denseImage<T>(graph: Graph<T>, config: NetworkConfig, hidden: readonly number[], input: T): T {
  const scope = `${generatorScope}/${blockName(1)}`;
  const start = config.inputPixelNorm
    ? graph.apply(pixelNorm, `${scope}/input/pixel_norm`, { epsilon: config.pixelNormEpsilon }, [input])
    : input;
  const last = hidden.reduce(
    (x, units, at) => graph.apply(dense, `${scope}/${denseName(at)}`, { units, activation: 'leakyRelu', gain: Math.SQRT2 }, [x]),
    start,
  );
  const shape = [...blockSize(config, 1), config.channels];
  const pixels = { units: product(shape), activation: config.toRgbActivation, gain: 1 };
  return graph.apply(reshape, `${scope}/reshape`, { shape }, [graph.apply(dense, `${scope}/to_rgb`, pixels, [last])]);
}

function equalisedBody<T>(graph: Graph<T>, config: NetworkConfig, block: number, input: T, condition: Conditioner<T>): T {
  const scope = `${generatorScope}/${blockName(block)}`;
  const filters = filterCount(config.filters, block);
  const gain = Math.SQRT2;
  const normalised = (name: string, x: T): T =>
    graph.apply(pixelNorm, `${scope}/${name}/pixel_norm`, { epsilon: config.pixelNormEpsilon }, [x]);
  const convolution = (name: string, x: T): T =>
    graph.apply(
      conv,
      `${scope}/${name}`,
      { filters, kernelSize: [...config.kernelSize], padding: 'same', stride: 1, activation: 'leakyRelu', gain },
      [condition(block, name, x)],
    );
  const first =
    block === 1
      ? graph.apply(expand, `${scope}/conv0`, { filters, size: [...config.start], gain }, [
          config.inputPixelNorm ? normalised('input', input) : input,
        ])
      : convolution('conv0', graph.apply(upscale, `${scope}/upscale`, { factors: [...scaleFactors(config, 1)] }, [input]));
  return normalised('conv1', convolution('conv1', normalised('conv0', first)));
}

function simpleBody<T>(graph: Graph<T>, config: NetworkConfig, block: number, input: T): T {
  const scope = `${generatorScope}/${blockName(block)}`;
  const filters = filterCount(config.filters, block);
  if (block > 1) {
    return graph.apply(transposedConv, `${scope}/conv2d_transpose`, { filters, kernelSize: [...config.kernelSize] }, [input]);
  }
  const shape = [...blockSize(config, 1), filters];
  const vector = graph.apply(dense, `${scope}/dense`, { units: product(shape), activation: 'relu', gain: null }, [input]);
  return graph.apply(reshape, `${scope}/reshape`, { shape }, [vector]);
}

function toRgb<T>(graph: Graph<T>, config: NetworkConfig, block: number, features: T): T {
  return graph.apply(
    conv,
    `${generatorScope}/${blockName(block)}/to_rgb`,
    {
      filters: config.channels,
      kernelSize: [1, 1],
      padding: 'same',
      stride: 1,
      activation: config.toRgbActivation,
      gain: config.architecture === 'simple' ? null : 1,
    },
    [features],
  );
}

function toCanvas<T>(graph: Graph<T>, config: NetworkConfig, growth: Growth, block: number, image: T): T {
  const steps = canvasBlock(config, growth) - block;
  if (steps === 0) return image;
  return graph.apply(upscale, `${generatorScope}/${blockName(block)}/to_canvas`, { factors: [...scaleFactors(config, steps)] }, [
    image,
  ]);
}
