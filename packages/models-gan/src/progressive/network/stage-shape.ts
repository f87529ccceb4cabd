import { blockSize, type NetworkConfig, type Size } from '../config.js';
import { ArgumentError } from '../../errors.js';
import { highestActiveBlock } from '../schedule/blending.js';

/** The state of growth of a network. */
export interface Growth {
  /** Blocks whose variables exist. */
  readonly blocks: number;
  /** [0, blocks - 1], see `progressAt`; null stands for every branch, used to list variables. */
  readonly progress: number | null;
}

/** A network with all its blocks, and only the last one's image. */
export const fullyGrown = (config: NetworkConfig): Growth => ({ blocks: config.blocks, progress: config.blocks - 1 });

/**
 * The block whose size images have while a network grows. The original always works on images of the finished size, upscaled; as long
 * as every box of the upscaled image holds one value, the same numbers come out at the size of the current block, at a fraction of the
 * cost. A normaliser with one row per frequency bin breaks the boxes up, so then the finished size is used.
 */
export function canvasBlock(config: NetworkConfig, { blocks }: Growth): number {
  return (config.normaliser?.scale.length ?? 1) > 1 ? config.blocks : blocks;
}

/** Size of the images that go into and come out of the networks at this state of growth. */
export function canvasSize(config: NetworkConfig, growth: Growth): Size {
  return blockSize(config, canvasBlock(config, growth));
}

/** Pixels of the finished image that one pixel of the canvas stands for. */
export function canvasBoxArea(config: NetworkConfig, growth: Growth): number {
  const [height, width] = blockSize(config, config.blocks);
  const [canvasHeight, canvasWidth] = canvasSize(config, growth);
  return (height * width) / (canvasHeight * canvasWidth);
}

/** The highest block that is computed. */
export function topBlock({ blocks, progress }: Growth): number {
  return progress === null ? blocks : highestActiveBlock(blocks, progress);
}

/** @throws ArgumentError if the growth is impossible for this network */
export function checkGrowth(where: string, config: NetworkConfig, { blocks, progress }: Growth): void {
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > config.blocks) {
    throw new ArgumentError(where, `expected 1 to ${config.blocks} blocks, found ${blocks}.`, blocks);
  }
  if (progress !== null && !(progress >= 0 && progress <= blocks - 1)) {
    throw new ArgumentError(where, `expected a progress from 0 to ${blocks - 1} (blocks - 1), found ${progress}.`, progress);
  }
}
