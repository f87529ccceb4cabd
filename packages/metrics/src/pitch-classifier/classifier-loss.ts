import * as tf from '@tensorflow/tfjs-core';
import type { ClassifierLabels } from './labels.js';
import type { ClassifierSettings } from './settings.js';

/** Sum of the heads' cross entropies: softmax over pitches, over families and over sources, sigmoid over qualities. Nats, means over the batch. */
export function classifierLoss(
  all: tf.Tensor2D,
  labels: ClassifierLabels,
  { outputs, lowestPitch }: ClassifierSettings,
): tf.Scalar {
  const { pitches, qualities, families } = outputs;
  const head = (from: number, size: number): tf.Tensor2D => tf.slice2d(all, [0, from], [-1, size]);
  let loss: tf.Scalar = softmaxLoss(
    head(0, pitches),
    Int32Array.from(labels.pitches, (pitch) => pitch - lowestPitch),
  );
  if (qualities > 0 && labels.qualities) {
    const truth = tf.tensor2d(Float32Array.from(labels.qualities), [all.shape[0], qualities]);
    const x = head(pitches, qualities);
    // max(x, 0) - x t + ln(1 + exp(-|x|)): sigmoid cross entropy that does not overflow
    const each = tf.add(tf.sub(tf.relu(x), tf.mul(x, truth)), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
    loss = tf.add<tf.Scalar>(loss, tf.mean<tf.Scalar>(each));
  }
  if (families > 0 && labels.families) {
    loss = tf.add<tf.Scalar>(loss, softmaxLoss(head(pitches + qualities, families), Int32Array.from(labels.families)));
  }
  if (outputs.sources > 0 && labels.sources) {
    loss = tf.add<tf.Scalar>(
      loss,
      softmaxLoss(head(pitches + qualities + families, outputs.sources), Int32Array.from(labels.sources)),
    );
  }
  return loss;
}

const softmaxLoss = (logits: tf.Tensor2D, classes: Int32Array): tf.Scalar =>
  tf.neg<tf.Scalar>(
    tf.mean<tf.Scalar>(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(tf.tensor1d(classes, 'int32'), logits.shape[1])), 1)),
  );

/** Share of the batch whose pitch is right. */
export function classifierAccuracy(
  all: tf.Tensor2D,
  labels: ClassifierLabels,
  { outputs, lowestPitch }: ClassifierSettings,
): tf.Scalar {
  const found = tf.argMax(tf.slice2d(all, [0, 0], [-1, outputs.pitches]), 1);
  const wanted = tf.tensor1d(
    Int32Array.from(labels.pitches, (pitch) => pitch - lowestPitch),
    'int32',
  );
  return tf.mean<tf.Scalar>(tf.cast(tf.equal(found, wanted), 'float32'));
}
