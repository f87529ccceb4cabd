import { boxDownscale, boxUpscale } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { scaleFactors, type NetworkConfig } from '../config.js';
import { ArgumentError } from '../../errors.js';
import { imageWeights } from '../schedule/blending.js';
import { canvasBlock, canvasSize, checkGrowth, type Growth } from './stage-shape.js';

/**
 * Real images as a growing generator could show them: shrunk to the canvas and, in a transition, mixed with their coarser version.
 *
 * @param images un-normalised, [batch, height, width, channels], of the finished size or any whole multiple of the canvas
 * @returns [batch, height, width, channels] of the canvas size
 * @see `networks.blend_images` of the original
 */
export function blendImages(config: NetworkConfig, growth: Growth, images: tf.Tensor4D): tf.Tensor4D {
  checkGrowth('blendImages', config, growth);
  return tf.tidy(() => {
    const canvas = toCanvas(config, growth, images);
    const weights = imageWeights(growth.blocks, growth.progress ?? growth.blocks - 1);
    const parts = weights.flatMap((weight, index) => {
      if (weight === 0) return [];
      const factors = scaleFactors(config, canvasBlock(config, growth) - (index + 1));
      const coarse = factors[0] * factors[1] === 1 ? canvas : boxUpscale(boxDownscale(canvas, factors), factors);
      return [weight === 1 ? coarse : (tf.mul(coarse, weight) as tf.Tensor4D)];
    });
    return tf.clone(parts.reduce((sum, part) => tf.add(sum, part)));
  });
}

function toCanvas(config: NetworkConfig, growth: Growth, images: tf.Tensor4D): tf.Tensor4D {
  const [height, width] = canvasSize(config, growth);
  const fy = (images.shape[1] ?? 0) / height;
  const fx = (images.shape[2] ?? 0) / width;
  if (
    images.rank !== 4 ||
    images.shape[3] !== config.channels ||
    !(Number.isInteger(fy) && Number.isInteger(fx) && fy > 0 && fx > 0)
  ) {
    throw new ArgumentError(
      'blendImages',
      `expected images [batch, ${height}, ${width}, ${config.channels}] or whole multiples of that height and width, found ` +
        `[${images.shape}]. Encode the notes to the size of the finished image, ${config.blocks} blocks from [${config.start}].`,
      images.shape,
    );
  }
  return fy * fx === 1 ? images : boxDownscale(images, [fy, fx]);
}
