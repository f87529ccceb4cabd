import * as tf from '@tensorflow/tfjs-core';

/** 3 x 3 convolution, 64 channels in and out, over 32 x 256: the middle of a note's image. */
const shape = { height: 32, width: 256, channels: 64 };
const operations = 2 * 9 * shape.channels ** 2 * shape.height * shape.width;

/**
 * How fast the current backend convolves, a short measurement: the best of a few runs within about `milliseconds`.
 *
 * @returns GFLOP/s
 */
export async function measureConvolution(milliseconds = 400): Promise<number> {
  const x = tf.ones([1, shape.height, shape.width, shape.channels]) as tf.Tensor4D;
  const filter = tf.ones([3, 3, shape.channels, shape.channels]) as tf.Tensor4D;
  const once = async (): Promise<number> => {
    const began = performance.now();
    const y = tf.conv2d(x, filter, 1, 'same');
    // A tiny read waits for a GPU too.
    const corner = tf.slice(y, [0, 0, 0, 0], [1, 1, 1, 1]);
    await corner.data();
    tf.dispose([y, corner]);
    return performance.now() - began;
  };
  const end = performance.now() + milliseconds;
  let best = await once();
  do best = Math.min(best, await once());
  while (performance.now() < end);
  tf.dispose([x, filter]);
  return operations / best / 1e6;
}
