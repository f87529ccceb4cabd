import { describe, expect, it } from 'vitest';
import { diversity, memorisation, nearestNotes, TooFewExamplesError } from '../index.js';
import { normals } from '../test-support/notes.js';

const normal = normals(1);
const rows = (count: number, columns = 4): number[][] =>
  Array.from({ length: count }, () => Array.from({ length: columns }, () => 5 + normal()));
const square = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);

const near = (distances: number[]) => distances.map((distance, i) => ({ id: String(i), distance }));

describe('diversity', () => {
  const features = rows(40);
  const pitches = features.map((_, i) => 60 + (i % 3));

  it('is the root mean square distance of all pairs of one pitch', () => {
    const accumulator = diversity({ dimensions: 4 });
    accumulator.update({ features, pitches });
    const means = [60, 61, 62].map((pitch) => {
      const mine = features.filter((_, i) => pitches[i] === pitch);
      const pairs = mine.flatMap((a, i) => mine.slice(i + 1).map((b) => square(a, b)));
      return pairs.reduce((a, b) => a + b) / pairs.length;
    });
    const { distance, byPitch, count } = accumulator.compute();
    expect(distance).toBeCloseTo(Math.sqrt(means.reduce((a, b) => a + b) / 3), 12);
    expect(byPitch[1]?.distance).toBeCloseTo(Math.sqrt(means[1]!), 12);
    expect(count).toBe(40);
  });

  it('is 0 when every latent gives the same note', () => {
    const accumulator = diversity({ dimensions: 2 });
    accumulator.update({
      features: [
        [3, 4],
        [3, 4],
        [3, 4],
        [9, 9],
      ],
      pitches: [60, 60, 60, 61],
    });
    expect(accumulator.compute()).toEqual({ distance: 0, byPitch: [{ pitch: 60, count: 3, distance: 0 }], count: 3 });
  });

  it('gives the same for every sharding, and refuses lone notes', () => {
    const whole = diversity({ dimensions: 4 });
    whole.update({ features, pitches });
    const merged = diversity({ dimensions: 4 });
    for (const shard of [1, 0]) {
      const part = diversity({ dimensions: 4 });
      const mine = features.map((_, i) => i).filter((i) => i % 2 === shard);
      part.update({ features: mine.map((i) => features[i]!), pitches: mine.map((i) => pitches[i]!) });
      merged.merge(JSON.parse(JSON.stringify(part)));
    }
    expect(merged.compute().distance).toBeCloseTo(whole.compute().distance, 12);
    const alone = diversity({ dimensions: 4 });
    alone.update({ features: rows(2), pitches: [60, 61] });
    expect(() => alone.compute()).toThrow(TooFewExamplesError);
    expect(() => alone.update({ features: rows(2), pitches: [60] })).toThrow(/one pitch for each of 2/);
  });
});

describe('nearestNotes', () => {
  const training = rows(90);
  const ids = training.map((_, i) => `note-${String(i).padStart(3, '0')}`);
  const notes = [...rows(12), training[33]!];

  it('finds the nearest of all, and a copy at distance 0', () => {
    const accumulator = nearestNotes({ notes });
    accumulator.update({ features: training, ids });
    for (const [i, { id, distance }] of accumulator.compute().entries()) {
      const squares = training.map((row) => square(row, notes[i]!));
      expect(id).toBe(ids[squares.indexOf(Math.min(...squares))]);
      expect(distance).toBeCloseTo(Math.sqrt(Math.min(...squares)), 12);
    }
    expect(accumulator.compute().at(-1)).toEqual({ id: 'note-033', distance: 0 });
  });

  it('gives the same for every sharding of the training notes, equal notes included', () => {
    const doubled = [...training, ...training];
    const names = [...ids.map((id) => `z-${id}`), ...ids];
    const whole = nearestNotes({ notes });
    whole.update({ features: doubled, ids: names });
    const merged = nearestNotes({ notes });
    for (const shard of [0, 1, 2]) {
      const part = nearestNotes({ notes });
      part.update({ features: doubled.filter((_, i) => i % 3 === shard), ids: names.filter((_, i) => i % 3 === shard) });
      merged.merge(JSON.parse(JSON.stringify(part)));
    }
    expect(merged.compute()).toEqual(whole.compute());
    expect(whole.compute().at(-1)?.id).toBe('note-033');
    expect(() => whole.merge(nearestNotes({ notes: rows(3) }))).toThrow(/notes: 13 and 3/);
    expect(() => nearestNotes({ notes }).compute()).toThrow(/at least 1 training note/);
  });

  it('tells copies from fresh notes', () => {
    const heldOut = near(Array.from({ length: 100 }, (_, i) => 1 + i / 100));
    expect(memorisation(near([1.2, 1.5, 1.8]), heldOut)).toMatchObject({
      suspiciousShare: 0,
      generatedMedian: 1.5,
      heldOutMedian: 1.5,
    });
    expect(memorisation(near([0, 0.1, 1.5, 1.6]), heldOut).suspiciousShare).toBe(0.5);
    expect(() => memorisation(near([1]), near([1, 2]))).toThrow(/at least 20 held-out/);
  });
});
