import { afterEach, describe, expect, it, vi } from 'vitest';
import { normals } from '../../test-support/notes.js';
import { nearestCentre } from './nearest.js';

const random = (length: number, seed: number, { scale = 1, shift = 0 } = {}): Float64Array => {
  const normal = normals(seed);
  return Float64Array.from({ length }, () => shift + scale * normal());
};

/** The first of the least squared distances, written out. */
const naive = (data: ArrayLike<number>, centres: Float64Array, count: number, columns: number): number[] =>
  Array.from({ length: data.length / columns }, (_, row) => {
    const distances = Array.from({ length: count }, (_unused, centre) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += (data[row * columns + j]! - centres[centre * columns + j]!) ** 2;
      return sum;
    });
    return distances.indexOf(Math.min(...distances));
  });

const nearest = (data: Float32Array | Float64Array, centres: Float64Array, count: number, columns: number): number[] =>
  Array.from(nearestCentre(centres, count, columns)({ data, rows: data.length / columns, columns }));

afterEach(() => vi.unstubAllGlobals());

describe('nearestCentre', () => {
  it.each([
    [1, 1, 3],
    [5, 3, 9],
    [13, 7, 64],
    [900, 50, 100],
  ])('of %i rows and %i centres in %i dimensions is that of distances written out', (rows, count, columns) => {
    const [data, centres] = [random(rows * columns, 1), random(count * columns, 2, { scale: 0.3 })];
    expect(nearest(data, centres, count, columns)).toEqual(naive(data, centres, count, columns));
    const single = Float32Array.from(data);
    expect(nearest(single, centres, count, columns)).toEqual(naive(single, centres, count, columns));
  });

  it('sees differences that single precision does not', () => {
    // Centres 1e-6 apart: squared distances of a row differ by some 1e-12, of terms of about 10.
    const columns = 20;
    const centre = random(columns, 3);
    const centres = Float64Array.from([...centre, ...centre.map((x, j) => x + (j === 4 ? 1e-6 : 0)), ...random(columns, 4)]);
    const data = Float64Array.from({ length: 40 * columns }, (_, i) =>
      i % columns === 4 ? centre[4]! + (Math.floor(i / columns) % 2 ? 0.7e-6 : 0.2e-6) : centre[i % columns]!,
    );
    expect(nearest(data, centres, 3, columns)).toEqual(Array.from({ length: 40 }, (_, row) => row % 2));
  });

  it('takes the first of equal centres', () => {
    const [data, one] = [random(30 * 6, 5), random(6, 6)];
    expect(nearest(data, Float64Array.from([...one, ...one, ...one]), 3, 6)).toEqual(Array.from({ length: 30 }, () => 0));
  });

  it.each<[string, { scale?: number; shift?: number }]>([
    ['far from zero', { shift: 1e9 }],
    ['too large for single precision', { scale: 1e60 }],
    ['too small for single precision', { scale: 1e-40 }],
  ])('is right for numbers %s', (_, { scale = 1, shift = 0 }) => {
    const [rows, count, columns] = [60, 9, 11];
    const [data, centres] = [
      random(rows * columns, 7, { scale, shift }),
      random(count * columns, 8, { scale: scale / 2, shift }),
    ];
    expect(nearest(data, centres, count, columns)).toEqual(naive(data, centres, count, columns));
  });

  it('is right when rows lie farther from all centres than floats tell centres apart', () => {
    const [rows, count, columns] = [60, 9, 11];
    const [data, centres] = [random(rows * columns, 7, { shift: 1e8 }), random(count * columns, 8)];
    const found = nearest(data, centres, count, columns);
    const expected = naive(data, centres, count, columns);
    // Double precision itself decides here by 1e-9 of the distance: both must be nearest to within that.
    for (const [row, centre] of found.entries()) {
      const distance = (c: number): number => {
        let sum = 0;
        for (let j = 0; j < columns; j++) sum += (data[row * columns + j]! - centres[c * columns + j]!) ** 2;
        return sum;
      };
      expect(distance(centre) / distance(expected[row]!) - 1).toBeLessThan(1e-14);
    }
  });

  it('is the same without WebAssembly, and row by row', () => {
    const [rows, count, columns] = [70, 12, 10];
    const [data, centres] = [random(rows * columns, 9), random(count * columns, 10, { scale: 0.01 })];
    const whole = nearest(data, centres, count, columns);
    const find = nearestCentre(centres, count, columns);
    expect(
      Array.from({ length: rows }, (_, row) => {
        const one = data.subarray(row * columns, (row + 1) * columns);
        return find({ data: one, rows: 1, columns })[0];
      }),
    ).toEqual(whole);
    vi.stubGlobal('WebAssembly', undefined);
    expect(nearest(data, centres, count, columns)).toEqual(whole);
  });
});
