import * as tf from '@tensorflow/tfjs-core';
import type { Size } from '../progressive/config.js';
import { type CompiledPart, type Keep, kernelTensor } from './compiled-part.js';
import { combineTaps, type FoldedConvolution, joinOutputs } from './folded-kernel.js';
import { threeByThree } from './prepared-convolution.js';
import { stridedCopy } from './strided-copy.js';

/** Whether the forms below, and the prepared one, apply: doubled height and width, then a 3 x 3 kernel. */
export const doublingFits = (layer: FoldedConvolution, factors: Size): boolean =>
  threeByThree(layer) && factors[0] === 2 && factors[1] === 2;

/** What three taps (a, b, c) on a doubled row become on the row itself. Even outputs see [i-1, i], odd ones [i, i+1]. */
const merged = {
  even: [
    [1, 0, 0],
    [0, 1, 1],
  ],
  odd: [
    [1, 1, 0],
    [0, 0, 1],
  ],
} as const;

/**
 * Nearest-neighbour doubling and a 3 x 3 convolution (SAME) as a 2 x 2 convolution of the small image to four times the channels: 16
 * products a small pixel and channel pair instead of 36.
 *
 * Between the small pixels i-1 and i, two outputs see the same taps: the odd one of i-1 and the even one of i. In this order the channels of
 * the convolution over the zero-padded image unfold to pixels, one too many at each border, which is cut off.
 */
export function mergedDoubling({ kernel, bias }: FoldedConvolution, keep: Keep): CompiledPart {
  const [, , inputs, outputs] = kernel.shape;
  const order = ['odd', 'even'] as const;
  const parts = order.flatMap((row) => order.map((column) => combineTaps(kernel, merged[row], merged[column])));
  const filter = keep(kernelTensor(joinOutputs(parts)));
  const biases = keep(tf.tensor1d(Float32Array.from({ length: 4 * outputs }, (_, i) => bias[i % outputs]!)));
  return {
    apply: (x) =>
      tf.tidy(() => {
        const [batch, height, width] = x.shape;
        const padded = tf.pad(x, [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ]);
        const images = tf.fused.conv2d({ x: padded, filter, bias: biases, strides: 1, pad: 'valid' });
        // depthToSpace, with two outputs of a row in one chunk
        const chunks = tf.reshape(images, [batch * (height + 1), width + 1, 2, 2 * outputs]);
        const rows = tf.reshape(tf.transpose(chunks, [0, 2, 1, 3]), [batch, 2 * height + 2, (2 * width + 2) * outputs]);
        const cut = tf.slice(rows, [0, 1, outputs], [batch, 2 * height, 2 * width * outputs]);
        return tf.reshape(cut, [batch, 2 * height, 2 * width, outputs]);
      }),
    multiplyAdds: (height, width) => (height + 1) * (width + 1) * 16 * inputs * outputs,
    peakValues: (height, width) => height * width * (2 * inputs + 12 * outputs),
  };
}

/**
 * Taps (a, b, c) on a doubled row, with s = a + b + c and the differences to the neighbours before and after:
 *
 *   y[2i]   = a x[i-1] + (b + c) x[i] = s x[i] - a (x[i] - x[i-1])
 *   y[2i+1] = (a + b) x[i] + c x[i+1] = s x[i] + c (x[i+1] - x[i])
 *
 * Three products for two outputs, where the merged form has four; in both directions nine instead of sixteen.
 */
const taps = { sum: [1, 1, 1], before: [-1, 0, 0], after: [0, 0, 1] } as const;
const names = ['sum', 'before', 'after'] as const;
/** A 1 x 1 convolution may be given its pixels in any arrangement; backends share whole rows among their threads. */
const sharedRows = 8;

type Direction = (typeof names)[number];
type Term = `${Direction}-${Direction}`;

/**
 * The same as {@link mergedDoubling} with 9 products a small pixel and channel pair: 1 x 1 convolutions of the image and of its
 * differences along rows, columns and both, then sums of shifted results.
 *
 * The image lies in memory with a column of zeros at its right, so that a shift by a pixel or a row is a shift of the whole. One
 * example at a time.
 */
