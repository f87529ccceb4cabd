import { describe, expect, it } from 'vitest';
import { distinctNames } from './distinct-names.js';

describe('distinct names', () => {
  it.each([
    ['different ones', ['a', 'b'], ['a', 'b']],
    ['the same ones', ['a', 'b', 'a', 'a'], ['a', 'b', 'a-2', 'a-3']],
    ['one that is numbered already', ['a', 'a-2', 'a'], ['a', 'a-2', 'a-3']],
    ['one that is numbered already, and comes later', ['a', 'a', 'a-2'], ['a', 'a-3', 'a-2']],
    ['numbers of their own twice', ['a', 'a-2', 'a', 'a-2'], ['a', 'a-2', 'a-3', 'a-2-2']],
    ['others in case alone', ['A', 'a', 'a-2'], ['A', 'a-3', 'a-2']],
  ])('of %s', (_what, names, expected) => {
    expect(distinctNames(names)).toEqual(expected);
  });

  it('of many of one name come at once', () => {
    const names = distinctNames(Array.from({ length: 20_000 }, () => 'a'));
    expect(new Set(names).size).toBe(20_000);
    expect(names.at(-1)).toBe('a-20000');
  });
});
