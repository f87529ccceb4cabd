import { collections, readGolden, readGoldenNpy } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import {
  assignBins,
  binsFromJSON,
  binsToJSON,
  kMeans,
  logSpectrogram,
  type Ndb,
  ndb,
  ndbBins,
  ndbBinsFromCentres,
  ndbWhitening,
  type Rows,
} from '../../index.js';
import { normals, uniforms } from '../../test-support/notes.js';

const folder = 'metrics/ndb';

interface Case {
  readonly name: string;
  readonly whitening: boolean;
  readonly reference_counts: number[];
  readonly query_counts: number[];
  readonly pooled_se: number[];
  readonly z: (number | string)[];
  readonly p_value: (number | string)[];
  readonly different_bins: number[];
  readonly 'different_with_z_threshold_1.96': number[];
  readonly ndb: number;
  readonly jsd_nats: number;
}

const score = (bins: Parameters<typeof ndb>[0], reference: Rows, generated: Rows): Ndb => {
  const accumulator = ndb(bins);
  accumulator.update({ reference, generated });
  return accumulator.compute();
};

describe('ndb beside the original library', () => {
  it.each(['k10', 'k50_whitened', 'small_counts'])('agrees on %s', (name) => {
    const golden = readGolden<{ cases: Case[] }>(`${folder}/ndb.json`).cases.find((one) => one.name === name)!;
    const read = (file: string) => readGoldenNpy(`${folder}/${name}/${file}.npy`);
    const [reference, query] = [read('reference_features'), read('query_features')];
    const bins = ndbBinsFromCentres(read('centres'), golden.whitening ? ndbWhitening(reference) : undefined);
    expect(Array.from(assignBins(bins, reference))).toEqual(Array.from(read('reference_assignment').data));
    expect(Array.from(assignBins(bins, query))).toEqual(Array.from(read('query_assignment').data));

    const result = score({ bins }, reference, query);
    expect(result.ndb).toBe(golden.ndb);
    expect(result.jensenShannon).toBeCloseTo(golden.jsd_nats, 10);
    for (const [i, bin] of result.bins.entries()) {
      expect([bin.referenceCount, bin.generatedCount]).toEqual([golden.reference_counts[i], golden.query_counts[i]]);
      expect(bin.standardError).toBeCloseTo(golden.pooled_se[i]!, 10);
      expect(bin.different).toBe(golden.different_bins[i] === 1);
      if (golden.z[i] === 'NaN') expect([bin.z, bin.pValue]).toEqual([null, null]);
      else {
        expect(bin.z).toBeCloseTo(golden.z[i] as number, 10);
        expect(bin.pValue).toBeCloseTo(golden.p_value[i] as number, 10);
      }
    }
    const byThreshold = score({ bins, zThreshold: 1.96 }, reference, query).bins.map(({ different }) => Number(different));
    expect(byThreshold).toEqual(golden['different_with_z_threshold_1.96']);
  });
});

const mixture = (count: number, dimensions: number, seed: number, { clusters = 6, shift = 0, spread = 0.7 } = {}): number[][] => {
  const centre = normals(99);
  const centres = Array.from({ length: clusters }, () => Array.from({ length: dimensions }, () => 2 * centre()));
  const normal = normals(seed);
  const uniform = uniforms(seed + 1);
  return Array.from({ length: count }, () => {
    const c = centres[Math.floor(uniform() * clusters)]!;
    return c.map((x) => x + shift + spread * normal());
  });
};

