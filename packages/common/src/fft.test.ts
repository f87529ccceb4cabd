import { describe, expect, it } from 'vitest';
import { pairedRealFft, powerOfTwoFrom, realFft } from './fft.js';

const frameOf = (size: number, seed: number): Float64Array =>
  Float64Array.from({ length: size }, (_, n) => Math.sin(1.3 * n * seed) + 0.5 * Math.cos(0.01 * n * n) - 0.2);

/** The definition, bin by bin. */
function naive(frame: Float64Array): Float64Array {
  const { length } = frame;
  const bins = new Float64Array(length + 2);
  for (let k = 0; k <= length / 2; k++) {
    for (const [n, value] of frame.entries()) {
      bins[2 * k] = bins[2 * k]! + value * Math.cos((2 * Math.PI * k * n) / length);
      bins[2 * k + 1] = bins[2 * k + 1]! - value * Math.sin((2 * Math.PI * k * n) / length);
    }
  }
  return bins;
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>, count = b.length): number =>
  Math.max(...Array.from({ length: count }, (_, i) => Math.abs(a[i]! - b[i]!)));

describe('real FFT', () => {
  for (const size of [2, 4, 16, 256]) {
    it(`of ${size} samples is the definition's sum (1e-10), and its inverse gives them back`, () => {
      const fft = realFft(size);
      const frame = frameOf(size, 1);
      const expected = naive(frame);
      expect(furthest(fft.transform(frame), expected)).toBeLessThan(1e-10);
      expect(furthest(fft.inverse(expected), frame)).toBeLessThan(1e-12);
    });

    it(`of two frames of ${size} samples at once is that of each`, () => {
      const fft = pairedRealFft(size);
      const frames = [frameOf(size, 1), frameOf(size, 2)] as const;
      for (let n = 0; n < size; n++) fft.frames.set([frames[0][n]!, frames[1][n]!], 2 * n);
      fft.forward();
      for (const [half, frame] of [
        [fft.a, frames[0]],
        [fft.b, frames[1]],
      ] as const) {
        const expected = naive(frame);
        const found = Float64Array.from({ length: size + 2 }, (_, i) => (i % 2 ? half.imaginary : half.real)[i >> 1]!);
        expect(furthest(found, expected)).toBeLessThan(1e-10);
      }
      fft.frames.fill(0);
      fft.inverse();
      for (let n = 0; n < size; n++) {
        expect(fft.frames[2 * n]).toBeCloseTo(frames[0][n]!, 10);
        expect(fft.frames[2 * n + 1]).toBeCloseTo(frames[1][n]!, 10);
      }
    });
  }

  it('keeps one paired transform a size', () => {
    expect(pairedRealFft(64)).toBe(pairedRealFft(64));
    expect(pairedRealFft(64)).not.toBe(pairedRealFft(32));
  });

  it('finds the power of two a length needs', () => {
    expect([1, 2, 3, 4, 5, 1000, 1024, 1025].map(powerOfTwoFrom)).toEqual([2, 2, 4, 4, 8, 1024, 1024, 2048]);
  });
});
