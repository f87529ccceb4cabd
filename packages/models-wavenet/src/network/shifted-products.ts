import * as tf from '@tensorflow/tfjs-core';
import { pointwiseProduct } from './pointwise.js';

/** A dilated convolution as one matrix product for each tap, on a shifted copy of the sound. Arguments as of `foldedConvolution`. */
export function shiftedProducts(x: tf.Tensor3D, kernel: tf.Tensor4D, dilation: number, before: number): tf.Tensor3D {
  const [batch, samples, channels] = x.shape;
  const [, taps, , outputs] = kernel.shape;
  return tf.tidy(() => {
    const after = (taps - 1) * dilation - before;
    const padded =
      before + after === 0
        ? x
        : tf.pad(x, [
            [0, 0],
            [before, after],
            [0, 0],
          ]);
    const products = Array.from({ length: taps }, (_, tap) => {
      const shifted = taps === 1 ? padded : tf.slice(padded, [0, tap * dilation, 0], [batch, samples, channels]);
      const matrix = tf.reshape(tf.slice(kernel, [0, tap, 0, 0], [1, 1, channels, outputs]), [channels, outputs]) as tf.Tensor2D;
      return pointwiseProduct(shifted, matrix);
    });
    return products.length === 1 ? products[0]! : tf.addN(products);
  });
}
