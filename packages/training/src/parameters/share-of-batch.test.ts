import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../errors.js';
import { addInPairs } from './add-in-pairs.js';
import { microBatches } from './micro-batches.js';
import { shareOfBatch } from './share-of-batch.js';

const joined = (one: string, other: string): string => `(${one}${other})`;

describe('addInPairs', () => {
  it.each([
    ['a', 'a'],
    ['ab', '(ab)'],
    ['abc', '((ab)c)'],
    ['abcd', '((ab)(cd))'],
    ['abcdefg', '(((ab)(cd))((ef)g))'],
  ])('%s: %s', (values, sum) => {
    expect(addInPairs([...values], joined)).toBe(sum);
  });

  it.each([2, 3, 4, 5, 8])('adds up equal shares of a power of two in %i places to the same sum', (ranks) => {
    for (const each of [1, 2, 4]) {
      const all = Array.from({ length: ranks * each }, (_, i) => String.fromCharCode(97 + i));
      const shares = Array.from({ length: ranks }, (_, rank) => addInPairs(all.slice(rank * each, (rank + 1) * each), joined));
      expect(addInPairs(shares, joined)).toBe(addInPairs(all, joined));
    }
  });
});

describe('shareOfBatch', () => {
  const parts = microBatches(12, 3);

  it('deals the micro-batches out in order, each once', () => {
    expect(shareOfBatch(parts, { rank: 0, ranks: 1 }, 'critic')).toEqual(parts);
    for (const ranks of [2, 4])
      expect(Array.from({ length: ranks }, (_, rank) => shareOfBatch(parts, { rank, ranks }, 'critic')).flat()).toEqual(parts);
  });

  it.each([3, 8])('refuses %i processes, for which the sum would be another or some would have nothing', (ranks) => {
    const share = () => shareOfBatch(parts, { rank: 0, ranks }, 'critic');
    expect(share).toThrow(ArgumentError);
    expect(share).toThrow(`critic: expected 1, 2, 4, 8, ... micro-batches for each of ${ranks} processes, found 4 for all`);
  });

  it.each([
    [2, 2],
    [-1, 2],
    [0, 0],
    [0.5, 2],
  ])('refuses rank %f of %f', (rank, ranks) => {
    expect(() => shareOfBatch(parts, { rank, ranks }, 'critic')).toThrow(/expected one of n processes/);
  });
});
