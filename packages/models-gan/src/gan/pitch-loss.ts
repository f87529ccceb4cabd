import * as tf from '@tensorflow/tfjs-core';

/** Class indices as rows of a one-hot matrix [batch, classes]; an index outside [0, classes) gives a row of zeros. */
export function oneHotLabels(labels: Int32Array, classes: number): tf.Tensor2D {
  // Not tf.oneHot: it refuses a single class.
  const rows = new Float32Array(labels.length * classes);
  for (const [row, label] of labels.entries()) if (label >= 0 && label < classes) rows[row * classes + label] = 1;
  return tf.tensor2d(rows, [labels.length, classes]);
}

/** Mean softmax cross-entropy of the auxiliary pitch classifier. Rows of zeros count as zero. */
export function pitchLoss(pitch: tf.Tensor2D, logits: tf.Tensor2D): tf.Scalar {
  return tf.mean(tf.neg(tf.sum(tf.mul(pitch, tf.logSoftmax(logits)), 1)));
}
