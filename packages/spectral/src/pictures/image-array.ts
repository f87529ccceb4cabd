import type * as tf from '@tensorflow/tfjs-core';
import { checkTensor } from '../check.js';
import { OptionError, ShapeError } from '../errors.js';
import type { ShapedArray } from './picture.js';

/** One image at rest: [frames, bins, 2]. */
export type ImageArray = ShapedArray<Float32Array>;

/**
 * Copies one image of a batch out of the backend.
 *
 * @param image [batch, frames, bins, 2]
 * @param index position in the batch. Default 0
 */
export async function imageToArray(image: tf.Tensor4D, index = 0): Promise<ImageArray> {
  checkTensor(image, 'imageToArray: image', ['batch', 'frames', 'bins', 2]);
  const [batch, frames, bins] = image.shape;
  if (!Number.isInteger(index) || index < 0 || index >= batch) {
    throw new OptionError(`imageToArray: expected index from 0 to ${batch - 1}, found ${index}.`, 'index', index);
  }
  const size = frames * bins * 2;
  const values = await image.data<'float32'>();
  return { data: values.slice(index * size, (index + 1) * size), shape: [frames, bins, 2] };
}

/** @returns reads a value of the image that was checked, by frame, bin and channel */
export function checkImageArray(image: ImageArray, what: string): (frame: number, bin: number, channel: number) => number {
  const { shape = [], data }: Partial<ImageArray> = image ?? {};
  const [frames = 0, bins = 0, channels] = shape;
  if (shape.length !== 3 || channels !== 2 || shape.includes(0)) {
    throw new ShapeError(`${what}: expected an image [frames, bins, 2], found [${shape.join(', ')}]. See imageToArray.`, shape);
  }
  const size = frames * bins * 2;
  if (data?.length !== size) {
    const message = `${what}: expected ${size} packed values for [${shape.join(', ')}], found ${data?.length ?? 'none'}. Copy a view before it is drawn.`;
    throw new ShapeError(message, [data?.length ?? 0]);
  }
  return (frame, bin, channel) => data[2 * (frame * bins + bin) + channel] ?? Number.NaN;
}
