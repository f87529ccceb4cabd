import { describeOnBackends, directionalDerivatives } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import './index.js';

describeOnBackends('the gradient of a matrix product', () => {
  it.each([
    [false, false, 0],
    [false, true, 0],
    [true, false, 0],
    [true, true, 0],
    [false, true, 2],
    [true, false, 2],
  ])('is what finite differences are: transposed %s, %s, batch %i', async (transposeA, transposeB, batch) => {
    const shape = (rows: number, columns: number, turned: boolean): number[] => [
      ...(batch === 0 ? [] : [batch]),
      ...(turned ? [columns, rows] : [rows, columns]),
    ];
    const a = tf.randomNormal(shape(3, 5, transposeA), 0, 1, 'float32', 1);
    const b = tf.randomNormal(shape(5, 4, transposeB), 0, 1, 'float32', 2);
    const square = (x: tf.Tensor, y: tf.Tensor): tf.Scalar => tf.sum(tf.square(tf.matMul(x, y, transposeA, transposeB)));
    for (const pairs of [
      await directionalDerivatives((x) => square(x, b), a),
      await directionalDerivatives((y) => square(a, y), b),
    ]) {
      for (const [numeric, analytic] of pairs) expect(Math.abs(numeric - analytic)).toBeLessThan(0.01 * Math.abs(numeric) + 0.02);
    }
  });
});
