import { describe, expect, test } from 'vitest';
import { ArgumentError } from '../errors.js';
import { latentAttribute, latentWithAttribute, networkDynamics } from './attributes.js';
import { drawLatents } from './latents.js';

const network = {
  instruments: ['flute', 'horn'],
  attributes: [
    { name: 'velocity', levels: 3 },
    { name: 'source', levels: 2 },
  ],
  latentSize: 6,
};
const velocityAt = 2;

/** Positions in the order of their values. */
const order = (list: number[]): number[] => list.map((_, i) => i).sort((a, b) => list[a]! - list[b]!);

describe('an attribute of a latent', () => {
  test('is the third of the normal distribution that its value lies in', () => {
    // The thirds end at -0.4307 and 0.4307.
    for (const [value, level] of [
      [-9, 0],
      [-0.44, 0],
      [-0.42, 1],
      [0.42, 1],
      [0.44, 2],
      [9, 2],
    ] as const) {
      expect(latentAttribute([0, 0, value, 0, 0, 0], network, 'velocity')).toBe(level);
    }
    expect(latentAttribute([0, 0, 9, -0.01, 0, 0], network, 'source')).toBe(0);
  });

  test('is moved into its level, in order, and nothing else is', () => {
    const latents = drawLatents(200, { seed: 2, latentSize: 6 });
    for (const latent of latents) {
      const moved = latentWithAttribute(latent, network, 'velocity', 1);
      expect(latentAttribute(moved, network, 'velocity')).toBe(1);
      expect([...moved].filter((_, i) => i !== velocityAt)).toEqual([...latent].filter((_, i) => i !== velocityAt));
    }
    const values = latents.map((latent) => latent[velocityAt]!);
    const moved = latents.map((latent) => latentWithAttribute(latent, network, 'velocity', 0)[velocityAt]!);
    expect(order(moved)).toEqual(order(values));
  });

  test('leaves random latents as random as they were, over all levels', () => {
    const moved = drawLatents(3000, { seed: 1, latentSize: 6 }).map(
      (latent, i) => latentWithAttribute(latent, network, 'velocity', i % 3)[velocityAt]!,
    );
    const moment = (power: number): number => moved.reduce((sum, value) => sum + value ** power, 0) / moved.length;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.3);
  });

  test('between two levels lies between them', () => {
    const latent = drawLatents(1, { seed: 5, latentSize: 6 })[0] as Float32Array;
    const at = (level: number): number => latentWithAttribute(latent, network, 'velocity', level)[velocityAt]!;
    expect(at(0.5)).toBeGreaterThan(at(0));
    expect(at(0.5)).toBeLessThan(at(1));
  });

  test('stays finite at the ends', () => {
    for (const value of [-1e6, 1e6]) {
      for (const level of [0, 2]) {
        expect(Number.isFinite(latentWithAttribute([0, 0, value, 0, 0, 0], network, 'velocity', level)[velocityAt])).toBe(true);
      }
    }
  });

  test('is refused where there is none, out of range, or for a latent of another size', () => {
    const zeros = new Float32Array(6);
    expect(() => latentWithAttribute(zeros, network, 'breath', 0)).toThrow(
      /expected an attribute of the network \(velocity, source\), found "breath"/,
    );
    expect(() => latentWithAttribute(zeros, { instruments: [], latentSize: 6 }, 'velocity', 0)).toThrow(/\(none\)/);
    expect(() => latentWithAttribute(zeros, network, 'velocity', 3)).toThrow(/a level of 0 to 2 for "velocity", found 3/);
    expect(() => latentWithAttribute(zeros, network, 'velocity', Number.NaN)).toThrow(ArgumentError);
    expect(() => latentAttribute(new Float32Array(5), network, 'velocity')).toThrow(/a latent of 6 values, found 5/);
  });
});

describe('how hard notes are struck', () => {
  const struck = {
    ...network,
    attributes: [
      { name: 'source', levels: 2 },
      { name: 'velocity', levels: 3, velocities: [35, 75, 115] },
    ],
  };

  test('is what the attribute with velocities says, in between and beyond them too', () => {
    const dynamics = networkDynamics(struck)!;
    expect(dynamics.velocities).toEqual([35, 75, 115]);
    const latent = drawLatents(1, { seed: 4, latentSize: 6 })[0] as Float32Array;
    for (const [velocity, level] of [
      [0, 0],
      [35, 0],
      [45, 0.25],
      [75, 1],
      [95, 1.5],
      [115, 2],
      [127, 2],
    ] as const) {
      expect(dynamics.latentWithVelocity(latent, velocity), `${velocity}`).toEqual(
        latentWithAttribute(latent, struck, 'velocity', level),
      );
    }
    for (const wrong of [-1, 128, Number.NaN]) {
      expect(() => dynamics.latentWithVelocity(latent, wrong)).toThrow(/a MIDI velocity of 0 to 127, found/);
    }
  });

  test('is not known where no attribute has velocities', () => {
    expect(networkDynamics(network)).toBeUndefined();
    expect(networkDynamics({ instruments: [], latentSize: 6 })).toBeUndefined();
  });
});
