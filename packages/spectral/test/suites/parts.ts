import * as tf from '@tensorflow/tfjs-core';
import { directionalDerivatives, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import {
  applyOperator,
  decibelsToPower,
  gansynthMel,
  instantaneousFrequency,
  logMagnitude,
  logMagnitudeToDecibels,
  magnitude,
  phaseAngle,
  phaseFromFrequency,
  power,
  powerToDecibels,
  ShapeError,
  sparseOperator,
  unwrapPhase,
  wrapFrequency,
  type Spectrum,
} from '../../src/index.js';
import { naiveCumulate, naiveFrequency, naiveInverseMelMatrix, naiveMelMatrix, naiveUnwrap, type Matrix } from '../oracle.js';
import { apart, noise } from '../signals.js';

const rows = (values: ArrayLike<number>, columns: number): Matrix =>
  Array.from({ length: values.length / columns }, (_, i) => Array.from({ length: columns }, (_, j) => values[i * columns + j]!));

const unpack = (x: tf.Tensor): Spectrum => {
  const [real, imaginary] = tf.unstack(x) as [tf.Tensor3D, tf.Tensor3D];
  return { real, imaginary };
};

/** Phase, frequency, magnitude and sparse operators, each alone. */
export function partsSuite(): void {
  describe('phase', () => {
    const phase = noise(30 * 7, { scale: Math.PI });
    const input = (): tf.Tensor3D => tf.tensor3d(phase, [1, 30, 7]);

    it('unwraps as the textbook does', async () => {
      expectClose(await unwrapPhase(input()).data(), naiveUnwrap(rows(phase, 7)).flat(), { absolute: 1e-4 });
    });

    it('gives the frequency of the unwrapped phase, whether or not it came unwrapped', async () => {
      const expected = naiveFrequency(rows(phase, 7)).flat();
      expectClose(await instantaneousFrequency(input()).data(), expected, { absolute: 1e-5 });
      // float32 phases of some 20 turns
      expectClose(await instantaneousFrequency(unwrapPhase(input())).data(), expected, { absolute: 1e-4 });
    });

    it('sums frequency back to the unwrapped phase', async () => {
      const frequency = instantaneousFrequency(input());
      expectClose(await phaseFromFrequency(frequency).data(), naiveUnwrap(rows(phase, 7)).flat(), { absolute: 1e-4 });
      const values = noise(40, { scale: 1 });
      expectClose(await phaseFromFrequency(tf.tensor3d(values, [1, 10, 4])).data(), naiveCumulate(rows(values, 4)).flat(), {
        absolute: 1e-4,
      });
    });

    it('keeps the frequency of a steady tone', async () => {
      const steady = Float32Array.from({ length: 20 }, (_, t) => ((0.3 * Math.PI * t + Math.PI) % (2 * Math.PI)) - Math.PI);
      const values = await instantaneousFrequency(tf.tensor3d(steady, [1, 20, 1])).data();
      for (const value of values.slice(1)) expect(value).toBeCloseTo(0.3, 5);
    });

    it('keeps the sign of an exact half turn and leaves small steps alone, bit for bit', async () => {
      const pi = Math.fround(Math.PI);
      const steps = await instantaneousFrequency(tf.tensor3d([0, pi, 0, pi, pi / 2], [1, 5, 1])).data();
      expect([...steps]).toEqual([0, 1, -1, 1, -0.5]);
    });

    it('wraps frequency by whole turns, frame 0 excepted', async () => {
      const values = await wrapFrequency(tf.tensor3d([2.5, 1, 1.25, -1, -1.5, 3, -3.25, 6.5], [1, 8, 1])).data();
      expectClose(values, [2.5, 1, -0.75, -1, 0.5, 1, 0.75, 0.5], { absolute: 1e-6 });
    });

    it('works on one frame, no frame and no batch', () => {
      for (const part of [unwrapPhase, instantaneousFrequency, phaseFromFrequency, wrapFrequency]) {
        for (const shape of [
          [1, 1, 4],
          [1, 0, 4],
          [0, 3, 4],
        ] as [number, number, number][]) {
          expect(part(tf.zeros(shape)).shape).toEqual(shape);
        }
        expect(() => part(tf.zeros([3, 4]) as unknown as tf.Tensor3D)).toThrow(ShapeError);
      }
    });

    it('has the gradient that finite differences have', async () => {
      const small = tf.tensor3d(noise(24, { scale: 1.2 }), [1, 6, 4]);
      const weight = tf.tensor3d(noise(24, { seed: 9 }), [1, 6, 4]);
      for (const part of [unwrapPhase, instantaneousFrequency, phaseFromFrequency, wrapFrequency]) {
        const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tf.square(part(x as tf.Tensor3D)), weight));
        const pairs = await directionalDerivatives(loss, small, { step: 1e-3 });
        for (const [numeric, analytic] of pairs)
          expect(Math.abs(numeric - analytic)).toBeLessThan(0.02 * Math.abs(numeric) + 0.02);
      }
    });
  });

  describe('spectrum', () => {
    const real = noise(20, { seed: 2 });
    const imaginary = noise(20, { seed: 4 });
    real[0] = 0;
    imaginary[0] = 0;
    const spectrum = (): Spectrum => ({ real: tf.tensor3d(real, [1, 4, 5]), imaginary: tf.tensor3d(imaginary, [1, 4, 5]) });

    it('has magnitude, power, logarithm and phase as defined, silence included', async () => {
      const modulus = Array.from(real, (x, i) => Math.hypot(x, imaginary[i]!));
      expectClose(await magnitude(spectrum()).data(), modulus, { absolute: 1e-6 });
      expectClose(
        await power(spectrum()).data(),
        modulus.map((x) => x * x),
        { absolute: 1e-6 },
      );
      expectClose(
        await logMagnitude(spectrum()).data(),
        modulus.map((x) => Math.log(x + 1e-6)),
        { absolute: 1e-4 },
      );
      const angles = Array.from(real, (x, i) => (i === 0 ? 0 : Math.atan2(imaginary[i]!, x) / Math.PI));
      const found = await phaseAngle(spectrum()).data();
      for (const [i, angle] of angles.entries()) expect(apart(found[i]! / Math.PI, angle)).toBeLessThan(1e-4);
      expect(found[0]).toBe(0);
    });

    it('has finite gradients at silence', async () => {
      const zero = tf.zeros<tf.Rank.R4>([2, 1, 2, 3]);
      for (const part of [phaseAngle, logMagnitude, magnitude] as ((s: Spectrum) => tf.Tensor3D)[]) {
        expect(
          [
            ...(await tf
              .grad((x) => tf.sum(part(unpack(x))))(zero)
              .data()),
          ].map(Math.abs),
        ).toEqual(Array(12).fill(0));
      }
    });

    it('converts power to decibels and back', async () => {
      const values = tf.tensor1d([1, 0.1, 100, 0, 1e-12]);
      expectClose(await powerToDecibels(values).data(), [0, -10, 20, -100, -100], { absolute: 1e-4 });
      expectClose(await powerToDecibels(values, { reference: 100, floor: 1e-3 }).data(), [-20, -30, 0, -50, -50], {
        absolute: 1e-4,
      });
      expectClose(await decibelsToPower(tf.tensor1d([0, -10, 20])).data(), [1, 0.1, 100], { absolute: 1e-3 });
      expectClose(await logMagnitudeToDecibels(tf.tensor1d([0, Math.LN10])).data(), [0, 20], { absolute: 1e-4 });
      expect(() => powerToDecibels(values, { floor: 0 })).toThrow(/floor above 0/);
    });
  });

  describe('sparse operators', () => {
    it('applies the mel operators as the dense matrices of the definition', async () => {
      const bins = 32;
      const { forward, inverse } = gansynthMel({ bins });
      const naive = naiveMelMatrix(bins, 16_000);
      const input = noise(3 * bins, { scale: 1 });
      const x = tf.tensor3d(input, [1, 3, bins]);
      for (const [operator, dense] of [
        [forward, naive],
        [inverse, naiveInverseMelMatrix(naive)],
      ] as const) {
        const expected = rows(input, bins).flatMap((row) =>
          Array.from({ length: bins }, (_, m) => row.reduce((sum, value, k) => sum + value * dense[k]![m]!, 0)),
        );
        expectClose(await applyOperator(x, operator).data(), expected, { absolute: 1e-5 });
      }
    });

    it('is differentiable twice, and gives 0 where a column is empty', async () => {
      const operator = sparseOperator(3, 4, [
        { row: 0, column: 0, value: 2 },
        { row: 2, column: 0, value: -1 },
        { row: 1, column: 3, value: 0.5 },
      ]);
      const x = tf.tensor2d([1, 2, 3], [1, 3]);
      expectClose(await applyOperator(x, operator).data(), [-1, 0, 0, 1], {});
      const energy = (y: tf.Tensor): tf.Scalar => tf.sum(tf.square(applyOperator(y, operator)));
      expectClose(await tf.grad(energy)(x).data(), [-4, 1, 2], {});
      const second = tf.grad((y) => tf.sum(tf.mul(tf.grad(energy)(y), tf.tensor2d([1, 0, 0], [1, 3]))))(x);
      expectClose(await second.data(), [8, 0, -4], {});
    });

    it('takes any rank, an empty batch, and refuses another length', () => {
      const { forward } = gansynthMel({ bins: 4 });
      expect(applyOperator(tf.zeros([4]), forward).shape).toEqual([4]);
      expect(applyOperator(tf.zeros([0, 2, 4]), forward).shape).toEqual([0, 2, 4]);
      expect(() => applyOperator(tf.zeros([2, 5]), forward)).toThrow('spectral: applyOperator: expected [..., 4], found [2, 5].');
    });
  });

  describe('memory', () => {
    it('is given back by every part', async () => {
      const x = tf.zeros<tf.Rank.R3>([1, 3, 8]);
      const { forward } = gansynthMel({ bins: 8 });
      const spectrum = { real: x, imaginary: x };
      const parts: readonly (() => tf.Tensor)[] = [
        () => unwrapPhase(x),
        () => tf.grad((y) => tf.sum(unwrapPhase(y as tf.Tensor3D)))(x),
        () => tf.grad((y) => tf.sum(phaseAngle({ real: y as tf.Tensor3D, imaginary: x })))(x),
        () => tf.grad((y) => tf.sum(applyOperator(y, forward)))(x),
        () => instantaneousFrequency(x),
        () => phaseFromFrequency(x),
        () => wrapFrequency(x),
        () => phaseAngle(spectrum),
        () => magnitude(spectrum),
        () => power(spectrum),
        () => logMagnitude(spectrum),
        () => logMagnitudeToDecibels(x),
        () => powerToDecibels(x),
        () => decibelsToPower(x),
        () => applyOperator(x, forward),
      ];
      for (const part of parts) {
        await expectNoLeak(part, 1);
      }
    });
  });
}
