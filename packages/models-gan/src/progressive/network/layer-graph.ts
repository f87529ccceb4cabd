import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape as LayerShape, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { denormalise, normalise } from '../operations/affine.js';
import { downscale, upscale } from '../operations/box-scale.js';
import { concatVectors, reshape, weightedSum } from '../operations/combine.js';
import { addToPixels, pickClass } from '../operations/condition.js';
import { conv } from '../operations/conv.js';
import { crossedInputs } from '../operations/crossed-inputs.js';
import { dense } from '../operations/dense.js';
import { expand } from '../operations/expand.js';
import { instrumentVotes } from '../operations/instrument-votes.js';
import { minibatchStddev } from '../operations/minibatch-stddev.js';
import type { Operation, Shape } from '../operations/operation.js';
import { pixelNorm } from '../operations/pixel-norm.js';
import { concatPlanes, pitchPlanes } from '../operations/planes.js';
import { transposedConv } from '../operations/transposed-conv.js';
import type { Graph } from './graph.js';

interface OperationLayerConfig extends tf.serialization.ConfigDict {
  name: string;
  settings: tf.serialization.ConfigDict;
}

type OperationLayer = new (config: OperationLayerConfig) => layers.Layer;

const isShapeList = (shape: LayerShape | LayerShape[]): shape is LayerShape[] => Array.isArray(shape[0]);
const exampleShapes = (shape: LayerShape | LayerShape[]): Shape[] =>
  (isShapeList(shape) ? shape : [shape]).map((one) => one.slice(1) as number[]);

/** A layer class for an operation, registered so that saved models find it. */
function layerClass<C extends object>(operation: Operation<C>): OperationLayer {
  class Layer extends layers.Layer {
    static readonly className: string = operation.className;
    readonly #settings: C;

    constructor({ settings, ...config }: OperationLayerConfig) {
      super(config);
      this.#settings = settings as unknown as C;
    }

    override build(inputShape: LayerShape | LayerShape[]): void {
      for (const { name, shape, initial } of operation.variables(this.#settings, exampleShapes(inputShape))) {
        this.addWeight(name, [...shape], 'float32', initializers.zeros(), undefined, initial.kind !== 'table');
      }
      this.built = true;
    }

    override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape {
      return [null, ...operation.outputShape(this.#settings, exampleShapes(inputShape))];
    }

    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const variables = this.weights.map((weight: LayerVariable) => weight.read());
      return tf.tidy(() => operation.run(this.#settings, Array.isArray(inputs) ? inputs : [inputs], variables));
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), settings: this.#settings as unknown as tf.serialization.ConfigDict };
    }
  }
  tf.serialization.registerClass(Layer as unknown as tf.serialization.SerializableConstructor<tf.serialization.Serializable>);
  return Layer;
}

/** Importing this module registers all layers. */
const classes = new Map<string, OperationLayer>(
  (
    [
      addToPixels,
      concatPlanes,
      concatVectors,
      conv,
      crossedInputs,
      denormalise,
      dense,
      downscale,
      expand,
      instrumentVotes,
      minibatchStddev,
      normalise,
      pickClass,
      pitchPlanes,
      pixelNorm,
      reshape,
      transposedConv,
      upscale,
      weightedSum,
    ] as Operation<never>[]
  ).map((operation) => [operation.className, layerClass(operation)]),
);

/** Wires a network as layers. */
export const layerGraph: Graph<SymbolicTensor> = {
  shape: (value) => value.shape.slice(1) as number[],
  apply: (operation, name, config, inputs) => {
    const Layer = classes.get(operation.className)!;
    const layer = new Layer({ name, settings: config as unknown as tf.serialization.ConfigDict });
    return layer.apply(inputs.length === 1 ? inputs[0]! : [...inputs]) as SymbolicTensor;
  },
};
