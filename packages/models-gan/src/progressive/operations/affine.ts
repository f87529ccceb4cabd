import { clip } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import type { Affine } from '../config.js';
import { defineOperation, type Operation } from './operation.js';

const rows = (table: Affine['scale']): tf.Tensor2D => tf.tensor2d(table as number[][]);

/** Un-normalised images to [-1, 1]: clip(scale * x + offset, -1, 1). Clipped elements get no gradient. */
export const normalise: Operation<Affine> = defineOperation({
  className: 'GansynthNormalise',
  run: ({ scale, offset }, [x]) => clip(tf.add(tf.mul(x!, rows(scale)), rows(offset)), -1, 1),
});

/** The inverse without the clip: (x - offset) / scale. */
export const denormalise: Operation<Affine> = defineOperation({
  className: 'GansynthDenormalise',
  run: ({ scale, offset }, [x]) => tf.div(tf.sub(x!, rows(offset)), rows(scale)),
});
