import * as tf from '@tensorflow/tfjs-core';

/**
 * A dilated convolution as an ordinary one: samples that are `dilation` apart become neighbours. Without biases.
 *
 * @param before zeros before the first sample; after the last come as many as the taps still reach
 */
export function foldedConvolution(x: tf.Tensor3D, kernel: tf.Tensor4D, dilation: number, before: number): tf.Tensor3D {
  const [batch, samples, channels] = x.shape;
  const [, taps, , outputs] = kernel.shape;
  return tf.tidy(() => {
    // Whole rounds of the dilation.
    const rounds = Math.ceil(samples / dilation);
    const after = (taps - 1) * dilation - before + rounds * dilation - samples;
    const padded =
      before + after === 0
        ? x
        : tf.pad(x, [
            [0, 0],
            [before, after],
            [0, 0],
          ]);
    const folded = swapRounds(tf.reshape(padded, [batch, rounds + taps - 1, dilation, channels]));
    const wide = tf.reshape(folded, [batch * dilation, 1, rounds + taps - 1, channels]) as tf.Tensor4D;
    const convolved = tf.reshape(tf.conv2d(wide, kernel, 1, 'valid'), [batch, dilation, rounds, outputs]) as tf.Tensor4D;
    const flat = tf.reshape(swapRounds(convolved), [batch, rounds * dilation, outputs]) as tf.Tensor3D;
    return rounds * dilation === samples ? flat : tf.slice(flat, 0, [batch, samples, outputs]);
  });
}

/** [batch, a, b, channels] -> [batch, b, a, channels] */
const swapRounds = (x: tf.Tensor4D): tf.Tensor4D =>
  x.shape[1] === 1 || x.shape[2] === 1
    ? tf.reshape(x, [x.shape[0], x.shape[2], x.shape[1], x.shape[3]])
    : tf.transpose(x, [0, 2, 1, 3]);