export function differenceDoubling({ kernel, bias }: FoldedConvolution, keep: Keep): CompiledPart {
  const [, , inputs, outputs] = kernel.shape;
  const biases = keep(tf.tensor1d(bias));
  // Named along the rows first, then along the columns.
  const filters = Object.fromEntries(
    names.flatMap((row) =>
      names.map((column) => [`${row}-${column}`, keep(kernelTensor(combineTaps(kernel, [taps[row]], [taps[column]])))]),
    ),
  ) as Record<Term, tf.Tensor4D>;

  /**
   * The image and its differences along columns, rows and both, at every pixel and beyond: later shifts look ahead by a row and a pixel.
   */
  const differences = (x: tf.Tensor4D): [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D] =>
    tf.tidy(() => {
      const [, height, width] = x.shape;
      const stride = width + 1;
      const padded = tf.pad(tf.reshape(x, [height, width, inputs]), [
        [0, 0],
        [0, 1],
        [0, 0],
      ]);
      const columns = Math.ceil(((height + 1) * stride + 1) / sharedRows);
      const length = sharedRows * columns * inputs;
      const from = (pixel: number): tf.Tensor4D =>
        tf.reshape(stridedCopy(padded, { offset: pixel * inputs, counts: [1, 1], strides: [0, 0], length }), [
          1,
          sharedRows,
          columns,
          inputs,
        ]);
      const [here, left, above, aboveLeft] = [from(0), from(-1), from(-stride), from(-stride - 1)];
      const alongRows = tf.sub(here, above) as tf.Tensor4D;
      return [here, tf.sub(here, left), alongRows, tf.sub(alongRows, tf.sub(left, aboveLeft))];
    });

  const multiply = (x: tf.Tensor4D): Record<Term, tf.Tensor4D> => {
    const planes = differences(x);
    const product = (row: Direction, column: Direction): [Term, tf.Tensor4D] => {
      const name: Term = `${row}-${column}`;
      const plane = planes[(row === 'sum' ? 0 : 2) + (column === 'sum' ? 0 : 1)]!;
      const withBias = name === 'sum-sum' ? { bias: biases } : {};
      return [name, tf.fused.conv2d({ x: plane, filter: filters[name], ...withBias, strides: 1, pad: 'valid' })];
    };
    const products = Object.fromEntries(names.flatMap((row) => names.map((column) => product(row, column))));
    tf.dispose(planes);
    return products as Record<Term, tf.Tensor4D>;
  };

  /** The four images of the row and column parities, one after the other. */
  const combine = (p: Record<Term, tf.Tensor4D>, height: number, stride: number): tf.Tensor => {
    const at = (plane: tf.Tensor, pixels: number): tf.Tensor =>
      stridedCopy(plane, { offset: pixels * outputs, counts: [1, 1], strides: [0, 0], length: height * stride * outputs });
    const even = tf.tidy(() => {
      const base = tf.add(p['sum-sum'], p['before-sum']);
      const left = tf.add(p['sum-before'], p['before-before']);
      const right = at(tf.add(p['sum-after'], p['before-after']), 1);
      return [at(tf.add(base, left), 0), tf.add(at(base, 0), right)];
    });
    const odd = tf.tidy(() => {
      const base = tf.add(at(p['sum-sum'], 0), at(p['after-sum'], stride));
      const left = tf.add(at(p['sum-before'], 0), at(p['after-before'], stride));
      const right = tf.add(at(p['sum-after'], 1), at(p['after-after'], stride + 1));
      return [tf.add(base, left), tf.add(base, right)];
    });
    tf.dispose(p);
    return tf.concat([...even, ...odd], 0);
  };

  const example = (x: tf.Tensor4D): tf.Tensor4D => {
    const [, height, width] = x.shape;
    const stride = width + 1;
    const images = combine(multiply(x), height, stride);
    // [row parity, column parity, pixel, channel] -> [row, row parity, column, column parity, channel]. depthToSpace does it value by value
    // on wasm, fifty times slower than this transpose and copy of whole chunks.
    const columns = tf.transpose(tf.reshape(images, [2, 2, height * stride, outputs]), [0, 2, 1, 3]);
    const row = stride * 2 * outputs;
    const rows = stridedCopy(columns, {
      offset: 0,
      counts: [height, 2],
      strides: [row, height * row],
      length: width * 2 * outputs,
    });
    return tf.reshape(rows, [1, 2 * height, 2 * width, outputs]);
  };

  return {
    apply: (x) => tf.tidy(() => example(x)),
    multiplyAdds: (height, width) => ((height + 1) * (width + 1) + 1) * 9 * inputs * outputs,
    peakValues: (height, width) => height * width * (inputs + Math.max(9 * inputs, 4 * inputs + 9 * outputs, 22 * outputs)),
  };
}
