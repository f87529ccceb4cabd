import { describe, expect, test } from 'vitest';
import { ArgumentError } from '../errors.js';
import { latentInstrument, latentWithInstrument } from './instruments.js';
import { drawLatents } from './latents.js';

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
