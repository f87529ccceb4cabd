import { readGolden } from '@gansynth/test-kit';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../errors.js';
import { bypassWeight, highestActiveBlock, imageWeights } from './blending.js';
import { filterCount } from './filters.js';
import { originalNonProgressiveImages, progressAt, stages, type StageSchedule } from './stages.js';

const paper: StageSchedule = {
  stableImages: 800_000,
  transitionImages: 800_000,
  totalImages: 11_000_000,
  progressive: true,
  batchSizes: [8],
};

interface Recorded {
  readonly stable: number;
  readonly transition: number;
  readonly rows_num_blocks_image_progress: [blocks: number, images: number, progress: number][];
  readonly num_filters: { fmap_base: number; fmap_decay: number; fmap_max: number; values_block_0_to_7: number[] }[];
  readonly stage_info_mel_prog_hires_stage_blocks_images: [stage: number, blocks: number, images: number][];
}

const recorded = (): Recorded => readGolden<Recorded>('networks/schedule.json');

describe('schedules of the original', () => {
  test('progress', () => {
    const schedule = { stableImages: recorded().stable, transitionImages: recorded().transition, progressive: true };
    for (const [blocks, images, progress] of recorded().rows_num_blocks_image_progress) {
      // The original computes in single precision.
      expect(progressAt(images, blocks, schedule), `${blocks} blocks, ${images} images`).toBeCloseTo(progress, 6);
    }
  });

  test('filters', () => {
    for (const { fmap_base, fmap_decay, fmap_max, values_block_0_to_7 } of recorded().num_filters) {
      const schedule = { base: fmap_base, decay: fmap_decay, max: fmap_max };
      expect(values_block_0_to_7.map((_, block) => filterCount(schedule, block))).toEqual(values_block_0_to_7);
    }
  });

  test('stages', () => {
    expect(stages(paper, 7).map(({ index, blocks, endImages }) => [index, blocks, endImages])).toEqual(
      recorded().stage_info_mel_prog_hires_stage_blocks_images,
    );
  });
});

test('filters may be given as a list', () => {
  expect([0, 1, 2].map((block) => filterCount([32, 16, 8], block))).toEqual([32, 16, 8]);
});

const sizes = (batchSizes: number[]): number[] => stages({ ...paper, batchSizes }, 4).map(({ batchSize }) => batchSize);

test('a short list of batch sizes is padded at the front with its first entry', () => {
  expect(sizes([8])).toEqual([8, 8, 8, 8, 8, 8, 8]);
  expect(sizes([16, 8])).toEqual([16, 16, 16, 16, 16, 8, 8]);
  expect(sizes([64, 32, 16, 8])).toEqual([64, 32, 32, 16, 16, 8, 8]);
});

test('training that is not progressive has one stage with all blocks', () => {
  const schedule = { ...paper, progressive: false, totalImages: 4_000_000 };
  expect(stages(schedule, 7)).toEqual([{ index: 12, blocks: 7, endImages: 4_000_000, batchSize: 8 }]);
  expect(progressAt(0, 7, schedule)).toBe(6);
  // 0.8 + 1.6 + 2.4 + 3.2 + 4.0 * 9 million: every later stage is capped by the total.
  expect(originalNonProgressiveImages(schedule, 7)).toBe(44_000_000);
});

test('image weights sum to 1 and follow the progress', () => {
  expect(imageWeights(3, 0)).toEqual([1, 0, 0]);
  expect(imageWeights(3, 1.25)).toEqual([0, 0.75, 0.25]);
  expect(imageWeights(3, 2)).toEqual([0, 0, 1]);
});

test('a block is bypassed until its transition, and used fully after it', () => {
  expect([0, 1, 1.25, 2, 3].map((progress) => bypassWeight(3, progress))).toEqual([1, 1, 0.75, 0, 0]);
  expect([0, 0.1, 1, 1.5, 2].map((progress) => highestActiveBlock(3, progress))).toEqual([1, 2, 2, 3, 3]);
});

test('without transitions progress jumps', () => {
  const sudden = { stableImages: 10, transitionImages: 0, progressive: true };
  expect([0, 9, 10, 19, 20, 99].map((images) => progressAt(images, 3, sudden))).toEqual([0, 0, 1, 1, 2, 2]);
});

test('impossible schedules are refused by name', () => {
  for (const wrong of [{ stableImages: 0.5 }, { transitionImages: -1 }, { totalImages: Number.NaN }, { batchSizes: [8, 0] }]) {
    expect(() => stages({ ...paper, ...wrong }, 7)).toThrow(ConfigError);
    expect(() => stages({ ...paper, ...wrong }, 7)).toThrow(Object.keys(wrong)[0]);
  }
});