describe('ndb', () => {
  const reference = mixture(1200, 8, 1);

  it('is 0, with no divergence, between a set and itself in any order', async () => {
    const bins = await ndbBins(reference, { k: 20, restarts: 2 });
    expect(score({ bins }, reference, [...reference].reverse())).toMatchObject({ ndb: 0, jensenShannon: 0 });
  });

  it('has about its significance between two samples of one distribution', async () => {
    // 40 pairs of samples in 20 bins: 800 tests at 5 %; the standard error of their share is below 1 %.
    const bins = await ndbBins(reference, { k: 20, restarts: 2 });
    let different = 0;
    for (let i = 0; i < 40; i++) different += score({ bins }, mixture(500, 8, 100 + i), mixture(500, 8, 200 + i)).ndb;
    expect(different / 800).toBeGreaterThan(0.02);
    expect(different / 800).toBeLessThan(0.09);
  });

  it('grows with every shift', async () => {
    const one = mixture(1200, 8, 1, { clusters: 1, spread: 2 });
    const bins = await ndbBins(one, { k: 20, restarts: 2 });
    const shifts = [0, 0.2, 0.4, 0.8, 1.6];
    const scores = shifts.map((shift) => score({ bins }, one, mixture(1200, 8, 5, { clusters: 1, spread: 2, shift })));
    for (let i = 1; i < scores.length; i++) {
      expect(scores[i]?.ndb).toBeGreaterThan(scores[i - 1]!.ndb);
      expect(scores[i]?.jensenShannon).toBeGreaterThan(scores[i - 1]!.jensenShannon);
    }
    expect(scores[4]?.ndbOverK).toBeGreaterThan(0.8);
  });

  it('counts the same in every sharding and from saved bins', async () => {
    const bins = await ndbBins(reference, { k: 12, restarts: 1, whiten: true });
    const generated = mixture(300, 8, 7, { shift: 0.4 });
    const whole = score({ bins }, reference, generated);
    const saved = binsFromJSON(JSON.parse(JSON.stringify(binsToJSON(bins))));
    const merged = ndb({ bins: saved });
    for (const shard of [0, 1, 2]) {
      const part = ndb({ bins: saved });
      part.update({ reference: reference.filter((_, i) => i % 3 === shard) });
      part.update({ generated: generated.filter((_, i) => i % 3 === shard) });
      merged.merge(shard === 1 ? JSON.parse(JSON.stringify(part)) : part);
    }
    expect(merged.compute()).toEqual(whole);
  });

  it('looks at a sixth of more than 1000 dimensions, as the original library', async () => {
    const wide = mixture(60, 1200, 3, { clusters: 3, spread: 0.1 });
    const bins = await ndbBins(wide, { k: 3, restarts: 2 });
    expect(bins.subspace?.length).toBe(200);
    expect(bins.centres.length).toBe(3 * 1200);
    expect(score({ bins: binsFromJSON(binsToJSON(bins)) }, wide, wide).ndb).toBe(0);
  });

  it('refuses other bins, other features and empty sets', async () => {
    const [a, b] = [
      await ndbBins(reference, { k: 5, restarts: 1 }),
      await ndbBins(reference, { k: 5, restarts: 1, seed: 3, whiten: true }),
    ];
    expect(() => ndb({ bins: a }).merge(ndb({ bins: b }))).toThrow(/bins/);
    expect(() => ndb({ bins: a }).update({ generated: [[1, 2]] })).toThrow(/expected 8 dimensions/);
    expect(() => ndb({ bins: a }).compute()).toThrow(/found 0 and 0/);
    const spoilt = reference.map((row, i) => (i === 700 ? row.map(() => Number.NaN) : row));
    const untouched = ndb({ bins: a });
    expect(() => untouched.update({ reference, generated: spoilt })).toThrow(/found NaN in row 700/);
    expect(() => untouched.compute()).toThrow(/found 0 and 0/);
    expect(() => binsFromJSON({ ...binsToJSON(a), centres: 'AAAA' })).toThrow(/damaged/);
    expect(() => binsFromJSON({} as never)).toThrow(/expected kind ndb-bins/);
    await expect(ndbBins(reference, { subspace: 0 })).rejects.toThrow(/subspace/);
  });
});

const distance = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);

/** Plain Lloyd from every start a fixed number of times: what ours must not be worse than. */
const naiveObjective = (points: number[][], k: number, starts: number): number => {
  const uniform = uniforms(5);
  let best = Number.POSITIVE_INFINITY;
  for (let start = 0; start < starts; start++) {
    let centres = Array.from({ length: k }, () => points[Math.floor(uniform() * points.length)]!);
    let objective = 0;
    for (let iteration = 0; iteration < 50; iteration++) {
      const sums = centres.map((c) => c.map(() => 0));
      const counts = centres.map(() => 0);
      objective = 0;
      for (const point of points) {
        const distances = centres.map((c) => distance(point, c));
        const nearest = distances.indexOf(Math.min(...distances));
        objective += distances[nearest]!;
        counts[nearest]!++;
        for (const [i, x] of point.entries()) sums[nearest]![i]! += x;
      }
      centres = centres.map((c, i) => (counts[i]! > 0 ? sums[i]!.map((x) => x / counts[i]!) : c));
    }
    best = Math.min(best, objective);
  }
  return best;
};

