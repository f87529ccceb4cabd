import { ConfigError } from '../../errors.js';

/** When which resolution is trained, counted in images shown to the critic. */
export interface StageSchedule {
  /** Images per stage at one resolution. Paper: 800,000. */
  readonly stableImages: number;
  /** Images per transition to the next resolution. Paper: 800,000. */
  readonly transitionImages: number;
  /** Where training ends, whatever the stages say. Original: 11,000,000 (4,000,000 if not progressive). */
  readonly totalImages: number;
  /** False: the last stage only, all blocks from the start. */
  readonly progressive: boolean;
  /** Images per step; shorter lists are padded at the front with their first entry to one entry a block. Original: [8]. */
  readonly batchSizes: readonly number[];
}

/** One stage of training: even numbers are stable, odd numbers are transitions. */
export interface Stage {
  readonly index: number;
  /** Blocks that exist in this stage. */
  readonly blocks: number;
  /** Images seen when the stage ends, counted from the start of training. */
  readonly endImages: number;
  readonly batchSize: number;
}

/**
 * The stages in the order in which they are trained: 2 * blocks - 1 for a progressive training, one otherwise.
 *
 * @param blocks number of blocks of the finished network
 * @see Engel et al. 2019, appendix A; `model.Model.stage_info` and `gansynth_train.py` of the original
 */
export function stages(schedule: StageSchedule, blocks: number): Stage[] {
  checkSchedule(schedule, blocks);
  const last = 2 * blocks - 2;
  const all = Array.from({ length: last + 1 }, (_, index): Stage => {
    const planned = (Math.floor(index / 2) + 1) * schedule.stableImages + Math.floor((index + 1) / 2) * schedule.transitionImages;
    return {
      index,
      blocks: Math.floor((index + 1) / 2) + 1,
      endImages: index === last ? schedule.totalImages : Math.min(planned, schedule.totalImages),
      batchSize: batchSizeAt(schedule.batchSizes, blocks, Math.floor((index + 1) / 2)),
    };
  });
  if (schedule.progressive) return all;
  return [{ ...all[last]!, endImages: schedule.totalImages }];
}

/**
 * How many images the original trains its non-progressive model on: the sum of all stages' cumulative image counts, a quirk of its
 * stage bookkeeping. `totalImages` of this package means what it says; pass this number to do as the original does.
 */
export function originalNonProgressiveImages(schedule: StageSchedule, blocks: number): number {
  return stages({ ...schedule, progressive: true }, blocks).reduce((sum, stage) => sum + stage.endImages, 0);
}

/**
 * Where a training stands between resolutions.
 *
 * @param images images seen so far
 * @param blocks blocks of the current stage
 * @returns [0, blocks - 1]; whole numbers are stable, fractions are transitions
 * @see `networks.compute_progress` of the original
 */
export function progressAt(
  images: number,
  blocks: number,
  { stableImages, transitionImages, progressive }: Pick<StageSchedule, 'stableImages' | 'transitionImages' | 'progressive'>,
): number {
  if (!progressive) return blocks - 1;
  const capped = Math.min(images, blocks * stableImages + (blocks - 1) * transitionImages - 1);
  const cycle = stableImages + transitionImages;
  const into = capped % cycle;
  const ramp = transitionImages === 0 ? 0 : Math.max(0, (into - stableImages) / transitionImages);
  return Math.min(blocks - 1, Math.floor(capped / cycle) + ramp);
}

function batchSizeAt(batchSizes: readonly number[], blocks: number, block: number): number {
  const missing = Math.max(0, blocks - batchSizes.length);
  return batchSizes[Math.max(0, block - missing)]!;
}

function checkSchedule(schedule: StageSchedule, blocks: number): void {
  const { stableImages, transitionImages, totalImages, batchSizes } = schedule;
  for (const [field, value, least] of [
    ['stableImages', stableImages, 1],
    ['transitionImages', transitionImages, 0],
    ['totalImages', totalImages, 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw new ConfigError(`schedule.${field}`, `expected a whole number of at least ${least}, found ${value}.`, value);
    }
  }
  if (batchSizes.length === 0 || batchSizes.length > blocks || !batchSizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw new ConfigError(
      'schedule.batchSizes',
      `expected 1 to ${blocks} positive whole numbers (one for each resolution), found [${batchSizes}].`,
      batchSizes,
    );
  }
}
