import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expectClose } from '@gansynth/test-kit';
import { beforeAll, describe, expect, test } from 'vitest';
import { ArgumentError } from '../errors.js';
import { instrumentShares } from '../progressive/operations/instrument-votes.js';
import { latentBetween, latentInstrument, latentWithInstrument } from './instruments.js';
import { slerp } from './interpolate.js';
import { drawLatents, type Latent } from './latents.js';

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const network = { instruments: ['flute', 'horn', 'oboe'], latentSize: 5 };

describe('the instrument of a latent', () => {
  test('is the largest of its first values, whatever the others are', () => {
    expect(latentInstrument([0.1, -2, 0.3, 9, 8], network)).toBe(2);
    expect(latentInstrument([-1, -2, -3, 9, 8], network)).toBe(0);
  });

  test('is changed by exchanging two values', () => {
    expect([...latentWithInstrument([0.5, -2, 0.25, 9, 8], network, 1)]).toEqual([-2, 0.5, 0.25, 9, 8]);
    expect([...latentWithInstrument([0.5, -2, 0.25, 9, 8], network, 0)]).toEqual([0.5, -2, 0.25, 9, 8]);
  });

  test('leaves random latents as random as they were', () => {
    const moved = drawLatents(3000, { seed: 1, latentSize: 5 }).map((latent) => latentWithInstrument(latent, network, 1));
    expect(moved.every((latent) => latentInstrument(latent, network) === 1)).toBe(true);
    // The largest of three N(0, 1) values is 3 / (2 sqrt(pi)) = 0.846 on average; the three are 0 on average.
    expect(mean(moved.map((latent) => latent[1]!))).toBeCloseTo(0.846, 1);
    expect(mean(moved.map((latent) => latent[0]!))).toBeCloseTo(-0.423, 1);
    expect(mean(moved.map((latent) => latent[3]!))).toBeCloseTo(0, 1);
  });

  test('leads the others by as much as is asked for, and nothing else is touched', () => {
    expect([...latentWithInstrument([0.5, -2, 0.25, 9, 8], network, 1, 0.5)]).toEqual([-2, 0.5, 0, 9, 8]);
    expect([...latentWithInstrument([0.5, -2, -0.25, 9, 8], network, 0, 0.5)]).toEqual([0.5, -2, -0.25, 9, 8]);
  });

  test('cannot be had where there is none', () => {
    expect(() => latentInstrument([1, 2], { instruments: [], latentSize: 2 })).toThrow(/expected a network with instruments/);
    expect(() => latentInstrument([1, 2], network)).toThrow(/expected a latent of 5 values, found 2/);
    expect(() => latentWithInstrument([1, 2, 3, 4, 5], network, 3)).toThrow(ArgumentError);
    expect(() => latentWithInstrument([1, 2, 3, 4, 5], network, 1, -1)).toThrow(/expected a lead of 0 or more, found -1/);
    expect(() => latentWithInstrument([1, 2, 3, 4, 5], network, 1, Number.NaN)).toThrow(ArgumentError);
  });
});

const wide = { instruments: Array.from({ length: 24 }, (_, i) => `${i}`), latentSize: 26 };
const shares = (z: Latent): number[] => tf.tidy(() => [...instrumentShares(tf.tensor2d(z, [1, 26]), 24).dataSync()]);

/** Share of all but the two latents' instruments. */
const others = (z: Latent, a: Latent, b: Latent): number => {
  const all = shares(z);
  return 1 - all[latentInstrument(a, wide)]! - all[latentInstrument(b, wide)]!;
};

const pairs = Array.from({ length: 50 }, (_, seed) => {
  const drawn = drawLatents(2, { seed, latentSize: 26 });
  return drawn.map((latent, end) => latentWithInstrument(latent, wide, (seed + 5 * end) % 24, 0.5)) as [Latent, Latent];
});

/** Of each pair, the largest share of others on the way. */
const most = (between: typeof latentBetween): number[] =>
  pairs.map(([a, b]) => Math.max(...[0.25, 0.4, 0.5, 0.6, 0.75].map((t) => others(between(a, b, t, wide), a, b))));

describe('the way from one latent to another', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test('passes through no third instrument, where an arc often does', () => {
    expect(Math.max(...most(latentBetween))).toBeLessThan(0.1);
    expect(most(slerp).filter((share) => share > 0.5).length).toBeGreaterThan(10);
  });

  test('brings one instrument in as the other goes, evenly', () => {
    for (const [a, b] of pairs) {
      for (const t of [0.1, 0.5, 0.8]) {
        const all = shares(latentBetween(a, b, t, wide));
        const [one, other] = [all[latentInstrument(a, wide)]!, all[latentInstrument(b, wide)]!];
        expect(other / (one + other)).toBeCloseTo(t, 1);
      }
    }
  });

  test('begins and ends with the two, keeps its votes beyond, and leaves all else to the arc', () => {
    const [a, b] = pairs[3]!;
    expect(latentBetween(a, b, 0, wide)).toEqual(a);
    expect(latentBetween(a, b, 1, wide)).toEqual(b);
    expectClose(shares(latentBetween(a, b, 1e-9, wide)), shares(a), { absolute: 1e-6 });
    expectClose(shares(latentBetween(a, b, 1.5, wide)), shares(b), { absolute: 1e-6 });
    expectClose(shares(latentBetween(a, b, -1, wide)), shares(a), { absolute: 1e-6 });
    for (const t of [-0.5, 0.3, 1.5]) expect(latentBetween(a, b, t, wide).slice(24)).toEqual(slerp(a, b, t).slice(24));
  });

  test('of one instrument stays with it', () => {
    const [a, b] = [pairs[0]![0], latentWithInstrument(pairs[1]![0], wide, 0)];
    for (const t of [0.2, 0.5, 0.9]) expect(latentInstrument(latentBetween(a, b, t, wide), wide)).toBe(0);
  });

  test('is the arc where a network has no instruments, and holds for votes of any size', () => {
    const [a, b] = pairs[0]!;
    expect(latentBetween(a, b, 0.3, { instruments: [], latentSize: 26 })).toEqual(slerp(a, b, 0.3));
    const far = [Float32Array.of(1e6, 0, -1e6, 1, 2), Float32Array.of(0, -1e6, 1e6, 1, 2)] as const;
    for (const t of [-1, 0.001, 0.5, 1, 2]) {
      expect(latentBetween(...far, t, network).every(Number.isFinite), `${t}`).toBe(true);
    }
    expect(() => latentBetween(a, Float32Array.of(1), 0.3, wide)).toThrow(/found 26 and 1 values/);
  });
});
