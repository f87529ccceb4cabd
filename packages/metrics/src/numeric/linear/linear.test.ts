import { describe, expect, it } from 'vitest';
import { normals } from '../../test-support/notes.js';
import { symmetricEigenvalues } from './eigenvalues.js';
import { floatProducts } from './float-products.js';
import { createScatter } from './scatter.js';
import { rankTwoUpdate } from './rank-two-update.js';
import { congruent, pivotedCholesky } from './symmetric.js';
import { createTiles } from './tiles.js';

const random = (length: number, seed = 1): Float64Array => {
  const normal = normals(seed);
  return Float64Array.from({ length }, normal);
};

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let worst = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
};

/** X^T X of rows X, written out. */
const gramOf = (x: Float64Array, size: number): Float64Array => {
  const gram = new Float64Array(size * size);
  for (let row = 0; row < x.length; row += size) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) gram[i * size + j]! += x[row + i]! * x[row + j]!;
    }
  }
  return gram;
};

describe('tile product', () => {
  it.each([true, false])('equals the triple loop (SIMD: %s)', (simd) => {
    const [m, n, depth] = [8, 12, 7];
    const tiles = createTiles(m * depth + n * depth + m * n, simd);
    const view = tiles.view();
    view.set(random(view.length));
    const before = view.slice();
    tiles.multiply(0, m * depth, (m + n) * depth, m / 4, n / 4, depth, n);
    const expected = before.slice((m + n) * depth);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        for (let p = 0; p < depth; p++) {
          const a = before[(i >> 2) * depth * 4 + p * 4 + (i & 3)]!;
          const b = before[m * depth + (j >> 2) * depth * 4 + p * 4 + (j & 3)]!;
          expected[i * n + j]! += a * b;
        }
      }
    }
    expect(largest(tiles.view().slice((m + n) * depth), expected)).toBeLessThan(1e-13);
  });

  it('keeps its contents when it grows', () => {
    for (const simd of [true, false]) {
      const tiles = createTiles(4, simd);
      tiles.view().set([1, 2, 3, 4]);
      tiles.reserve(100_000);
      expect(Array.from(tiles.view().subarray(0, 4))).toEqual([1, 2, 3, 4]);
      expect(tiles.view().length).toBeGreaterThanOrEqual(100_000);
    }
  });
});

describe('floatProducts', () => {
  it.each([
    [1, 1, 1],
    [6, 3, 5],
    [9, 4, 512],
    [20, 5, 1030],
  ])('of %i rows with %i others of %i columns are as near the doubles as they say', (rows, count, columns) => {
    const shift = random(columns, 4).map((x) => 100 * x);
    const data = random(rows * columns, 5).map((x, i) => x + shift[i % columns]!);
    const others = random(count * columns, 6);
    const products = floatProducts(others, count, shift)!;
    products.multiply(data, 0, rows);
    for (let row = 0; row < rows; row++) {
      let square = 0;
      for (let j = 0; j < columns; j++) square += (data[row * columns + j]! - shift[j]!) ** 2;
      for (let other = 0; other < count; other++) {
        let sum = 0;
        for (let j = 0; j < columns; j++) sum += (data[row * columns + j]! - shift[j]!) * others[other * columns + j]!;
        const found = products.products[row * products.stride + other]!;
        expect(Math.abs(found - sum)).toBeLessThanOrEqual(products.error(row));
      }
      // Of use: 1e-4 of the product of lengths at most, which is some 1e-2 of distances between 512 normals.
      expect(products.error(row)).toBeLessThan(1e-4 * (Math.sqrt(square) + 2 * Math.sqrt(columns)) * 2 * Math.sqrt(columns));
    }
  });

  it('takes as many rows as it says, of any part of the data', () => {
    const [count, columns] = [2, 3];
    const others = random(count * columns, 6);
    const products = floatProducts(others, count, new Float64Array(columns))!;
    const data = Float32Array.from(random((products.chunk + 2) * columns));
    products.multiply(data, 2, products.chunk + 2);
    const at = (products.chunk + 1) * columns;
    const expected = data.subarray(at).reduce((sum, x, j) => sum + x * others[columns + j]!, 0);
    expect(products.products[(products.chunk - 1) * products.stride + 1]).toBeCloseTo(expected, 5);
  });
});

describe('createScatter', () => {
  it.each([true, false])('equals mean and scatter written out, over chunks and merges (SIMD: %s)', (simd) => {
    const [rows, d] = [700, 6];
    const data = random(rows * d).map((x, i) => x + 1000 * (i % d));
    const [first, second] = [createScatter(d, simd), createScatter(d, simd)];
    for (let i = 0; i < rows; i++) (i < 600 ? first : second).add(data, i * d);
    first.addMoments(second.moments());
    const { count, mean, scatter } = first.moments();
    const means = Float64Array.from({ length: d }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += data[i * d + j]!;
      return sum / rows;
    });
    const expected = new Float64Array(d * d);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < d; j++) {
        for (let k = 0; k < d; k++) {
          expected[j * d + k]! += (data[i * d + j]! - means[j]!) * (data[i * d + k]! - means[k]!);
        }
      }
    }
    expect(count).toBe(rows);
    expect(largest(mean, means)).toBeLessThan(1e-9);
    // 1e-10 of a diagonal of about 700
    expect(largest(scatter, expected)).toBeLessThan(1e-7);
  });
});

