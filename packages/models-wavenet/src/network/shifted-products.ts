import * as tf from '@tensorflow/tfjs-core';

/**
 * A dilated convolution as one matrix product: of copies of the sound, one a tap, shifted and side by side. Its gradient keeps the sound and not the copies, which
 * it makes again; it can be differentiated once. Arguments as of `foldedConvolution`.
 */
export function shiftedProducts(x: tf.Tensor3D, kernel: tf.Tensor4D, dilation: number, before: number): tf.Tensor3D {
  const [batch, samples, channels] = x.shape;
  const [, taps, , outputs] = kernel.shape;
  const offsets = Array.from({ length: taps }, (_, tap) => tap * dilation - before);
  const rows = (x: tf.Tensor, columns: number): tf.Tensor2D => tf.reshape(x, [batch * samples, columns]);
  const copies = (x: tf.Tensor3D): tf.Tensor2D => {
    const [first, last] = [Math.max(0, before), Math.max(0, offsets.at(-1)!)];
    const padded =
      first + last === 0
        ? x
        : tf.pad(x, [
            [0, 0],
            [first, last],
            [0, 0],
          ]);
    const shifted = offsets.map((offset) =>
      offset === 0 ? x : tf.slice(padded, [0, first + offset, 0], [batch, samples, channels]),
    );
    return rows(taps === 1 ? shifted[0]! : tf.concat(shifted, 2), taps * channels);
  };
  const matrix = (kernel: tf.Tensor4D): tf.Tensor2D => tf.reshape(kernel, [taps * channels, outputs]);

  return tf.customGrad((...all: unknown[]) => {
    const [x, kernel, save] = all as [tf.Tensor3D, tf.Tensor4D, (tensors: tf.Tensor[]) => void];
    save([x, kernel]);
    return {
      value: tf.tidy(() => tf.reshape(tf.matMul(copies(x), matrix(kernel)), [batch, samples, outputs])),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, kernel] = saved as [tf.Tensor3D, tf.Tensor4D];
        const dRows = rows(dy, outputs);
        return [
          tf.tidy(() => {
            const toCopies = tf.reshape(tf.matMul(dRows, matrix(kernel), false, true), [
              batch,
              samples,
              taps,
              channels,
            ]) as tf.Tensor4D;
            const toTaps = taps === 1 ? [toCopies] : tf.split(toCopies, taps, 2);
            return tf.addN(toTaps.map((one, tap) => later(tf.reshape(one, [batch, samples, channels]), offsets[tap]!)));
          }),
          tf.tidy(() => tf.reshape(tf.matMul(copies(x), dRows, true, false), kernel.shape)),
        ];
      },
    };
  })(x, kernel) as tf.Tensor3D;
}

/** The same sound so many samples later, or earlier where `by` is below 0; what leaves its length is lost, what enters is 0. */
function later(x: tf.Tensor3D, by: number): tf.Tensor3D {
  const [batch, samples, channels] = x.shape;
  const shift = Math.min(samples, Math.abs(by));
  if (shift === 0) return x;
  const rest = tf.slice(x, [0, by > 0 ? 0 : shift, 0], [batch, samples - shift, channels]);
  return tf.pad(rest, [[0, 0], by > 0 ? [shift, 0] : [0, shift], [0, 0]]);
}
