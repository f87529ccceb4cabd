import * as tf from '@tensorflow/tfjs-core';
import { conditioningChannels } from '../config/conditioning-config.js';
import { outputChannels } from '../config/output-config.js';
import { dilations } from '../config/wavenet-config.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import { convolutionOf } from '../network/weights.js';
import { drawCode, drawSample16 } from '../output/draw.js';
import type { SamplingEngine } from './engine.js';
import { noiseSize } from './noise.js';

/** What comes last drives out the oldest. */
function remember(queue: tf.Tensor2D[], x: tf.Tensor2D): void {
  if (queue.length === 0) return;
  queue.push(tf.keep(x));
  queue.shift()?.dispose();
}

const product = (x: tf.Tensor2D, [by, biased]: readonly [tf.Tensor2D, tf.Tensor1D]): tf.Tensor2D =>
  tf.add(tf.matMul(x, by), biased);

/**
 * The same sampler as tensor operations, on the backend that is set, and what the queue sampler is held against. As few of them as there can be: each
 * costs some time by itself.
 */
export function tensorEngine(model: WaveNetModel, notes: number): SamplingEngine {
  const { config, weights } = model;
  const { width, kernelLength, output } = config;
  const channels = conditioningChannels(config.conditioning);
  const layers = dilations(config).map((dilation, index) => ({ dilation, name: String(index + 1) }));
  /** A convolution's taps below one another, oldest first. [taps * inputs, outputs] */
  const matrix = (name: string): tf.Tensor2D => {
    const { kernel } = convolutionOf(weights, name);
    const [, taps, inputs, outputs] = kernel.shape;
    return tf.reshape(kernel, [taps * inputs, outputs]);
  };
  const biases = (name: string): tf.Tensor1D => tf.clone(convolutionOf(weights, name).biases);

  const fixed = tf.tidy(() => ({
    start: [matrix('startconv'), biases('startconv')] as const,
    skipStart: [matrix('skip_start'), biases('skip_start')] as const,
    gates: layers.map(({ name }) => matrix(`dilatedconv_${name}`)),
    // What a layer adds to the residual stream and to the sum of skips, in one product.
    sums: layers.map(({ name }) => tf.concat2d([matrix(`res_${name}`), matrix(`skip_${name}`)], 1)),
    sumBiases: layers.map(({ name }) =>
      tf.tile<tf.Tensor2D>(tf.reshape(tf.concat1d([biases(`res_${name}`), biases(`skip_${name}`)]), [1, -1]), [notes, 1]),
    ),
    head: matrix('out1'),
    logits: [matrix('logits'), biases('logits')] as const,
  }));

  /** What the first convolution and each layer remember, oldest first. */
  let queues: tf.Tensor2D[][] = [];
  /** Of each layer's gates and the head: what conditioning and biases add. */
  let conditions: tf.Tensor[] = [];
  const recall = (queue: readonly tf.Tensor2D[], dilation: number, x: tf.Tensor2D): tf.Tensor2D[] => [
    ...Array.from({ length: kernelLength - 1 }, (_, tap) => queue[tap * dilation]!),
    x,
  ];
  const condition = (frames: Float32Array): void => {
    tf.dispose(conditions);
    conditions = tf.tidy(() => {
      const own = [...layers.map(({ name }) => biases(`dilatedconv_${name}`)), biases('out1')];
      if (channels === 0) return own;
      const frame = tf.tensor2d(frames.subarray(0, notes * channels), [notes, channels]);
      const maps = [...layers.map(({ name }) => `cond_map_${name}`), 'cond_map_out1'];
      return maps.map((name, index) => tf.add(tf.matMul(frame, matrix(name)), tf.add(biases(name), own[index]!)));
    });
  };
  const reset = (): void => {
    tf.dispose(queues);
    const zeros = (count: number, columns: number): tf.Tensor2D[] =>
      Array.from({ length: count }, () => tf.zeros([notes, columns]));
    queues = [zeros(kernelLength, 1), ...layers.map(({ dilation }) => zeros((kernelLength - 1) * dilation, width))];
    condition(new Float32Array(notes * channels));
  };
  reset();

  const predict = (): tf.Tensor2D =>
    tf.tidy(() => {
      let x = product(tf.concat2d(queues[0]!, 1), fixed.start);
      let sums: tf.Tensor2D = tf.concat2d([x, product(x, fixed.skipStart)], 1);
      for (const [index, { dilation }] of layers.entries()) {
        const queue = queues[index + 1]!;
        const heard = tf.matMul<tf.Tensor2D>(tf.concat2d(recall(queue, dilation, x), 1), fixed.gates[index]!);
        remember(queue, x);
        const [a, b] = tf.split(tf.add<tf.Tensor2D>(heard, conditions[index]!), 2, 1);
        const gated = tf.mul<tf.Tensor2D>(tf.sigmoid(a!), tf.tanh(b!));
        sums = tf.addN<tf.Tensor2D>([sums, tf.matMul<tf.Tensor2D>(gated, fixed.sums[index]!), fixed.sumBiases[index]!]);
        x = tf.slice(sums, [0, 0], [notes, width]);
      }
      const skips = tf.slice(sums, [0, width], [notes, -1]);
      const head = tf.add<tf.Tensor2D>(tf.matMul(tf.relu(skips), fixed.head), conditions[layers.length]!);
      return product(tf.relu(head), fixed.logits);
    });
  const take = (values: Float32Array): void => {
    remember(queues[0]!, tf.tensor2d(values, [notes, 1]));
  };
  const expect = async (): Promise<Float32Array> => {
    const predicted = predict();
    const values = await predicted.data<'float32'>();
    predicted.dispose();
    return values;
  };

  const outputs = outputChannels(output);
  const numbers = noiseSize(output);
  const drawOne = (expected: Float32Array, note: number, noise: Float32Array): number =>
    output.kind === 'mu-law'
      ? drawCode(expected, noise[0]!, note * outputs) / 128
      : drawSample16(expected, noise.subarray(0, output.mixtures), noise[output.mixtures]!, output.logScaleFloor, note * outputs);

  return {
    name: 'tensors',
    threads: 1,
    reset,
    condition,
    draw: async (count, noise) => {
      const drawn = new Float32Array(count * notes);
      for (let step = 0; step < count; step++) {
        const expected = await expect();
        for (let note = 0; note < notes; note++)
          drawn[step * notes + note] = drawOne(expected, note, noise.subarray((step * notes + note) * numbers));
        take(drawn.subarray(step * notes, (step + 1) * notes));
      }
      return drawn;
    },
    force: async (count, values) => {
      const expected = new Float32Array(count * notes * outputs);
      for (let step = 0; step < count; step++) {
        expected.set(await expect(), step * notes * outputs);
        take(values.subarray(step * notes, (step + 1) * notes));
      }
      return expected;
    },
    dispose: () => {
      tf.dispose([queues, conditions, fixed] as tf.TensorContainer);
      queues = [];
      conditions = [];
    },
  };
}
