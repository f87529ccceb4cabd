import { describe, expect, it } from 'vitest';
import { mixToMono, peakOf, shapeAudio } from './shape-audio.js';

const sampleRate = 16_000;
const sine = (seconds: number, hertz = 220, peak = 0.5): Float32Array =>
  Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, n) => peak * Math.sin((2 * Math.PI * hertz * n) / sampleRate),
  );
/** Uniform noise, the same every time. */
function noise(length: number, peak: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => (peak * (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0)) / 2 ** 31);
}
const shape = (audio: Float32Array, trimBelow: number | false = -50) =>
  shapeAudio({ sampleRate, channels: [audio] }, { sampleRate, samples: 2 * sampleRate, trimBelow, peak: false });
const meanOf = (audio: Float32Array): number => audio.reduce((sum, value) => sum + value, 0) / audio.length;
const decibels = (level: number): number => 10 ** (level / 20);

describe('mixToMono', () => {
  const [a, b] = [sine(0.5), sine(0.5, 330)];
  it.each([
    ['one', [a], 0.5, false],
    ['two alike', [a, a], 0.5, false],
    ['two that differ', [a, b], 0.4, false],
    ['one of two silent', [a, a.map(() => 0)], 0.25, false],
    ['opposite', [a, a.map((value) => -value)], 0.5, true],
    ['nearly opposite', [a.map((value) => 0.97 * value), a.map((value) => -value)], 0.5, true],
    ['opposite and softer', [a, a.map((value) => -0.6 * value)], 0.5, true],
    ['four, two against two', [a, a.map((value) => -value), a, a.map((value) => -value)], 0.5, true],
    ['silent', [a.map(() => 0), a.map(() => 0)], 0, false],
  ])('channels: %s', (_, channels, peak, isOpposite) => {
    const mixed = mixToMono(channels);
    expect(mixed.isOpposite).toBe(isOpposite);
    expect(peakOf(mixed.audio)).toBeGreaterThanOrEqual(peak - 0.01);
    expect(peakOf(mixed.audio)).toBeLessThan(0.51);
  });
});

describe('shapeAudio', () => {
  const cases: [string, number, Float32Array][] = [
    ['a constant', 0.25, new Float32Array(4000)],
    ['a negative constant', -0.3, new Float32Array(4000)],
    ['noise of -45 dB', 0, noise(12_000, 0.5 * decibels(-45))],
    ['noise of -30 dB', 0, noise(12_000, 0.5 * decibels(-30))],
    ['silence, then noise', 0, Float32Array.from([...new Float32Array(4000), ...noise(8000, 0.5 * decibels(-40))])],
    ['hum', 0, sine(1, 50, 0.5 * decibels(-40))],
    ['a constant and noise', 0.2, noise(12_000, 0.5 * decibels(-45))],
  ];
  it.each(cases)('begins with the note after %s', (_, offset, before) => {
    const { audio = new Float32Array() } = shape(Float32Array.from([...before, ...sine(1)], (value) => value + offset));
    // 20 ms
    expect(audio.findIndex((value) => Math.abs(value) > 0.25)).toBeLessThan(320);
    expect(Math.abs(meanOf(audio))).toBeLessThan(0.005);
  });

  it('leaves a slow attack, a click before the note, and a low tone that ends in the middle of a period', () => {
    const attack = sine(2).map((value, n) => value * Math.min(1, 10 ** ((n / sampleRate - 1) * 3)));
    const { audio: slow = new Float32Array() } = shape(attack);
    // 60 dB in a second: -50 dB is reached after a sixth of it.
    expect(slow.findIndex((value) => Math.abs(value) > 0.25) / sampleRate).toBeGreaterThan(0.7);
    const click = Float32Array.from([...sine(0.02, 1000, 0.1), ...new Float32Array(3000), ...sine(1)]);
    expect(shape(click).audio?.findIndex((value) => Math.abs(value) > 0.25)).toBeGreaterThan(3000);
    const low = sine(0.61, 27.5);
    expect(shape(low, false).done).toEqual(['padded from 0.61 s']);
  });

  it('finds a constant alone silent', () => {
    expect(shape(new Float32Array(16_000).fill(0.4)).audio).toBeUndefined();
  });
});
