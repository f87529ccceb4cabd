import { expect } from 'vitest';

export interface Difference {
  /** Largest absolute difference. */
  readonly max: number;
  /** Root mean square of the difference. */
  readonly rms: number;
  /** Flat index of the largest difference. */
  readonly at: number;
}

/** Differences of two flat arrays of equal length; a NaN on either side counts as infinite. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): Difference {
  if (actual.length !== expected.length) throw new Error(`difference: lengths ${actual.length} and ${expected.length}`);
  let max = 0;
  let at = -1;
  let sum = 0;
  for (let i = 0; i < actual.length; i++) {
    const d = Math.abs(actual[i]! - expected[i]!);
    const value = Number.isNaN(d) ? Number.POSITIVE_INFINITY : d;
    sum += value * value;
    if (value > max) {
      max = value;
      at = i;
    }
  }
  return { max, rms: Math.sqrt(sum / Math.max(1, actual.length)), at };
}

/** Fails unless every element is within `absolute + relative * max|expected|`. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { absolute = 0, relative = 0, label = 'values' }: { absolute?: number; relative?: number; label?: string },
): void {
  let scale = 0;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  const allowed = absolute + relative * scale;
  const { max, at } = difference(actual, expected);
  expect(max, `${label}: largest difference, at element ${at}: ${actual[at]} for ${expected[at]}`).toBeLessThanOrEqual(allowed);
}

/** Signal-to-noise ratio in dB of `actual` against `reference` over [from, to). */
export function signalToNoise(
  actual: ArrayLike<number>,
  reference: ArrayLike<number>,
  from = 0,
  to: number = reference.length,
): number {
  let signal = 0;
  let noise = 0;
  for (let i = from; i < to; i++) {
    signal += reference[i]! ** 2;
    noise += (actual[i]! - reference[i]!) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}
