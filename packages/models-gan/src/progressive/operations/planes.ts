import { boxDownscale } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { defineOperation, type Operation } from './operation.js';

export interface PitchPlanesConfig {
  readonly width: number;
  readonly features: number;
}

/** Picks each example's row of the frozen table [pitches, width, features]: one-hot [batch, pitches] -> [batch, 1, width, features]. */
export const pitchPlanes: Operation<PitchPlanesConfig> = defineOperation({
  className: 'GansynthPitchPlanes',
  variables: ({ width, features }, [input]) => [
    { name: 'planes', shape: [input![0]!, width, features], initial: { kind: 'table' } },
  ],
  outputShape: ({ width, features }) => [1, width, features],
  run: ({ width, features }, [labels], [table]) => {
    const flat = tf.reshape(table as tf.Tensor3D, [-1, width * features]);
    return tf.reshape(tf.matMul(labels as tf.Tensor2D, flat as tf.Tensor2D), [-1, 1, width, features]);
  },
});

/**
 * Appends the planes to an image's channels: box-averaged to the image's width, the same in every frame.
 * [batch, height, width, channels], [batch, 1, planeWidth, features] -> [batch, height, width, channels + features]
 */
export const concatPlanes: Operation = defineOperation({
  className: 'GansynthConcatPlanes',
  outputShape: (_config, [image, planes]) => {
    const [height, width, channels] = image as [number, number, number];
    return [height, width, channels + planes![2]!];
  },
  run: (_config, [image, planes]) => {
    const [, height, width] = (image as tf.Tensor4D).shape;
    const factor = (planes as tf.Tensor4D).shape[2] / width;
    const narrow = boxDownscale(planes as tf.Tensor4D, [1, factor]);
    return tf.concat([image as tf.Tensor4D, tf.tile(narrow, [1, height, 1, 1])], 3);
  },
});
