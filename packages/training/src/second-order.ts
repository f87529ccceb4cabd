import * as tf from '@tensorflow/tfjs-core';
// Registers the stock gradients, so it must come before the replacements below.
import '@tensorflow/tfjs-layers';
import { registerMatMulGradient } from './mat-mul-gradient.js';

/** Kernels whose result is piecewise constant in their inputs: the derivative is zero wherever it exists. */
const piecewiseConstant = [
  tf.Greater,
  tf.GreaterEqual,
  tf.Less,
  tf.LessEqual,
  tf.Equal,
  tf.NotEqual,
  tf.LogicalAnd,
  tf.LogicalOr,
  tf.LogicalNot,
];

let registered = false;

const zeros = (x: tf.Tensor) => (): tf.Tensor => tf.zeros(x.shape, 'float32');

/**
 * Makes second derivatives of the stock operations work, so that a gradient penalty can be written with them:
 *
 * - adds the gradients that TensorFlow.js lacks: comparisons and logic (reached through `leakyRelu`, `clipByValue`, `maximum`, `max`,
 *   ...), `AvgPoolGrad` and `Conv2DBackpropFilter`;
 * - replaces those of `tanh`, `sigmoid`, `exp` and `softmax`, whose second derivative is silently incomplete in TensorFlow.js 4.22:
 *   they are written in the saved output, which is put on the tape before the operation that made it;
 * - replaces that of `matMul`, which is wrong on webgpu for long sums (`mat-mul-gradient.ts`).
 *
 * `tf.logSoftmax` and `tf.losses.softmaxCrossEntropy` are custom gradients inside TensorFlow.js with that same defect, out of reach
 * from here: inside a penalty write `tf.log(tf.softmax(x))`.
 *
 * The import of this package calls it; calling it again does nothing.
 *
 * `leakyRelu`, `boxDownscale` and `clip` of this package need none of it and are faster than the stock operations.
 */
export function registerSecondOrderGradients(): void {
  if (registered) return;
  registered = true;
  replaceGradientsWrittenInOutput();
  registerMatMulGradient();
  for (const kernelName of piecewiseConstant) {
    register({
      kernelName,
      inputsToSave: kernelName === tf.LogicalNot ? ['x'] : ['a', 'b'],
      gradFunc: (_dy, saved) =>
        kernelName === tf.LogicalNot ? { x: zeros(saved[0]!) } : { a: zeros(saved[0]!), b: zeros(saved[1]!) },
    });
  }
  // d(mean pool)^T is linear in dy and does not depend on the values of its input, so its transpose is mean pooling.
  register({
    kernelName: tf.AvgPoolGrad,
    inputsToSave: ['input'],
    gradFunc: (ddx, saved, attributes) => {
      const { filterSize, strides, pad } = attributes as unknown as tf.AvgPoolGradAttrs;
      return {
        dy: () => tf.avgPool(ddx as tf.Tensor4D, filterSize, strides, pad),
        input: zeros(saved[0]!),
      };
    },
  });
  register({
    kernelName: tf.Conv2DBackpropFilter,
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddFilter, saved, attributes) => {
      const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D];
      const { strides, pad, dataFormat, dimRoundingMode } = attributes as unknown as tf.Conv2DBackpropFilterAttrs;
      const filter = ddFilter as tf.Tensor4D;
      return {
        x: () =>
          tf.conv2dTranspose(dy, filter, x.shape, strides as [number, number], pad as 'same' | 'valid' | number, dimRoundingMode),
        dy: () =>
          tf.conv2d(x, filter, strides as [number, number], pad as 'same' | 'valid' | number, dataFormat, 1, dimRoundingMode),
      };
    },
  });
}

/** The gradient in terms of the output y of each operation, and how to compute y anew. */
const writtenInOutput: Record<string, { compute(x: tf.Tensor): tf.Tensor; gradient(dy: tf.Tensor, y: tf.Tensor): tf.Tensor }> = {
  [tf.Tanh]: { compute: (x) => tf.tanh(x), gradient: (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))) },
  [tf.Sigmoid]: { compute: (x) => tf.sigmoid(x), gradient: (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))) },
  [tf.Exp]: { compute: (x) => tf.exp(x), gradient: (dy, y) => tf.mul(dy, y) },
  [tf.Softmax]: {
    compute: (x) => tf.softmax(x),
    gradient: (dy, y) => tf.mul(tf.sub(dy, tf.sum(tf.mul(dy, y), -1, true)), y),
  },
};

function replaceGradientsWrittenInOutput(): void {
  for (const [kernelName, { compute, gradient }] of Object.entries(writtenInOutput)) {
    const input = kernelName === tf.Softmax ? 'logits' : 'x';
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName,
      inputsToSave: [input],
      outputsToSave: [true],
      gradFunc: (dy, saved) => {
        const [x, y] = saved as [tf.Tensor, tf.Tensor];
        // Computing y anew puts it on the tape of the outer derivative; a first derivative needs no such thing.
        const isDifferentiatedAgain = tf.engine().state.gradientDepth > 0;
        return { [input]: () => gradient(dy as tf.Tensor, isDifferentiatedAgain ? compute(x) : y) };
      },
    });
  }
}

function register(config: tf.GradConfig): void {
  if (tf.getGradient(config.kernelName) === undefined || tf.getGradient(config.kernelName) === null) tf.registerGradient(config);
}
