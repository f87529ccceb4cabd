/**
 * How much each block's image counts in the generator's output (and in the real images shown to the critic): a triangle around
 * `progress`. The weights sum to 1 for any progress in [0, blocks - 1].
 *
 * @param blocks number of blocks that exist
 * @param progress 0 = only the first block, blocks - 1 = only the last; a fraction is a transition
 * @returns one weight a block, block 1 first
 * @see Engel et al. 2019, appendix A; `networks.generator_alpha` of the original
 */
export function imageWeights(blocks: number, progress: number): number[] {
  return Array.from({ length: blocks }, (_, index) => Math.max(0, Math.min(progress - (index - 1), index + 1 - progress)));
}

/**
 * How much of the lower block's own view of the image replaces the features that come down from `block`, in the critic.
 *
 * @param block 2 ... blocks
 * @returns 1 = the block is not used yet, 0 = it is fully used
 */
export function bypassWeight(block: number, progress: number): number {
  return Math.min(1, Math.max(0, block - 1 - progress));
}

/** The highest block that takes part at all; blocks above it neither change the output nor get a gradient. */
export function highestActiveBlock(blocks: number, progress: number): number {
  return Math.min(blocks, Math.ceil(progress) + 1);
}
