import { readGolden, readGoldenNpy } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import {
  type Accumulator,
  inceptionScore,
  NotComparableError,
  pitchAccuracy,
  pitchEntropy,
  ShapeError,
  ValueError,
} from '../index.js';
import { normals } from '../test-support/notes.js';

const folder = 'metrics/scores';

function randomLogits(rows: number, columns: number, seed = 1): number[][] {
  const normal = normals(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => 3 * normal()));
}

const golden = () => readGolden<Record<string, number>>(`${folder}/scores.json`);
const logits = () => readGoldenNpy(`${folder}/logits.npy`);
const pitches = () => readGoldenNpy(`${folder}/true_pitch.npy`).data;

const scoreOf = (logits: number[][], splits = 1) => {
  const score = inceptionScore({ classes: logits[0]!.length, splits });
  score.update(logits);
  return score.compute();
};

describe('scores of the original evaluation', () => {
  it('gives the same inception score', () => {
    const score = inceptionScore({ classes: 128 });
    score.update(logits());
    // against the float64 evaluation of the same formula
    expect(score.compute().score / golden()['inception_score_float64']!).toBeCloseTo(1, 6);
  });

  it.each([
    [0, 'pitch_accuracy_strict'],
    [1, 'pitch_accuracy_within_1_semitone'],
    [2, 'pitch_accuracy_within_2'],
  ])('gives the same pitch accuracy within %i semitones', (tolerance, key) => {
    const accuracy = pitchAccuracy({ tolerance });
    accuracy.update({ logits: logits(), pitches: pitches() });
    expect(accuracy.compute().withinTolerance).toBe(golden()[key]);
    expect(accuracy.compute().strict).toBe(golden()['pitch_accuracy_strict']);
  });

  it('gives the same pitch entropy', () => {
    const entropy = pitchEntropy();
    entropy.update(logits());
    // the reference is float32
    expect(entropy.compute().entropy / golden()['pitch_entropy_mean_nats']!).toBeCloseTo(1, 6);
  });
});

describe('inceptionScore', () => {
  it('is the number of classes when each is sure and as frequent as the others', () => {
    const sure = Array.from({ length: 12 }, (_, i) => Array.from({ length: 4 }, (_unused, c) => (c === i % 4 ? 1000 : 0)));
    expect(scoreOf(sure).score).toBeCloseTo(4, 12);
  });

  it('is 1 when every example looks alike', () => {
    expect(scoreOf(Array.from({ length: 9 }, () => [1, 2, 3])).score).toBeCloseTo(1, 12);
    expect(scoreOf(Array.from({ length: 9 }, () => [0, -1e300, 1e300])).score).toBeCloseTo(1, 12);
  });

  it('equals the definition written out', () => {
    const logits = randomLogits(50, 7);
    const p = logits.map((row) => {
      const e = row.map(Math.exp);
      const total = e.reduce((a, b) => a + b);
      return e.map((value) => value / total);
    });
    const marginal = Array.from({ length: 7 }, (_, c) => p.reduce((sum, row) => sum + row[c]!, 0) / p.length);
    const kl = p.map((row) => row.reduce((sum, value, c) => sum + value * Math.log(value / marginal[c]!), 0));
    expect(scoreOf(logits).score).toBeCloseTo(Math.exp(kl.reduce((a, b) => a + b) / kl.length), 10);
  });

  it('averages splits that do not depend on the order', () => {
    const logits = randomLogits(400, 6);
    const forwards = scoreOf(logits, 5);
    const backwards = scoreOf([...logits].reverse(), 5);
    expect(forwards.deviation).toBeGreaterThan(0);
    expect(backwards.score).toBeCloseTo(forwards.score, 10);
    expect(backwards.deviation).toBeCloseTo(forwards.deviation, 10);
    expect(() => scoreOf(randomLogits(3, 6), 5)).toThrow(/each of 5 splits/);
  });
});

