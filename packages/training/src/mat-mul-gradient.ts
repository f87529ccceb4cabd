import * as tf from '@tensorflow/tfjs-core';

/** x y with either factor turned first. Transposing of the second factor within the product is what webgpu gets wrong. */
function product(x: tf.Tensor, y: tf.Tensor, transposeX: boolean, transposeY: boolean): tf.Tensor {
  if (!transposeY || tf.getBackend() !== 'webgpu') return tf.matMul(x, y, transposeX, transposeY);
  const axes = [...y.shape.keys()];
  [axes[y.rank - 1], axes[y.rank - 2]] = [y.rank - 2, y.rank - 1];
  return tf.matMul(x, tf.transpose(y, axes), transposeX, false);
}

/**
 * Replaces the gradient of `tf.matMul` by one that is right on webgpu too.
 *
 * tfjs-backend-webgpu 4.22 multiplies by a transposed second factor wrongly where its split-K kernel runs on four columns at a time: no batch, 2,000
 * products or more to add up, a small result, sides divisible by 4. The stock gradient for the first factor is such a product, so that the gradient
 * towards the input of a layer of 2,000 units or more (WaveGAN's first) is wrong there without a word.
 */
export function registerMatMulGradient(): void {
  tf.unregisterGradient(tf.BatchMatMul);
  tf.registerGradient({
    kernelName: tf.BatchMatMul,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved, attributes) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const { transposeA, transposeB } = attributes as { transposeA: boolean; transposeB: boolean };
      const upstream = dy as tf.Tensor;
      return {
        a: () => (transposeA ? product(b, upstream, transposeB, true) : product(upstream, b, false, !transposeB)),
        b: () => (transposeB ? product(upstream, a, true, transposeA) : product(a, upstream, !transposeA, false)),
      };
    },
  });
}
