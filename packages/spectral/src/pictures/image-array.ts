import type * as tf from '@tensorflow/tfjs-core';
import ndarray, { type NdArray } from 'ndarray';
import { checkTensor } from '../check.js';
import { OptionError, ShapeError } from '../errors.js';

/** One image at rest: [frames, bins, 2]. */
export type ImageArray = NdArray<Float32Array>;

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
  return ndarray(values.slice(index * size, (index + 1) * size), [frames, bins, 2]);
}

export function checkImageArray(image: ImageArray, what: string): void {
  const shape = (image as Partial<ImageArray> | undefined)?.shape ?? [];
  if (shape.length !== 3 || shape[2] !== 2 || shape.includes(0)) {
    throw new ShapeError(`${what}: expected an ndarray [frames, bins, 2], found [${shape.join(', ')}]. See imageToArray.`, shape);
  }
}
