import type * as tf from '@tensorflow/tfjs-core';
import type { Size } from '../progressive/config.js';

/** Real images with their labels. */
export interface ImageBatch {
  /**
   * Un-normalised, [batch, height, width, channels], of the finished size or a whole multiple of the size asked for. The trainer frees it.
   */
  readonly images: tf.Tensor4D;
  /** Class indices (positions in the network's `pitches`), one an image; -1 for an unknown pitch. */
  readonly labels: Int32Array;
  /** Class indices (positions in the network's `instruments`), one an image. Only for a network with instruments. */
  readonly instruments?: Int32Array;
  /** Levels of each of the network's attributes, in its order, one an image; -1 where the level is not known. Only for a network with attributes. */
  readonly levels?: readonly Int32Array[];
}

/** What the trainer needs to know of the batch it is about to use. */
export interface ImageRequest {
  /** The size the images will be shrunk to; a source that can make them smaller itself saves the work. */
  readonly size: Size;
  readonly signal?: AbortSignal;
}

/** Where real images come from. */
export interface ImageSource {
  next(batchSize: number, request: ImageRequest): Promise<ImageBatch>;
  /** Where the source stands, as JSON: going on from there gives the same images. */
  state(): unknown;
  /** Puts the source where `state` says; needed to resume a training. */
  restore?(state: unknown): void | Promise<void>;
}