describe('pitchAccuracy', () => {
  it('counts who was taken for whom', () => {
    const accuracy = pitchAccuracy({ classes: 3, lowestPitch: 60 });
    accuracy.update({
      logits: [
        [5, 0, 0],
        [0, 5, 0],
        [5, 0, 0],
      ],
      pitches: [60, 60, 62],
    });
    expect(accuracy.compute()).toEqual({
      strict: 1 / 3,
      withinTolerance: 2 / 3,
      tolerance: 1,
      count: 3,
      confusion: { 60: { 60: 1, 61: 1 }, 62: { 60: 1 } },
    });
  });

  it('refuses pitches and logits that do not belong together, and stays as it was', () => {
    const accuracy = pitchAccuracy({ classes: 3, lowestPitch: 60 });
    expect(() => accuracy.update({ logits: [[1, 2, 3]], pitches: [60, 61] })).toThrow(
      /one pitch for each of 1 examples, found 2/,
    );
    expect(() => accuracy.update({ logits: [[1, 2, 3]], pitches: [1] })).toThrow(/pitches in \[60, 62\], found 1/);
    expect(() => accuracy.update({ logits: [[1, 2]], pitches: [60] })).toThrow(ShapeError);
    expect(() => accuracy.update({ logits: [[1, Number.NaN, 2]], pitches: [60] })).toThrow(ValueError);
    expect(() => accuracy.compute()).toThrow(/Call update first/);
  });
});

describe('pitchEntropy', () => {
  it('is ln(classes) for a classifier that knows nothing and 0 for one that is sure', () => {
    const unsure = pitchEntropy({ classes: 4 });
    unsure.update([[1, 1, 1, 1]]);
    expect(unsure.compute().entropy).toBeCloseTo(Math.log(4), 14);
    const sure = pitchEntropy({ classes: 4 });
    sure.update([[0, 900, 0, 0]]);
    expect(sure.compute().entropy).toBe(0);
  });
});

describe('classifier scores', () => {
  const logits = randomLogits(97, 5);
  const pitches = logits.map((_, i) => i % 5);
  const cases: [string, () => Accumulator<never, unknown>, (indices: number[]) => unknown][] = [
    ['inceptionScore', () => inceptionScore({ classes: 5, splits: 2 }), (indices) => indices.map((i) => logits[i])],
    ['pitchEntropy', () => pitchEntropy({ classes: 5 }), (indices) => indices.map((i) => logits[i])],
    [
      'pitchAccuracy',
      () => pitchAccuracy({ classes: 5 }),
      (indices) => ({ logits: indices.map((i) => logits[i]), pitches: indices.map((i) => pitches[i]) }),
    ],
  ];

  it.each(cases)('%s gives the same for every order and sharding, also through JSON', (_, make, batch) => {
    const order = logits.map((_unused, i) => i);
    const whole = make();
    whole.update(batch(order) as never);
    const shards = [0, 1, 2].map((shard) => {
      const one = make();
      one.update(batch(order.filter((i) => i % 3 === shard).reverse()) as never);
      return one;
    });
    const merged = make();
    for (const shard of shards) merged.merge(JSON.parse(JSON.stringify(shard)));
    const flat = (value: unknown): number[] =>
      typeof value === 'object' && value !== null ? Object.values(value).flatMap(flat) : [value as number];
    const [a, b] = [flat(whole.compute()), flat(merged.compute())];
    for (const [i, value] of a.entries()) expect(Math.abs(b[i]! - value)).toBeLessThan(1e-9);
  });

  it('refuse to merge with another score or other settings', () => {
    expect(() => pitchEntropy({ classes: 5 }).merge(pitchEntropy({ classes: 6 }))).toThrow(/classes: 5 and 6/);
    expect(() => pitchEntropy().merge(pitchAccuracy() as never)).toThrow(NotComparableError);
    for (const damaged of [null, 5, {}, { kind: 'pitchEntropy' }]) {
      expect(() => pitchEntropy().merge(damaged as never)).toThrow(ValueError);
    }
  });
});
