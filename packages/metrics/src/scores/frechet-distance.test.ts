import { readGolden, readGoldenNpy } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { type FrechetDistance, frechetDistance, type Rows, ShapeError, TooFewExamplesError, ValueError } from '../index.js';
import { normals } from '../test-support/notes.js';

const folder = 'metrics/fid';

const distanceOf = (reference: Rows, generated: Rows, dimensions: number): FrechetDistance => {
  const distance = frechetDistance({ dimensions });
  distance.update({ reference, generated });
  return distance.compute();
};

interface Case {
  readonly name: string;
  readonly dimension: number;
  readonly fid_eigh: number;
  readonly fid_scipy_sqrtm: number;
  readonly mean_term: number;
}

describe('frechetDistance beside scipy', () => {
  it.each(['well_conditioned', 'rank_deficient', 'identical', 'equal_first_128_bug'])('agrees on %s', (name) => {
    const golden = readGolden<{ cases: Case[] }>(`${folder}/fid.json`).cases.find((one) => one.name === name)!;
    const [real, fake] = [readGoldenNpy(`${folder}/${name}/real.npy`), readGoldenNpy(`${folder}/${name}/fake.npy`)];
    const { distance, meanTerm } = distanceOf(real, fake, golden.dimension);
    // 1e-6 relative (1e-8 is what scipy's own two ways agree to where there are fewer examples than dimensions)
    expect(Math.abs(distance - golden.fid_eigh)).toBeLessThan(1e-6 * golden.fid_eigh + 1e-9);
    expect(Math.abs(meanTerm - golden.mean_term)).toBeLessThan(1e-9);
  });
});

const sample = (rows: number, columns: number, seed: number, { scale = 1, shift = 0 } = {}): number[][] => {
  const normal = normals(seed);
  return Array.from({ length: rows }, () =>
    Array.from({ length: columns }, (_, j) => shift + scale * (1 + j / columns) * normal()),
  );
};

/** Rows +-s e_j: mean 0, covariance diagonal by construction. */
const cross = (s: number): number[][] =>
  [0, 1, 2].flatMap((j) => [1, -1].map((sign) => [0, 1, 2].map((k) => (k === j ? sign * s * (j + 1) : 0))));

const turn = (rows: number[][]): number[][] =>
  rows.map((row) => {
    const [x, y] = [row[0]!, row[3]!];
    return row.map((value, j) => (j === 0 ? 0.6 * x - 0.8 * y : j === 3 ? 0.8 * x + 0.6 * y : value));
  });

describe('frechetDistance', () => {
  it('is 0 between a set and itself, with 0 bias, wherever it lies', () => {
    const set = sample(300, 12, 1, { shift: 1e4 });
    const { distance, bias } = distanceOf(set, [...set].reverse(), 12);
    expect(distance).toBeLessThan(1e-6);
    expect(Math.abs(bias!)).toBeLessThan(1e-6);
  });

  it('equals the closed form where covariances are diagonal', () => {
    const { distance } = distanceOf(cross(1), cross(3), 3);
    const variances = [1, 2, 3].map((j) => (2 * j * j) / 5);
    const expected = variances.reduce((sum, v) => sum + (Math.sqrt(v) - Math.sqrt(9 * v)) ** 2, 0);
    expect(distance).toBeCloseTo(expected, 10);
  });

  it('grows with every shift of the mean, by its square', () => {
    const reference = sample(400, 8, 2);
    const shifted = [0, 0.5, 1, 2, 4].map(
      (shift) =>
        distanceOf(
          reference,
          reference.map((row) => row.map((x) => x + shift)),
          8,
        ).distance,
    );
    for (let i = 1; i < shifted.length; i++) expect(shifted[i]).toBeGreaterThan(shifted[i - 1]!);
    expect(shifted[4]).toBeCloseTo(8 * 16, 6);
  });

  it('does not see the order of examples nor a rotation of both sets', () => {
    const [a, b] = [sample(100, 6, 3), sample(90, 6, 4, { scale: 1.3 })];
    const { distance } = distanceOf(a, b, 6);
    expect(distanceOf([...a].reverse(), [...b].reverse(), 6).distance).toBeCloseTo(distance, 10);
    expect(distanceOf(turn(a), turn(b), 6).distance).toBeCloseTo(distance, 9);
  });

  it('estimates how much too large few examples make it', () => {
    // Two samples of one distribution: the true distance is 0 and all of it is bias.
    const excess = [100, 200, 400, 800].map((count) => {
      const { distance, bias } = distanceOf(sample(count, 10, 5), sample(count, 10, 6), 10);
      return { distance, corrected: distance - bias! };
    });
    for (const { distance, corrected } of excess) expect(Math.abs(corrected)).toBeLessThan(distance / 2);
    expect(excess[3]!.distance).toBeLessThan(excess[0]!.distance / 3);
  });

  it('is defined with fewer examples than dimensions, for constant features, and next to nothing else', () => {
    const { distance } = distanceOf(sample(5, 20, 7), sample(4, 20, 8), 20);
    expect(Number.isFinite(distance)).toBe(true);
    const still = Array.from({ length: 4 }, () => [1, 1]);
    expect(
      distanceOf(
        still,
        still.map(() => [2, 1]),
        2,
      ).distance,
    ).toBeCloseTo(1, 12);
    expect(distanceOf(sample(3, 2, 1), sample(3, 2, 2), 2).bias).toBeNull();
    expect(() => distanceOf(sample(1, 2, 1), sample(3, 2, 2), 2)).toThrow(TooFewExamplesError);
  });

  it('gives the same for every sharding, also through JSON and with buffers half full', () => {
    const [a, b] = [sample(700, 9, 9, { shift: 3 }), sample(650, 9, 10, { scale: 1.1 })];
    const whole = distanceOf(a, b, 9);
    const merged = frechetDistance({ dimensions: 9 });
    for (let shard = 0; shard < 4; shard++) {
      const part = frechetDistance({ dimensions: 9 });
      part.update({ reference: a.filter((_, i) => i % 4 === shard).reverse() });
      part.update({ generated: b.filter((_, i) => i % 4 === shard) });
      merged.merge(shard % 2 ? part : JSON.parse(JSON.stringify(part)));
    }
    const result = merged.compute();
    expect(result).toMatchObject({ referenceCount: 700, generatedCount: 650, dimensions: 9 });
    expect(Math.abs(result.distance - whole.distance)).toBeLessThan(1e-9 * whole.distance);
    expect(Math.abs(result.bias! - whole.bias!)).toBeLessThan(1e-9);
  });

  it('refuses other dimensions, ranks and numbers that are none', () => {
    const distance = frechetDistance({ dimensions: 3 });
    expect(() => distance.update({ generated: [[1, 2]] })).toThrow(/expected 3 dimensions an example, found 2/);
    expect(() => distance.update({ generated: { data: new Float32Array(3), shape: [3] } })).toThrow(ShapeError);
    expect(() =>
      distance.update({
        generated: [
          [1, 2, 3],
          [4, 5],
        ],
      }),
    ).toThrow(/found 2 in row 1/);
    expect(() => distance.update({ generated: [[1, 2, Number.NaN]] })).toThrow(ValueError);
    expect(() => distance.merge(frechetDistance({ dimensions: 4 }))).toThrow(/dimensions: 3 and 4/);
  });
});
