import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from './errors.js';
import { boxUpscaleKernel } from './kernel-names.js';
import { runOptionalKernel } from './optional-kernel.js';

/** Whole factors along height and width. */
export type BoxFactors = readonly [height: number, width: number];

/**
 * Downscaling by whole factors: the mean of each box. Differentiable any number of times.
 *
 * @param x [batch, height, width, channels]; height and width are multiples of the factors
 * @returns [batch, height / fy, width / fx, channels]
 * @throws ArgumentError if a factor is no positive integer or does not divide the size
 * @see Engel et al. 2019, appendix; `layers.downscale` of the original
 */
export function boxDownscale(x: tf.Tensor4D, factors: BoxFactors): tf.Tensor4D {
  checkFactors('boxDownscale', x, factors);
  const [fy, fx] = factors;
  const [, height, width] = x.shape;
  if (height % fy !== 0 || width % fx !== 0) {
    throw new ArgumentError(
      'boxDownscale',
      `expected a height and width that are multiples of [${fy}, ${fx}], found [${height}, ${width}]. Pad or crop the image first.`,
      x.shape,
    );
  }
  return downscale(x, factors);
}

/**
 * Upscaling by whole factors, nearest neighbour: every value becomes a box. Differentiable any number of times.
 *
 * @param x [batch, height, width, channels]
 * @returns [batch, height * fy, width * fx, channels]
 * @throws ArgumentError if a factor is no positive integer
 * @see Engel et al. 2019, appendix; `layers.upscale` of the original
 */
export function boxUpscale(x: tf.Tensor4D, factors: BoxFactors): tf.Tensor4D {
  checkFactors('boxUpscale', x, factors);
  return upscale(x, factors);
}

// Up to the factor fy * fx the two are each other's adjoint, so each is the other's gradient, to every order.
const downscale = (x: tf.Tensor4D, factors: BoxFactors): tf.Tensor4D =>
  tf.customGrad((x) => ({
    value: isIdentity(factors)
      ? tf.clone(x as tf.Tensor)
      : tf.avgPool(x as tf.Tensor4D, [factors[0], factors[1]], [factors[0], factors[1]], 'valid'),
    gradFunc: (dy: tf.Tensor) => tf.mul(upscale(dy as tf.Tensor4D, factors), 1 / (factors[0] * factors[1])),
  }))(x) as tf.Tensor4D;

const upscale = (x: tf.Tensor4D, factors: BoxFactors): tf.Tensor4D =>
  tf.customGrad((x) => ({
    value: isIdentity(factors) ? tf.clone(x as tf.Tensor) : repeat(x as tf.Tensor4D, factors),
    gradFunc: (dy: tf.Tensor) => tf.mul(downscale(dy as tf.Tensor4D, factors), factors[0] * factors[1]),
  }))(x) as tf.Tensor4D;

function repeat(x: tf.Tensor4D, [fy, fx]: BoxFactors): tf.Tensor4D {
  return runOptionalKernel(boxUpscaleKernel, { x }, { factors: [fy, fx] }, () => {
    const [batch, height, width, channels] = x.shape;
    // Resizing multiplies coordinates by 1 / factor, which is exact for powers of two only.
    if (isPowerOfTwo(fy) && isPowerOfTwo(fx)) return tf.image.resizeNearestNeighbor(x, [height * fy, width * fx]);
    const tall = tf.tile(tf.reshape(x, [batch * height, 1, width * channels]), [1, fy, 1]);
    const wide = tf.tile(tf.reshape(tall, [batch * height * fy * width, 1, channels]), [1, fx, 1]);
    return tf.reshape(wide, [batch, height * fy, width * fx, channels]);
  })[0] as tf.Tensor4D;
}

const isIdentity = ([fy, fx]: BoxFactors): boolean => fy === 1 && fx === 1;
const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n));

function checkFactors(where: string, x: tf.Tensor, factors: BoxFactors): void {
  if (x.rank !== 4) {
    throw new ArgumentError(
      where,
      `expected an image of rank 4 [batch, height, width, channels], found rank ${x.rank} [${x.shape}].`,
      x.shape,
    );
  }
  if (factors.length !== 2 || !factors.every((f) => Number.isInteger(f) && f >= 1)) {
    throw new ArgumentError(where, `expected two positive integer factors [height, width], found [${factors}].`, factors);
  }
}
