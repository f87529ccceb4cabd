import { describe, expect, it } from 'vitest';
import { integratedLoudness, ShapeError, ValueError } from '../index.js';
import { kWeighting } from './loudness.js';

const sound = (sampleRate: number, seconds: number, at: (t: number) => number): Float64Array =>
  Float64Array.from({ length: Math.round(sampleRate * seconds) }, (_, n) => at(n / sampleRate));

describe('integratedLoudness', () => {
  it('weights as ITU-R BS.1770-4 tabulates for 48 kHz', () => {
    const [shelf, highPass] = kWeighting(48_000);
    const tabulated = [
      [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585],
      [1, -2, 1, -1.99004745483398, 0.99007225036621],
    ];
    for (const [i, filter] of [shelf, highPass].entries())
      for (const [j, coefficient] of filter.entries()) expect(coefficient).toBeCloseTo(tabulated[i]![j]!, 10);
  });

  it('hears a full-scale sine of 997 Hz at -3.01 LUFS, at any rate', () => {
    for (const rate of [48_000, 44_100, 16_000])
      expect(
        integratedLoudness(
          sound(rate, 2, (t) => Math.sin(2 * Math.PI * 997 * t)),
          { sampleRate: rate },
        ),
      ).toBeCloseTo(-3.01, 1);
  });

  it('leaves the quiet end of a plucked note out, as a computation by scipy does', () => {
    const partials = [1, 2, 3, 4, 5, 6, 7, 8];
    const pluck = (t: number): number =>
      0.5 * Math.exp(-1.5 * t) * partials.reduce((sum, k) => sum + Math.sin(2 * Math.PI * 220 * k * t) / k, 0);
    expect(integratedLoudness(sound(48_000, 4, pluck), { sampleRate: 48_000 })).toBeCloseTo(-16.405974536291016, 6);
    // The filters of another rate differ a little near half of it: within what EBU Tech 3341 allows a meter.
    expect(Math.abs(integratedLoudness(sound(16_000, 4, pluck), { sampleRate: 16_000 }) - -16.405974536291016)).toBeLessThan(0.1);
  });

  it('knows short sounds and silence, and refuses what is none', () => {
    const short = integratedLoudness(
      sound(16_000, 0.1, (t) => Math.sin(2 * Math.PI * 997 * t)),
      { sampleRate: 16_000 },
    );
    expect(Math.abs(short + 3.01)).toBeLessThan(0.2);
    expect(integratedLoudness(new Float32Array(8000), { sampleRate: 16_000 })).toBe(Number.NEGATIVE_INFINITY);
    expect(() => integratedLoudness([], { sampleRate: 16_000 })).toThrow(ShapeError);
    expect(() => integratedLoudness([0, Number.NaN], { sampleRate: 16_000 })).toThrow(ValueError);
    expect(() => integratedLoudness([0], { sampleRate: 2000 })).toThrow(/sampleRate in \[4000/);
  });
});
