import * as tf from '@tensorflow/tfjs-core';
import { conditioningChannels } from '../config/conditioning-config.js';
import { outputChannels } from '../config/output-config.js';
import { dilations } from '../config/wavenet-config.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import { waveNetVariables } from '../network/variables.js';
import { convolutionOf } from '../network/weights.js';
import { drawCode, drawSample16 } from '../output/draw.js';
import type { SamplingEngine } from './engine.js';
import { noiseSize } from './noise.js';

/** A convolution as matrices, one a tap, oldest first. */
interface Matrices {
  readonly taps: readonly tf.Tensor2D[];
  readonly biases: tf.Tensor1D;
}

/** What comes last drives out the oldest. */
function remember(queue: tf.Tensor2D[], x: tf.Tensor2D): void {
  if (queue.length === 0) return;
  queue.push(tf.keep(tf.clone(x)));
  queue.shift()?.dispose();
}

/** The same sampler as tensor operations, on the backend that is set: slow, plain, and what the queue sampler is held against. */
export function tensorEngine(model: WaveNetModel, notes: number): SamplingEngine {
  const { config, weights } = model;
  const { width, kernelLength, output } = config;
  const channels = conditioningChannels(config.conditioning);
  const matrices = (name: string): Matrices => {
    const { kernel, biases } = convolutionOf(weights, name);
    const [, taps, inputs, outputs] = kernel.shape;
    const each = tf.tidy(() =>
      Array.from({ length: taps }, (_, tap) =>
        tf.reshape(tf.slice(kernel, [0, tap, 0, 0], [1, 1, inputs, outputs]), [inputs, outputs]),
      ),
    );
    return { taps: each as tf.Tensor2D[], biases };
  };
  const names = waveNetVariables(config, 'decoder').filter(({ name }) => name.endsWith('/W') && !name.startsWith('pitch_'));
  const all = new Map(names.map(({ name }) => [name.slice(0, -2), matrices(name.slice(0, -2))]));
  const product = (name: string, inputs: readonly tf.Tensor2D[]): tf.Tensor2D => {
    const { taps, biases } = all.get(name)!;
    return tf.add(tf.addN(taps.map((tap, index) => tf.matMul(inputs[index]!, tap))), biases);
  };

  /** What the first convolution and each layer remember, oldest first. */
  let queues: tf.Tensor2D[][] = [];
  let conditions: tf.Tensor2D[] = [];
  const free = (): void => tf.dispose([...queues.flat(), ...conditions]);
  const recall = (queue: readonly tf.Tensor2D[], dilation: number, x: tf.Tensor2D): tf.Tensor2D[] => [
    ...Array.from({ length: kernelLength - 1 }, (_, tap) => queue[tap * dilation]!),
    x,
  ];
  const condition = (frames: Float32Array): void => {
    tf.dispose(conditions);
    const layers = channels === 0 ? [] : [...dilations(config).map((_, index) => `cond_map_${index + 1}`), 'cond_map_out1'];
    conditions = tf.tidy(() => {
      const frame = tf.tensor2d(frames.subarray(0, notes * channels), [notes, channels]);
      return layers.map((name) => product(name, [frame]));
    });
  };
  const reset = (): void => {
    free();
    const zeros = (count: number, columns: number): tf.Tensor2D[] =>
      Array.from({ length: count }, () => tf.zeros([notes, columns]));
    queues = [zeros(kernelLength, 1), ...dilations(config).map((dilation) => zeros((kernelLength - 1) * dilation, width))];
    conditions = [];
    condition(new Float32Array(notes * channels));
  };
  reset();

  const conditioned = (x: tf.Tensor2D, index: number): tf.Tensor2D => {
    const own = conditions[index];
    return own ? tf.add(x, own) : x;
  };
  const predict = (): tf.Tensor2D =>
    tf.tidy(() => {
      let x = product('startconv', queues[0]!);
      let skips = product('skip_start', [x]);
      for (const [index, dilation] of dilations(config).entries()) {
        const queue = queues[index + 1]!;
        const sums = conditioned(product(`dilatedconv_${index + 1}`, recall(queue, dilation, x)), index);
        const [a, b] = [tf.slice(sums, [0, 0], [notes, width]), tf.slice(sums, [0, width], [notes, width])];
        const gated = tf.mul<tf.Tensor2D>(tf.sigmoid(a), tf.tanh(b));
        remember(queue, x);
        if (index < config.layers - 1) x = tf.add(x, product(`res_${index + 1}`, [gated]));
        skips = tf.add(skips, product(`skip_${index + 1}`, [gated]));
      }
      const head = conditioned(product('out1', [tf.relu(skips)]), config.layers);
      return product('logits', [tf.relu(head)]);
    });
  const take = (values: Float32Array): void => {
    const x = tf.tensor2d(values, [notes, 1]);
    remember(queues[0]!, x);
    x.dispose();
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
      free();
      for (const { taps } of all.values()) tf.dispose([...taps]);
      queues = [];
      conditions = [];
    },
  };
}
