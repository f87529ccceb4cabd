import { describe, expect, it } from 'vitest';
import { noise } from '../../test/signals.js';
import { angleOf, fromPolar, toPolar, wrapAngle } from './polar.js';

const tiny = [0, 5e-324, 1e-310, 1e-40, 1e-8];
const points = [
  ...Array.from(
    { length: 2000 },
    (_, i): [number, number] => [Math.cos(i), Math.sin(i)].map((v) => v * 10 ** ((i % 61) - 30)) as [number, number],
  ),
  ...[1, -1].flatMap((x) =>
    tiny.flatMap((y): [number, number][] => [
      [x, y],
      [x, -y],
      [y, x],
      [-y, x],
    ]),
  ),
];

describe('angles without branches', () => {
  it('agree with Math.atan2 to 2e-10, on the axes and beside them too', () => {
    for (const [x, y] of points) {
      // Half a turn from either side is the same angle; y below 1e-300 counts as 0.
      const expected = Math.atan2(y, x) / Math.PI;
      expect(Math.abs(wrapAngle(angleOf(y, x) - expected)), `${x}, ${y}`).toBeLessThan(2e-10);
    }
    for (const [x, y] of [
      [0, 0],
      [-0, 0],
      [0, -0],
      [-0, -0],
    ] as const)
      expect(Math.abs(angleOf(y, x))).toBe(0);
    expect([angleOf(0, -1), angleOf(0, 1), angleOf(1, 0), angleOf(-1, 0)]).toEqual([1, 0, 0.5, -0.5]);
  });

  it('wrap by whole turns, exact half turns keeping their sign', () => {
    expect([0, 0.5, -0.5, 1, -1, 1.25, -1.25, 3, -3, 6.5, -7.5].map(wrapAngle)).toEqual([
      0, 0.5, -0.5, 1, -1, -0.75, 0.75, 1, -1, 0.5, 0.5,
    ]);
    for (const x of noise(100, { scale: 1 })) expect(wrapAngle(x)).toBe(x);
  });

  it('go to points and back', () => {
    const magnitude = Float64Array.from(noise(500), (x) => Math.abs(x) + 0.1);
    const angle = Float64Array.from(noise(500, { seed: 2, scale: 400 }));
    angle.set([0, 0.5, 1, -0.5, -1, 1.5, 2, 1e6 + 0.25, -1e6 - 0.25]);
    const [real, imaginary] = [new Float64Array(502), new Float64Array(502)];
    fromPolar(magnitude, angle, real, imaginary, 1);
    for (const [k, m] of magnitude.entries()) {
      const radians = wrapAngle(angle[k]!) * Math.PI;
      expect(real[k + 1]).toBeCloseTo(m * Math.cos(radians), 9);
      expect(imaginary[k + 1]).toBeCloseTo(m * Math.sin(radians), 9);
    }
    const [m, a] = [new Float64Array(500), new Float64Array(500)];
    toPolar(real, imaginary, 1, 0, m, a);
    for (const [k, value] of m.entries()) {
      expect(value).toBeCloseTo(magnitude[k]!, 9);
      expect(Math.abs(wrapAngle(a[k]! - angle[k]!))).toBeLessThan(1e-8);
    }
    expect([real[0], real[501]]).toEqual([0, 0]);
  });
});
