import { describe, expect, it } from 'vitest';
import { halfValues, toHalves } from './half.js';

function halves(values: readonly number[], scale = 1): number[] {
  const found = new Uint16Array(values.length);
  toHalves(Float32Array.from(values), scale, found);
  return [...found];
}

describe('16-bit floats', () => {
  it('come back as they were, all of them', () => {
    const values = halfValues();
    const numbers = Array.from(values.keys()).filter((bits) => !Number.isNaN(values[bits]!));
    expect(halves(numbers.map((bits) => values[bits]!))).toEqual(numbers);
    expect(numbers).toHaveLength(2 ** 16 - 2 * 1023);
  });

  // IEEE 754 binary16, by hand.
  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65_504, 0x7bff],
    [65_519, 0x7bff],
    [65_520, 0x7c00],
    [1e30, 0x7c00],
    [-1e30, 0xfc00],
    [Number.NaN, 0x7e00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    // Half of the smallest goes to the even one, 0; a little more does not.
    [2 ** -25, 0x0000],
    [2 ** -25 * 1.001, 0x0001],
    // Half-way between two goes to the even one.
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    // Rounding carries into the exponent.
    [2 - 2 ** -12, 0x4000],
    [2 ** -14 - 2 ** -26, 0x0400],
  ])('%f is %i', (value, bits) => {
    expect(halves([value])).toEqual([bits]);
    expect(halves([value * 2 ** -10], 2 ** 10)).toEqual([bits]);
  });
});
