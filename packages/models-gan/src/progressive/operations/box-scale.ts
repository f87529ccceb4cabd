import { boxDownscale, boxUpscale } from '@gansynth/training';
import type * as tf from '@tensorflow/tfjs-core';
import { defineOperation, type Operation } from './operation.js';

export interface BoxConfig {
  readonly factors: readonly [height: number, width: number];
}

/** Nearest neighbour upscaling by whole factors. */
export const upscale: Operation<BoxConfig> = defineOperation({
  className: 'GansynthBoxUpscale',
  outputShape: ({ factors }, [input]) => {
    const [height, width, channels] = input as [number, number, number];
    return [height * factors[0], width * factors[1], channels];
  },
  run: ({ factors }, [x]) => boxUpscale(x as tf.Tensor4D, factors),
});

/** Mean over boxes of whole factors. */
export const downscale: Operation<BoxConfig> = defineOperation({
  className: 'GansynthBoxDownscale',
  outputShape: ({ factors }, [input]) => {
    const [height, width, channels] = input as [number, number, number];
    return [height / factors[0], width / factors[1], channels];
  },
  run: ({ factors }, [x]) => boxDownscale(x as tf.Tensor4D, factors),
});
