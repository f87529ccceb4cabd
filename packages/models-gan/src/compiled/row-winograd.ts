import * as tf from '@tensorflow/tfjs-core';
import { type CompiledPart, type Keep, kernelTensor } from './compiled-part.js';
import { combineTaps, type FoldedConvolution, identityMatrix } from './folded-kernel.js';
import { stridedCopy } from './strided-copy.js';

type Six = [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];

/**
 * G of F(4, 3): three taps to six products for four outputs; interpolation points 0, 1, -1, 2, -2, infinity.
 *
 * @see Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016, section 4.3
 */
const tapsToPoints: readonly (readonly number[])[] = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];

/** Whether {@link rowWinograd} can do it: three kernel rows, and a height that is a multiple of four. */
export const rowWinogradFits = ({ kernel }: FoldedConvolution, height: number): boolean =>
  kernel.shape[0] === 3 && height % 4 === 0;

/**
 * A convolution with three kernel rows (SAME) in half the multiplications: Winograd's F(4, 3) along the height, ordinary taps along the
 * width. Four output rows come from six products instead of twelve. The two-dimensional form would save little more and move twice the
 * data: here
 * only whole rows are copied and added. One example at a time.
 */
export function rowWinograd({ kernel, bias }: FoldedConvolution, keep: Keep): CompiledPart {
  const [, kernelWidth, inputs, outputs] = kernel.shape;
  const points = combineTaps(kernel, tapsToPoints, identityMatrix(kernelWidth));
  const size = kernelWidth * inputs * outputs;
  const filters = tapsToPoints.map((_, k) =>
    keep(kernelTensor({ shape: [1, kernelWidth, inputs, outputs], data: points.data.subarray(k * size, (k + 1) * size) })),
  );
  const biases = keep(tf.tensor1d(bias));
  const four = keep(tf.scalar(4));

  /** B^T r, sharing what can be shared: the planes of the six points from rows 4 t - 1 to 4 t + 4. */
  const planes = (x: tf.Tensor4D): tf.Tensor3D[] =>
    tf.tidy(() => {
      const [, height, width] = x.shape;
      const row = width * inputs;
      const [r0, r1, r2, r3, r4, r5] = [-1, 0, 1, 2, 3, 4].map((first) =>
        stridedCopy(x, { offset: first * row, counts: [height / 4, 1], strides: [4 * row, 0], length: row }),
      ) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
      const even = tf.sub(r4, r2);
      const odd = tf.sub(r3, r1);
      const twice = tf.add(odd, odd);
      const [p, q] = [tf.sub(r4, tf.mul(r2, four)), tf.sub(r3, tf.mul(r1, four))];
      return [
        tf.add(tf.mul(tf.sub(r0, r2), four), even),
        tf.add(p, q),
        tf.sub(p, q),
        tf.add(even, twice),
        tf.sub(even, twice),
        tf.sub(tf.sub(r5, r3), tf.add(twice, twice)),
      ] as tf.Tensor3D[];
    });

  /** The k-th plane convolved. The bias at the point 1 reaches each of the four output rows exactly once. */
  const product = (plane: tf.Tensor3D, k: number, width: number): tf.Tensor4D => {
    const x = tf.reshape(plane, [1, -1, width, inputs]) as tf.Tensor4D;
    const filter = filters[k]!;
    const y = tf.fused.conv2d({ x, filter, ...(k === 1 ? { bias: biases } : {}), strides: 1, pad: 'same' });
    tf.dispose([plane, x]);
    return y;
  };

  const example = (x: tf.Tensor4D): tf.Tensor4D => {
    const [, height, width] = x.shape;
    const m = planes(x).map((plane, k) => product(plane, k, width)) as Six;
    // A^T m, sharing what can be shared
    const [ones, onesDifference] = [tf.add(m[1], m[2]), tf.sub(m[1], m[2])];
    const [twos, twosDifference] = [tf.add(m[3], m[4]), tf.sub(m[3], m[4])];
    const twice = tf.add(twosDifference, twosDifference);
    const rows = [
      tf.add(tf.add(m[0], ones), twos),
      tf.add(onesDifference, twice),
      tf.add(ones, tf.mul(twos, four)),
      tf.add(tf.add(onesDifference, tf.mul(twice, four)), m[5]),
    ];
    const stacked = tf.concat(
      rows.map((plane) => tf.reshape(plane, [height / 4, 1, width * outputs])),
      1,
    );
    return tf.reshape(stacked, [1, height, width, outputs]);
  };

  return {
    apply: (x) => tf.tidy(() => example(x)),
    multiplyAdds: (height, width) => (height / 4) * 6 * width * size,
    // In quarters of an image, x being four: its transform makes 23 planes of the inputs, what follows 23 of the outputs.
    peakValues: (height, width) =>
      (height / 4) * width * (4 * inputs + Math.max(23 * inputs, 6 * inputs + 2 * outputs, 23 * outputs)),
  };
}
