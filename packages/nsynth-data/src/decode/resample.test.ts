import { signalToNoise } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { resample } from './resample.js';

const sine = (frequency: number, rate: number, seconds = 0.5): Float32Array =>
  Float32Array.from({ length: Math.round(seconds * rate) }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate));
const power = (audio: Float32Array, margin: number): number => {
  const inner = audio.subarray(margin, audio.length - margin);
  return 10 * Math.log10(inner.reduce((sum, value) => sum + value * value, 0) / inner.length);
};

describe('resample', () => {
  it.each([
    [44100, 16000],
    [48000, 16000],
    [8000, 16000],
    [22050, 16000],
    [44117, 16001],
  ])('from %d Hz to %d Hz keeps a tone in the pass band to 80 dB', (from, to) => {
    for (const frequency of [100, 1000, 0.88 * 0.5 * Math.min(from, to)]) {
      const actual = resample(sine(frequency, from), from, to);
      const expected = sine(frequency, to);
      expect(Math.abs(actual.length - expected.length)).toBeLessThanOrEqual(1);
      // The ends, where the kernel reaches beyond the audio, are left out.
      expect(signalToNoise(actual, expected, 300, Math.min(actual.length, expected.length) - 300)).toBeGreaterThan(80);
    }
  });

  it('takes what the new rate cannot hold down by 90 dB: nothing folds back', () => {
    for (const frequency of [8100, 9000, 12_000, 20_000])
      expect(power(resample(sine(frequency, 44100), 44100, 16000), 300)).toBeLessThan(-93);
  });

  it('keeps a constant, and returns the same array for the same rate', () => {
    const constant = new Float32Array(4000).fill(0.5);
    for (const value of resample(constant, 44100, 16000).subarray(200, -200)) expect(value).toBeCloseTo(0.5, 4);
    expect(resample(constant, 16000, 16000)).toBe(constant);
  });
});
