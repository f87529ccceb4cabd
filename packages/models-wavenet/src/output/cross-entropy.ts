import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean negative log-likelihood of codes, in nats a sample; a uniform guess costs ln 256 = 5.55.
 *
 * @param logits [batch, samples, 256]
 * @param classes codes + 128, [batch, samples], int32
 */
export function crossEntropy(logits: tf.Tensor3D, classes: tf.Tensor2D): tf.Scalar {
  const [batch, samples, count] = logits.shape;
  const total = batch * samples;
  return tf.tidy(() => {
    const codes = tf.reshape(classes, [total]);
    // The stock operations would keep five arrays of this size for the way back.
    const loss = tf.customGrad((flat, save) => {
      const wanted = tf.oneHot(codes, count);
      const { logProbabilities, probabilities } = softmax(flat as tf.Tensor2D);
      (save as tf.GradSaveFunc)([probabilities, wanted]);
      const value = tf.neg(tf.div(tf.sum(tf.sum(tf.mul(logProbabilities, wanted), 1)), total));
      return {
        value,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
          const [found, right] = saved as [tf.Tensor, tf.Tensor];
          return tf.mul(tf.sub(found, right), tf.div(dy, total));
        },
      };
    });
    return loss(tf.reshape(logits, [total, count])) as tf.Scalar;
  });
}

function softmax(logits: tf.Tensor2D): { logProbabilities: tf.Tensor; probabilities: tf.Tensor } {
  const centred = tf.sub(logits, tf.max(logits, 1, true));
  const exponentials = tf.exp(centred);
  const sum = tf.sum(exponentials, 1, true);
  return { logProbabilities: tf.sub(centred, tf.log(sum)), probabilities: tf.div(exponentials, sum) };
}