describe('kMeans', () => {
  const rows = mixture(900, 5, 11, { clusters: 8, spread: 0.4 });

  it('is no worse than 20 runs of the plain algorithm', async () => {
    const { objective } = await kMeans(rows, { k: 8, restarts: 5 });
    expect(objective).toBeLessThanOrEqual(naiveObjective(rows, 8, 20) * 1.0001);
  });

  it('ends where no row is nearer to another centre, with centres in the middle of their rows', async () => {
    const { centres, assignment, counts, objective, dimensions } = await kMeans(rows, { k: 13, restarts: 1, tolerance: 0 });
    let total = 0;
    for (const [i, row] of rows.entries()) {
      const distances = Array.from({ length: 13 }, (_, c) =>
        row.reduce((sum, x, j) => sum + (x - centres[c * dimensions + j]!) ** 2, 0),
      );
      const own = distances[assignment[i]!]!;
      expect(own).toBeLessThanOrEqual(Math.min(...distances) + 1e-9);
      total += own;
    }
    expect(objective / total).toBeCloseTo(1, 10);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(900);
    expect(Array.from(counts)).toEqual(Array.from(counts).sort((a, b) => b - a));
  });

  it('gives the same for the same seed and the same objective for rows in another order', async () => {
    const [a, b] = [await kMeans(rows, { k: 8, seed: 4 }), await kMeans(rows, { k: 8, seed: 4 })];
    expect(b.centres).toEqual(a.centres);
    const shuffled = await kMeans([...rows].reverse(), { k: 8, seed: 4 });
    expect(shuffled.objective / a.objective).toBeCloseTo(1, 2);
  });

  it('copes with equal rows, with as many clusters as rows and with one cluster', async () => {
    const equal = Array.from({ length: 10 }, () => [1, 2]);
    expect((await kMeans(equal, { k: 3 })).objective).toBe(0);
    const few = rows.slice(0, 6);
    const each = await kMeans(few, { k: 6 });
    expect(each.objective).toBeLessThan(1e-20);
    expect(Array.from(each.counts)).toEqual([1, 1, 1, 1, 1, 1]);
    const [one] = [await kMeans(few, { k: 1 })];
    expect(one?.centres[0]).toBeCloseTo(
      few.reduce((sum, row) => sum + row[0]! / 6, 0),
      12,
    );
  });

  it('keeps its digits far from zero', async () => {
    const far = rows.map((row) => row.map((x) => x + 1e6));
    const [near, away] = [await kMeans(rows, { k: 8 }), await kMeans(far, { k: 8 })];
    expect(away.objective / near.objective).toBeCloseTo(1, 7);
  });

  it('stops when told to and refuses too few rows', async () => {
    await expect(kMeans(rows, { k: 8, signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    const controller = new AbortController();
    const runs: number[] = [];
    const onEvent = ({ run }: { run: number }): void => {
      runs.push(run);
      if (run === 2) controller.abort(new Error('enough'));
    };
    await expect(kMeans(rows, { k: 8, signal: controller.signal, onEvent })).rejects.toThrow('enough');
    expect(runs).toEqual([1, 2]);
    await expect(kMeans(rows.slice(0, 3), { k: 4 })).rejects.toThrow(/at least k = 4 rows, found 3/);
  });
});

describe.each(collections())('ndb of recorded instruments: $name', ({ notes, read }) => {
  it('is at its chance level between random halves of real notes, far above it when an instrument is missing', async () => {
    const features = notes.map(({ id }) => logSpectrogram(read(id), { sampleRate: 16000 }));
    // About a dozen notes or more a bin: with fewer, the missing of all of them would be no significant difference.
    const [k, splits] = [Math.min(10, Math.floor(notes.length / 13)), 12];
    let different = 0;
    for (let split = 0; split < splits; split++) {
      const uniform = uniforms(split);
      const order = features.map((row) => ({ row, key: uniform() })).sort((a, b) => a.key - b.key);
      const half = order.length >> 1;
      const [a, b] = [order.slice(0, half), order.slice(half)].map((part) => part.map(({ row }) => row)) as [
        Float32Array[],
        Float32Array[],
      ];
      different += score({ bins: await ndbBins(a, { k, restarts: 2, seed: split }) }, a, b).ndb;
    }
    // 5 % is the chance level (6 of 120 tests); bins fitted to one half favour it a little, and 15 % is some five standard errors away.
    expect(different / (k * splits)).toBeLessThan(0.15);
    const struck = notes.map(({ family }) => family === 'keyboard' || family === 'mallet');
    const without = features.filter((_, i) => !struck[i]).slice(0, 60);
    const missing = score({ bins: await ndbBins(features, { k, restarts: 2 }) }, features, without);
    expect(missing.ndb / k).toBeGreaterThanOrEqual(0.3);
  });
});
