import * as tf from '@tensorflow/tfjs-core';

/** Class indices as rows of a one-hot matrix [batch, pitches]; an index outside [0, pitches) gives a row of zeros. */
export function oneHotPitches(labels: Int32Array, pitches: number): tf.Tensor2D {
  return tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), pitches), 'float32') as tf.Tensor2D);
}

/** Mean softmax cross-entropy of the auxiliary pitch classifier. Rows of zeros count as zero. */
export function pitchLoss(pitch: tf.Tensor2D, logits: tf.Tensor2D): tf.Scalar {
  return tf.mean(tf.neg(tf.sum(tf.mul(pitch, tf.logSoftmax(logits)), 1)));
}
