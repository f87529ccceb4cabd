import { randomStream } from '@gansynth/common/random';
import { describe, expect, it } from 'vitest';
import { basicInterval, kendallTau, resampledScoreNames, type ResampledScores, seedInterval, ValueError } from '../index.js';

const drawsOf = (values: readonly number[]): ResampledScores => ({
  resamples: values.length,
  draws: Object.fromEntries(resampledScoreNames.map((name) => [name, values])) as unknown as ResampledScores['draws'],
});

describe('intervals', () => {
  it('are those of resampled scores, turned over round the score', () => {
    const values = Array.from({ length: 101 }, (_, i) => 10 + i / 100);
    const [low, high] = basicInterval(10.2, drawsOf(values), 'ndbOverK');
    expect(low).toBeCloseTo(20.4 - 10.975, 12);
    expect(high).toBeCloseTo(20.4 - 10.025, 12);
  });

  it('hold a mean as often as they say', () => {
    const stream = randomStream(3, 'test');
    let held = 0;
    for (let trial = 0; trial < 300; trial++) {
      const notes = stream.normalValues(60);
      const mean = (rows: Int32Array): number => rows.reduce((sum, row) => sum + notes[row]!, 0) / rows.length;
      const score = mean(Int32Array.from({ length: 60 }, (_, i) => i));
      const values = Array.from({ length: 200 }, () => mean(stream.integers(60, 60)));
      const [low, high] = basicInterval(score, drawsOf(values), 'pitchEntropy');
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
  });

  it('are refused for too few resamples and levels that are none', () => {
    expect(() => basicInterval(1, drawsOf([1]), 'ndbOverK')).toThrow(ValueError);
    expect(() => basicInterval(1, drawsOf([1, 2]), 'ndbOverK', 95)).toThrow(/between 0 and 1, found 95/);
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
