import { scaleFactors, type NetworkConfig } from '../config.js';
import { ArgumentError } from '../../errors.js';
import { normalise } from '../operations/affine.js';
import { downscale } from '../operations/box-scale.js';
import { reshape, weightedSum } from '../operations/combine.js';
import { addToPixels, pickClass } from '../operations/condition.js';
import { conv } from '../operations/conv.js';
import { dense } from '../operations/dense.js';
import { minibatchStddev } from '../operations/minibatch-stddev.js';
import { product } from '../operations/operation.js';
import { bypassWeight } from '../schedule/blending.js';
import { filterCount } from '../schedule/filters.js';
import type { Graph } from './graph.js';
import { blockName, classifierScope, criticScope } from './names.js';
import { conditioner, type Conditioner } from './planes.js';
import { canvasBlock, checkGrowth, topBlock, type Growth } from './stage-shape.js';

export interface CriticInputs<T> {
  /** Un-normalised images [batch, height, width, channels] of the canvas size. */
  readonly image: T;
  /** One-hot, [batch, pitches]; needed only by a critic with conditioning planes. */
  readonly pitch?: T | null;
  /** One-hot, [batch, instruments]; needed only by a network with instruments. */
  readonly instrument?: T | null;
}

export interface CriticOutputs<T> {
  /** How real each image looks, [batch, 1]; no unit, no bound. */
  readonly score: T;
  /** Pitch classification, [batch, pitches], before the softmax. */
  readonly logits: T;
}

/**
 * The critic (discriminator) with its auxiliary pitch classifier, wired on any graph.
 *
 * @see Engel et al. 2019, appendix A, table 3; `networks.discriminator` of the original
 */
export function critic<T>(
  graph: Graph<T>,
  config: NetworkConfig,
  growth: Growth,
  { image, pitch = null, instrument = null }: CriticInputs<T>,
): CriticOutputs<T> {
  checkGrowth('critic', config, growth);
  if ((config.conditioning?.critic.length ?? 0) > 0 && pitch === null) {
    throw new ArgumentError(
      'critic',
      'expected the pitches of the images (this critic has conditioning planes), found none.',
      pitch,
    );
  }
  if (config.instruments.length > 0 && instrument === null) {
    throw new ArgumentError(
      'critic',
      `expected the instruments of the images (this network has ${config.instruments.length}), found none.`,
      instrument,
    );
  }
  const condition = conditioner(graph, config, growth, 'critic', criticScope, pitch);
  const input =
    config.normaliser === null ? image : graph.apply(normalise, `${criticScope}/normalise`, config.normaliser, [image]);
  const view = (block: number): T => {
    const features = fromRgb(graph, config, growth, block, input);
    return instrument === null ? features : tint(graph, block, features, instrument);
  };
  const top = topBlock(growth);
  let features = view(top);
  for (let block = top; block >= 2; block--) {
    features = shrink(graph, config, block, features, condition);
    const bypass = growth.progress === null ? 0.5 : bypassWeight(block, growth.progress);
    if (bypass === 0) continue;
    const weights = [bypass, 1 - bypass];
    features = graph.apply(weightedSum, `${criticScope}/${blockName(block)}/blend`, { weights }, [view(block - 1), features]);
  }
  const vector = lastBlock(graph, config, features, condition);
  const score = graph.apply(
    dense,
    `${criticScope}/${blockName(1)}/logits`,
    { units: 1, activation: 'linear', gain: config.architecture === 'simple' ? null : 1 },
    [vector],
  );
  return {
    score: instrument === null ? score : addProjection(graph, config, score, vector, instrument),
    logits: graph.apply(
      dense,
      `${classifierScope}/classification_logits`,
      { units: config.pitches.length, activation: 'linear', gain: 1 },
      [vector],
    ),
  };
}

