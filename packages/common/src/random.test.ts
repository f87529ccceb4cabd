import { describe, expect, it } from 'vitest';
import { exactCosSin, exactLog } from './exact-math.js';
import { RandomError, randomStream, randomStreamFrom } from './random.js';
import { threefry2x32 } from './threefry.js';

describe('threefry2x32', () => {
  // Known answers of the authors' Random123 library, 20 rounds.
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)('of key %o and counter %o gives the published words', (key, counter, expected) => {
    expect(threefry2x32(key, counter)).toEqual(expected);
  });
});

describe('exact mathematics', () => {
  it('agrees with Math.log within 4e-16 relative', () => {
    for (const x of [2 ** -32, 1e-5, 0.3, 0.707, 0.99999, 1, 1.0001, 1.4142, 1.5, 2, 1e10]) {
      expect(Math.abs(exactLog(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(Math.abs(Math.log(x)), 1e-300) + 1e-300);
    }
  });

  it('agrees with Math.cos and Math.sin within 4e-16', () => {
    for (let k = 0; k < 1000; k++) {
      const u = k / 1000;
      const [cosine, sine] = exactCosSin(u);
      expect(Math.abs(cosine - Math.cos(2 * Math.PI * u))).toBeLessThanOrEqual(1e-15);
      expect(Math.abs(sine - Math.sin(2 * Math.PI * u))).toBeLessThanOrEqual(1e-15);
    }
  });
});

const values = (seed: number, name: string): number[] => Array.from(randomStream(seed, name).normalValues(4));

describe('randomStream', () => {
  it('gives the same for the same seed and name, and something else for any other', () => {
    expect(values(7, 'latents')).toEqual(values(7, 'latents'));
    const all = [
      values(7, 'latents'),
      values(8, 'latents'),
      values(7, 'labels'),
      values(7 + 2 ** 32, 'latents'),
      values(7, 'stnetal'),
    ];
    expect(new Set(all.map(String)).size).toBe(all.length);
  });

  it('goes on from a state that went through JSON', () => {
    const stream = randomStream(3, 'latents');
    stream.normalValues(5);
    stream.categorical([1, 2, 3], 4);
    const state = JSON.parse(JSON.stringify(stream.state)) as typeof stream.state;
    expect(state).toEqual({ seed: 3, name: 'latents', counter: 7 });
    expect(randomStreamFrom(state).normalValues(6)).toEqual(stream.normalValues(6));
  });

  it('draws normal values with the moments of the normal distribution', () => {
    const n = 100_000;
    const values = randomStream(1, 'test').normalValues(n);
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / n;
    // Four standard errors of each moment.
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
    expect(values.filter((value) => Math.abs(value) > 1.959964).length / n).toBeCloseTo(0.05, 2);
  });

  it('draws uniform values evenly from [0, 1)', () => {
    const n = 64_000;
    const counts = Array.from({ length: 16 }, () => 0);
    for (const value of randomStream(1, 'test').uniformValues(n)) counts[Math.floor(value * 16)]!++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - n / 16) ** 2 / (n / 16), 0);
    // 15 degrees of freedom: 44 is exceeded once in ten thousand seeds.
    expect(chiSquared).toBeLessThan(44);
  });

  it('draws categories in proportion to their weights, never one of weight zero', () => {
    const weights = [0, 1, 0, 3, 6, 0];
    const drawn = randomStream(2, 'labels').categorical(weights, 50_000);
    const shares = weights.map((_, index) => drawn.filter((value) => value === index).length / drawn.length);
    for (const [index, share] of [0, 0.1, 0, 0.3, 0.6, 0].entries()) expect(shares[index]).toBeCloseTo(share, 2);
    expect([shares[0], shares[2], shares[5]]).toEqual([0, 0, 0]);
  });

  it('permutes: every index once, every position alike', () => {
    const stream = randomStream(4, 'order');
    const firsts = Array.from({ length: 5 }, () => 0);
    for (let round = 0; round < 5000; round++) {
      const order = stream.permutation(5);
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
      firsts[order[0]!]!++;
    }
    expect(Math.max(...firsts) - Math.min(...firsts)).toBeLessThan(300);
    expect(Array.from(stream.permutation(0))).toEqual([]);
  });

  it('draws integers below a limit', () => {
    const values = randomStream(5, 'test').integers(3, 1000);
    expect(new Set(values)).toEqual(new Set([0, 1, 2]));
  });

  it('gives the recorded numbers, whatever the machine', () => {
    const stream = randomStream(2019, 'latents');
    const recorded = { normal: Array.from(stream.normalValues(3)), uniform: Array.from(stream.uniformValues(2)) };
    expect(recorded).toEqual({
      normal: [-1.4919180870056152, -0.37191304564476013, -0.046076998114585876],
      uniform: [0.22494208812713623, 0.3970280885696411],
    });
  });

  it('refuses what it cannot draw', () => {
    expect(() => randomStream(-1, 'x')).toThrow(RandomError);
    expect(() => randomStream(0.5, 'x')).toThrow(/expected seed to be a whole number/);
    expect(() => randomStream(1, 'x', Number.NaN)).toThrow(RandomError);
    const stream = randomStream(1, 'x');
    expect(() => stream.categorical([], 1)).toThrow(/positive sum/);
    expect(() => stream.categorical([0, 0], 1)).toThrow(/positive sum/);
    expect(() => stream.categorical([1, Number.NaN], 1)).toThrow(/found NaN at index 1/);
    expect(() => stream.categorical([1, -1], 1)).toThrow(RandomError);
    expect(() => stream.integers(0, 1)).toThrow(RandomError);
    expect(() => stream.normalValues(1.5)).toThrow(RandomError);
  });
});
