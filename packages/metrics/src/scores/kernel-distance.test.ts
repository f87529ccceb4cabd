import { describe, expect, it } from 'vitest';
import { type KernelDistance, kernelDistance, NotComparableError, TooFewExamplesError } from '../index.js';
import { normals } from '../test-support/notes.js';

const sample = (rows: number, columns: number, seed: number, shift = 0): number[][] => {
  const normal = normals(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => shift + normal()));
};

const score = (reference: number[][], generated: number[][], maximumExamples = 2000): KernelDistance => {
  const distance = kernelDistance({ dimensions: reference[0]!.length, maximumExamples });
  distance.update({ reference, generated });
  return distance.compute();
};

const without = (rows: number[][], i: number): number[][] => rows.filter((_, at) => at !== i);

/** The unbiased estimate written out. */
function naive(x: number[][], y: number[][]): number {
  const d = x[0]!.length;
  const kernel = (a: number[], b: number[]): number => (a.reduce((sum, v, i) => sum + v * b[i]!, 0) / d + 1) ** 3;
  const mean = (a: number[][], b: number[][], same: boolean): number => {
    let sum = 0;
    for (const [i, p] of a.entries()) for (const [j, q] of b.entries()) if (!same || i !== j) sum += kernel(p, q);
    return sum / (a.length * (same ? b.length - 1 : b.length));
  };
  return mean(x, x, true) + mean(y, y, true) - 2 * mean(x, y, false);
}

describe('kernelDistance', () => {
  it('equals the double sums written out, and the leave-one-out error too', () => {
    const [x, y] = [sample(23, 4, 1), sample(17, 4, 2, 0.5)];
    const { distance, standardError } = score(x, y);
    expect(distance).toBeCloseTo(naive(x, y), 10);
    const variance = [x.map((_, i) => naive(without(x, i), y)), y.map((_, i) => naive(x, without(y, i)))].reduce(
      (sum, values) => {
        const mean = values.reduce((a, b) => a + b) / values.length;
        return sum + ((values.length - 1) / values.length) * values.reduce((s, value) => s + (value - mean) ** 2, 0);
      },
      0,
    );
    expect(standardError).toBeCloseTo(Math.sqrt(variance), 10);
  });

  it('averages 0 over samples of one distribution, at every size', () => {
    for (const size of [10, 60]) {
      const values = Array.from({ length: 30 }, (_, i) => score(sample(size, 5, 50 + i), sample(size, 5, 150 + i)).distance);
      const mean = values.reduce((a, b) => a + b) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 29);
      // three standard errors of the mean of 30
      expect(Math.abs(mean)).toBeLessThan((3 * deviation) / Math.sqrt(30));
    }
  });

  it('grows with every shift, and its interval leaves 0 behind', () => {
    const reference = sample(150, 6, 3);
    const scores = [0, 0.3, 0.8, 2].map((shift) => score(reference, sample(150, 6, 4, shift)));
    for (let i = 1; i < scores.length; i++) expect(scores[i]?.distance).toBeGreaterThan(scores[i - 1]!.distance);
    expect(scores[0]?.confidenceInterval[0]).toBeLessThan(0);
    expect(scores[3]?.confidenceInterval[0]).toBeGreaterThan(0);
  });

  it('gives the same, to the bit, for every order and sharding, also when it must choose', () => {
    const [reference, generated] = [sample(200, 3, 5), sample(160, 3, 6, 0.2)];
    const whole = score(reference, generated, 50);
    const merged = kernelDistance({ dimensions: 3, maximumExamples: 50 });
    for (const shard of [2, 0, 1]) {
      const part = kernelDistance({ dimensions: 3, maximumExamples: 50 });
      part.update({ reference: reference.filter((_, i) => i % 3 === shard).reverse() });
      part.update({ generated: generated.filter((_, i) => i % 3 === shard) });
      merged.merge(JSON.parse(JSON.stringify(part)));
    }
    expect(merged.compute()).toEqual(whole);
    expect(whole).toMatchObject({ referenceCount: 200, generatedCount: 160, referenceUsed: 50, generatedUsed: 50 });
  });

  it('refuses too few examples and other settings', () => {
    expect(() => score(sample(2, 3, 1), sample(5, 3, 2))).toThrow(TooFewExamplesError);
    const one = kernelDistance({ dimensions: 3 });
    expect(() => one.merge(kernelDistance({ dimensions: 3, seed: 1 }))).toThrow(NotComparableError);
    expect(() => one.update({ generated: [[1, 2]] })).toThrow(/expected 3 dimensions/);
  });
});