/** The image as a block sees it: shrunk to the block's size, then a 1x1 convolution. */
function fromRgb<T>(graph: Graph<T>, config: NetworkConfig, growth: Growth, block: number, input: T): T {
  const scope = `${criticScope}/${blockName(block)}`;
  const simple = config.architecture === 'simple';
  const steps = canvasBlock(config, growth) - block;
  const small =
    steps === 0 ? input : graph.apply(downscale, `${scope}/from_canvas`, { factors: [...scaleFactors(config, steps)] }, [input]);
  return graph.apply(
    conv,
    `${scope}/from_rgb`,
    {
      // With the paper's widths, what comes down from the block above still has that block's width.
      filters: filterCount(config.filters, config.criticWidths === 'block' ? Math.min(block + 1, config.blocks) : block),
      kernelSize: [1, 1],
      padding: 'same',
      stride: 1,
      activation: simple ? 'relu' : config.fromRgbActivation,
      gain: simple ? null : Math.SQRT2,
    },
    [small],
  );
}

/** Tells the features of an image its instrument: a learned vector is added to every pixel. */
function tint<T>(graph: Graph<T>, block: number, features: T, instrument: T): T {
  const scope = `${criticScope}/${blockName(block)}/instrument`;
  const units = graph.shape(features)[2]!;
  const vector = graph.apply(dense, scope, { units, activation: 'linear', gain: 1 }, [instrument]);
  return graph.apply(addToPixels, `${scope}/add`, {}, [features, vector]);
}

/** Adds to the score how well the last vector fits the instrument: one linear score for each, of which its own counts. */
function addProjection<T>(graph: Graph<T>, config: NetworkConfig, score: T, vector: T, instrument: T): T {
  const scope = `${criticScope}/${blockName(1)}/instrument_logits`;
  const all = graph.apply(dense, scope, { units: config.instruments.length, activation: 'linear', gain: 1 }, [vector]);
  const own = graph.apply(pickClass, `${scope}/own`, {}, [all, instrument]);
  return graph.apply(weightedSum, `${scope}/sum`, { weights: [1, 1] }, [score, own]);
}

/** A block above the first: convolutions, then half the size. */
function shrink<T>(graph: Graph<T>, config: NetworkConfig, block: number, input: T, condition: Conditioner<T>): T {
  const scope = `${criticScope}/${blockName(block)}`;
  const own = filterCount(config.filters, block);
  const outgoing = config.criticWidths === 'block' ? own : filterCount(config.filters, block - 1);
  const kernel = { kernelSize: [...config.kernelSize] as [number, number], padding: 'same' } as const;
  if (config.architecture === 'simple') {
    return graph.apply(conv, `${scope}/conv`, { ...kernel, filters: outgoing, stride: 2, activation: 'relu', gain: null }, [
      input,
    ]);
  }
  const settings = { ...kernel, stride: 1, activation: 'leakyRelu', gain: Math.SQRT2 } as const;
  const first = graph.apply(conv, `${scope}/conv0`, { ...settings, filters: own }, [condition(block, 'conv0', input)]);
  const second = graph.apply(conv, `${scope}/conv1`, { ...settings, filters: outgoing }, [first]);
  return graph.apply(downscale, `${scope}/downscale`, { factors: [...scaleFactors(config, 1)] }, [second]);
}

/** Block 1: minibatch standard deviation, convolution, and down to one vector. */
function lastBlock<T>(graph: Graph<T>, config: NetworkConfig, input: T, condition: Conditioner<T>): T {
  const scope = `${criticScope}/${blockName(1)}`;
  const units = filterCount(config.filters, 0);
  const spread = graph.apply(minibatchStddev, `${scope}/minibatch_stddev`, { gradient: config.stddevGradient }, [input]);
  const flat = (x: T): T => graph.apply(reshape, `${scope}/flatten`, { shape: [product(graph.shape(x))] }, [x]);
  if (config.architecture === 'simple') {
    return graph.apply(dense, `${scope}/last_conv`, { units, activation: 'relu', gain: null }, [flat(spread)]);
  }
  const settings = { stride: 1, activation: 'leakyRelu', gain: Math.SQRT2 } as const;
  const first = graph.apply(
    conv,
    `${scope}/conv0`,
    { ...settings, kernelSize: [...config.kernelSize], padding: 'same', filters: filterCount(config.filters, 1) },
    [condition(1, 'conv0', spread)],
  );
  return flat(
    graph.apply(conv, `${scope}/conv1`, { ...settings, kernelSize: [...config.start], padding: 'valid', filters: units }, [
      first,
    ]),
  );
}