describe('pivotedCholesky', () => {
  it.each([
    [true, 1, 3],
    [true, 8, 20],
    [true, 12, 5],
    [true, 45, 60],
    [true, 70, 50],
    [true, 96, 96],
    [false, 70, 50],
  ])(
    'gives back a Gram matrix, with its rank, and takes another between its factors (SIMD: %s, %i of %i)',
    (simd, size, vectors) => {
      const gram = gramOf(random(vectors * size), size);
      // Memory that others have used before.
      const tiles = createTiles(5000, simd);
      tiles.view().fill(1e3);
      const cholesky = pivotedCholesky(gram, size, tiles);
      const { factor, width, rank, order } = cholesky;
      expect(rank).toBe(Math.min(size, vectors));
      // R P, in the order of the matrix
      const root = new Float64Array(rank * size);
      for (let k = 0; k < rank; k++) {
        for (let i = 0; i < size; i++) root[k * size + order[i]!] = factor[k * width + i]!;
        for (let i = 0; i < k; i++) expect(factor[k * width + i]).toBe(0);
      }
      expect(largest(gramOf(root, size), gram)).toBeLessThan(1e-11);

      const other = gramOf(random(30 * size, 2), size);
      const { matrix: between, stride } = congruent(cholesky, other, tiles);
      for (let k = 0; k < rank; k++) {
        const half = Float64Array.from({ length: size }, (_, j) => {
          let sum = 0;
          for (let i = 0; i < size; i++) sum += root[k * size + i]! * other[i * size + j]!;
          return sum;
        });
        for (let l = 0; l <= k; l++) {
          const expected = half.reduce((sum, value, j) => sum + value * root[l * size + j]!, 0);
          // Elements are below 1e4.
          expect(Math.abs(between[k * stride + l]! - expected)).toBeLessThan(1e-9);
        }
      }
    },
  );

  it('finds that zero has rank 0', () => {
    const cholesky = pivotedCholesky(new Float64Array(9), 3);
    expect(cholesky).toMatchObject({ rank: 0 });
    expect(congruent(cholesky, Float64Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]))).toMatchObject({ stride: 0 });
  });
});

describe('rankTwoUpdate', () => {
  it.each([
    [true, 8, 8],
    [true, 9, 6],
    [true, 9, 7],
    [true, 2, 1],
    [false, 9, 7],
    [false, 8, 4],
  ])('equals A - v w^T - w v^T and its product with u written out (SIMD: %s, %i, leading %i)', (simd, size, leading) => {
    const update = rankTwoUpdate(size, simd);
    const { matrix, stride, vectors } = update;
    const a = random(size * size, 1);
    const element = (i: number, j: number): number => a[Math.max(i, j) * size + Math.min(i, j)]!;
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) matrix[i * stride + j] = element(i, j);
    const [v, w, u, product] = vectors;
    for (const [i, vector] of [v, w, u].entries()) vector.values.set(random(leading, 2 + i));
    const updated = (i: number, j: number): number => element(i, j) - v.values[i]! * w.values[j]! - w.values[i]! * v.values[j]!;
    update.run(leading, v, w, u, product);
    for (let i = 0; i < leading; i++) {
      let sum = 0;
      for (let j = 0; j < leading; j++) sum += updated(i, j) * u.values[j]!;
      expect(product.values[i]).toBeCloseTo(sum, 12);
      for (let j = 0; j <= i; j++) expect(matrix[i * stride + j]).toBeCloseTo(updated(i, j), 12);
    }
  });
});

describe('symmetricEigenvalues', () => {
  it.each([6, 31, 64])('gives the same bits with and without SIMD for %i rows', (size) => {
    const x = random(size * size);
    const a = gramOf(x, size);
    expect(symmetricEigenvalues(a, size, { simd: false })).toEqual(symmetricEigenvalues(a, size));
  });

  it('knows the eigenvalues of the second difference matrix', () => {
    const size = 40;
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      matrix[i * size + i] = 2;
      if (i > 0) matrix[i * size + i - 1] = matrix[(i - 1) * size + i] = -1;
    }
    const expected = Float64Array.from({ length: size }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (size + 1)));
    expect(largest(symmetricEigenvalues(matrix, size), expected)).toBeLessThan(1e-13);
  });

  it('keeps trace, sum of squares and product of a full matrix', () => {
    const size = 33;
    const x = random(size * size);
    const a = gramOf(x, size);
    const values = symmetricEigenvalues(a, size);
    let trace = 0;
    for (let i = 0; i < size; i++) trace += a[i * size + i]!;
    expect(values.reduce((sum, value) => sum + value, 0) / trace).toBeCloseTo(1, 12);
    const squares = a.reduce((sum, value) => sum + value * value, 0);
    expect(values.reduce((sum, value) => sum + value * value, 0) / squares).toBeCloseTo(1, 12);
  });

  it.each([
    ['zeros', new Float64Array(16), [0, 0, 0, 0]],
    ['a diagonal', Float64Array.from([3, 0, 0, 1]), [1, 3]],
    ['one number', Float64Array.from([7]), [7]],
    ['equal eigenvalues', Float64Array.from([2, 1, 1, 1, 2, 1, 1, 1, 2]), [1, 1, 4]],
    [
      'numbers whose squares vanish beside others',
      Float64Array.from([0, 1e-170, 1e-170, 1e-170, 1, 1e-170, 1e-170, 1e-170, 2]),
      [0, 1, 2],
    ],
    ['huge numbers', Float64Array.from([2e200, 1e200, 1e200, 2e200]), [1e200, 3e200]],
  ])('handles %s', (_, matrix, expected) => {
    const values = symmetricEigenvalues(matrix, Math.sqrt(matrix.length));
    for (const [i, value] of expected.entries())
      expect(Math.abs(values[i]! - value)).toBeLessThanOrEqual(1e-14 * Math.abs(value) + 1e-14 * expected.at(-1)!);
  });
});
