import { randomStream } from '@gansynth/common/random';
import { describe, expect, it } from 'vitest';
import { addInPairs } from '../parameters/add-in-pairs.js';
import { communicators } from '../../test/support/communicators.js';
import { gather, gatherTexts } from './gather.js';
import { float16Wire, float32Wire, sumInPairs } from './sum-in-pairs.js';

const valuesOf = (rank: number, length: number): Float32Array => randomStream(rank, 'values').normalValues(length);

const added = (one: Float32Array, other: Float32Array): Float32Array => one.map((value, i) => value + other[i]!);

describe('sums over processes', () => {
  it.each([
    [1, 5],
    [2, 0],
    [2, 1],
    [2, 7],
    [4, 3],
    [4, 1001],
    [8, 1001],
    // More than two pieces for each of two.
    [2, 2 ** 22 + 3],
  ])('are on each of %i processes, of %i values, those in pairs bit for bit', async (ranks, length) => {
    const all = Array.from({ length: ranks }, (_, rank) => valuesOf(rank, length));
    const expected = addInPairs(all, added);
    const sums = all.map((values) => values.slice());
    await Promise.all(communicators(ranks).map((communicator, rank) => sumInPairs(communicator, sums[rank]!)));
    // Compared as bytes: millions of values one by one would take minutes.
    for (const sum of sums) expect(Buffer.compare(Buffer.from(sum.buffer), Buffer.from(expected.buffer))).toBe(0);
  });

  it.each([2, 4])('travel as 16 bits too, and are then near, and the same on each of %i', async (ranks) => {
    const all = Array.from({ length: ranks }, (_, rank) => valuesOf(rank, 1001).map((value) => value * 1e-6));
    const expected = addInPairs(all, added);
    const scale = 2 ** 30;
    await Promise.all(communicators(ranks).map((communicator, rank) => sumInPairs(communicator, all[rank]!, float16Wire(scale))));
    for (const sum of all) expect(sum).toEqual(all[0]);
    const errors = expected.map((value, i) => Math.abs(all[0]![i]! - value));
    // Half a step of 11 bits each time that they travel, of sums near 5e-6.
    expect(Math.max(...errors)).toBeLessThan(5e-6 * 2 ** -11 * 4);
    expect(Math.max(...errors)).toBeGreaterThan(0);
  });

  it('keep what is not finite, on either way of travelling', async () => {
    for (const wire of [float32Wire, () => float16Wire(1)]) {
      const all = [
        Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 1, 1e30),
        Float32Array.of(1, 1, Number.NEGATIVE_INFINITY, 0),
      ];
      await Promise.all(communicators(2).map((communicator, rank) => sumInPairs(communicator, all[rank]!, wire())));
      for (const sum of all)
        expect([...sum].slice(0, 3)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    }
  });
});

describe('what processes say', () => {
  it.each([1, 2, 4, 8])('comes in the order of their ranks, on each of %i', async (ranks) => {
    const all = communicators(ranks);
    const blocks = await Promise.all(all.map((communicator) => gather(communicator, Uint8Array.of(communicator.rank, 7))));
    for (const found of blocks) expect(found.map((block) => [...block])).toEqual(all.map(({ rank }) => [rank, 7]));
    const texts = await Promise.all(all.map((communicator) => gatherTexts(communicator, 'é'.repeat(communicator.rank))));
    for (const found of texts) expect(found).toEqual(all.map(({ rank }) => 'é'.repeat(rank)));
  });
});
