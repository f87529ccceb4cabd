import type { Latent } from '@gansynth/model-files';
import { drawLatents, latentInstrument, latentWithInstrument, slerp, voteSharpness } from '@gansynth/models-gan/latents';
import { expectClose } from '@gansynth/test-kit';
import { describe, expect, test } from 'vitest';
import { latentBetween } from './latent-between.js';

const wide = { instruments: Array.from({ length: 24 }, (_, i) => `${i}`), latentSize: 26 };
const shares = (z: Latent): number[] => {
  const powers = Array.from(z.slice(0, 24), (vote) => Math.exp(voteSharpness * (vote - Math.max(...z.slice(0, 24)))));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
};

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

  test('begins and ends with the two, and is the arc beyond them and in all but votes', () => {
    const [a, b] = pairs[3]!;
    expect(latentBetween(a, b, 0, wide)).toEqual(a);
    expect(latentBetween(a, b, 1, wide)).toEqual(b);
    expectClose(shares(latentBetween(a, b, 1e-9, wide)), shares(a), { absolute: 1e-6 });
    for (const t of [-0.5, 1.5]) expect(latentBetween(a, b, t, wide)).toEqual(slerp(a, b, t));
    expect(latentBetween(a, b, 0.3, wide).slice(24)).toEqual(slerp(a, b, 0.3).slice(24));
  });

  test('of one instrument stays with it', () => {
    const [a, b] = [pairs[0]![0], latentWithInstrument(pairs[1]![0], wide, 0)];
    for (const t of [0.2, 0.5, 0.9]) expect(latentInstrument(latentBetween(a, b, t, wide), wide)).toBe(0);
  });

  test('is the arc where a network has no instruments, and holds for votes of any size', () => {
    const [a, b] = pairs[0]!;
    expect(latentBetween(a, b, 0.3, { instruments: [] })).toEqual(slerp(a, b, 0.3));
    const far = [Float32Array.of(1e6, 0, -1e6, 1, 2), Float32Array.of(0, -1e6, 1e6, 1, 2)] as const;
    for (const t of [-1, 0.001, 0.5, 1, 2]) {
      expect(latentBetween(...far, t, { instruments: ['flute', 'horn', 'oboe'] }).every(Number.isFinite), `${t}`).toBe(true);
    }
    expect(() => latentBetween(a, Float32Array.of(1), 0.3, wide)).toThrow(/found 26 and 1 values/);
  });
});
