import { randomStream } from '@gansynth/common/random';
import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  kendallTau,
  middleInterval,
  resampledScoreNames,
  type ResampledScores,
  seedDraws,
  seedInterval,
  shareInterval,
  ValueError,
} from '../index.js';

const drawsOf = (values: readonly number[]): ResampledScores => ({
  resamples: values.length,
  draws: Object.fromEntries(resampledScoreNames.map((name) => [name, values])) as unknown as ResampledScores['draws'],
});

describe('intervals', () => {
  it('are those of resampled scores, moved round the score', () => {
    // Skewed to the right, and all of it beside the score.
    const values = Array.from({ length: 101 }, (_, i) => 10 + (i / 100) ** 2);
    const mean = values.reduce((sum, value) => sum + value, 0) / 101;
    const [low, high] = bootstrapInterval(10.1, drawsOf(values), 'ndbOverK');
    expect(low).toBeCloseTo(10.1 - (mean - 10 - 0.025 ** 2), 4);
    expect(high).toBeCloseTo(10.1 + (10 + 0.975 ** 2 - mean), 4);
    expect(high - 10.1).toBeGreaterThan(10.1 - low);
  });

  it('hold a mean as often as they say', () => {
    const stream = randomStream(3, 'test');
    let held = 0;
    for (let trial = 0; trial < 300; trial++) {
      const notes = stream.normalValues(60);
      const mean = (rows: Int32Array): number => rows.reduce((sum, row) => sum + notes[row]!, 0) / rows.length;
      const score = mean(Int32Array.from({ length: 60 }, (_, i) => i));
      const values = Array.from({ length: 200 }, () => mean(stream.integers(60, 60)));
      const [low, high] = bootstrapInterval(score, drawsOf(values), 'pitchEntropy');
      if (low <= 0 && 0 <= high) held++;
    }
    // Binomial with 0.95: four standard errors are 0.05.
    expect(held / 300).toBeGreaterThan(0.89);
    expect(held / 300).toBeLessThan(1);
  });

  it('over seeds are those of Student', () => {
    // scipy.stats.t.interval(0.95, n - 1, mean, sem)
    expect(seedInterval([1, 2, 4]).interval[0]).toBeCloseTo(-1.4612, 3);
    expect(seedInterval([1, 2, 4]).interval[1]).toBeCloseTo(6.1279, 3);
    // scipy.stats.t.ppf(0.975, 11), where the list of exact ones has just ended.
    const twelve = seedInterval([...Array.from({ length: 11 }, () => 0), 12]);
    expect(twelve.interval[1]).toBeCloseTo(1 + 2.2009851, 3);
    const many = seedInterval(Array.from({ length: 20 }, (_, i) => i));
    expect(many.mean).toBeCloseTo(9.5, 12);
    expect(many.interval[0]).toBeCloseTo(6.7312, 2);
    expect(() => seedInterval([1])).toThrow(/at least 2 seeds, found 1/);
    expect(() => seedDraws([1], 3, randomStream(0, 'test'))).toThrow(/seedDraws: .*at least 2 seeds, found 1/);
  });

  it('over seeds are the middle of what means may be', () => {
    for (const scores of [
      [1, 2, 4],
      [1, 1.5, 3, 0, 2, 2],
    ]) {
      const draws = seedDraws(scores, 40_000, randomStream(4, 'test'));
      const { interval, mean } = seedInterval(scores);
      const width = interval[1] - interval[0];
      const drawn = middleInterval(draws);
      // Quantiles of so many draws of Student's t: a standard error is about a hundredth of the width.
      for (const i of [0, 1] as const) expect(Math.abs(drawn[i] - interval[i]) / width).toBeLessThan(0.05);
      expect(draws.filter((one) => one > mean).length / 40_000).toBeCloseTo(0.5, 1);
    }
  });

  it('of shares are those of Wilson', () => {
    for (const [count, total] of [
      [8, 10],
      [1, 20],
      [485, 800],
    ] as const)
      // Where the count is just as far off as a normal variable is once in forty.
      for (const [i, end] of shareInterval(count, total).entries())
        expect((count - end * total) / Math.sqrt(total * end * (1 - end))).toBeCloseTo(i === 0 ? 1.959964 : -1.959964, 6);
    expect(shareInterval(0, 20)).toEqual([0, expect.closeTo(0.1611252, 6)]);
    expect(shareInterval(20, 20)[1]).toBe(1);
    expect(() => shareInterval(3, 2)).toThrow(/found 3 of 2/);
    expect(() => shareInterval(0, 0)).toThrow(ValueError);
  });

  it('are refused for too few resamples and levels that are none', () => {
    expect(() => bootstrapInterval(1, drawsOf([1]), 'ndbOverK')).toThrow(ValueError);
    expect(() => bootstrapInterval(1, drawsOf([1, 2]), 'ndbOverK', 95)).toThrow(/between 0 and 1, found 95/);
    expect(() => middleInterval([1])).toThrow(/at least 2 values, found 1/);
  });
});

describe("Kendall's tau", () => {
  it('is that of scipy.stats.kendalltau', () => {
    expect(kendallTau([1, 2, 3, 4], [1, 2, 3, 4])).toBe(1);
    expect(kendallTau([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
    expect(kendallTau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.4714045, 6);
  });

  it('is none where nothing is ordered, and refused for lists of other things', () => {
    expect(kendallTau([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(() => kendallTau([1, 2], [1, 2, 3])).toThrow(/found 2 and 3/);
    expect(() => kendallTau([1, Number.NaN], [1, 2])).toThrow(/found NaN/);
  });
});
