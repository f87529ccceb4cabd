import { describe, expect, it } from 'vitest';
import { preludeFor } from './prelude.js';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('the prelude', () => {
  it('is four bars of sixteenth notes, where it is written if a model can play that', () => {
    const notes = preludeFor(range(24, 84));
    expect(notes).toHaveLength(64);
    expect(notes.slice(0, 8).map(({ pitch }) => pitch)).toEqual([43, 50, 59, 57, 59, 50, 59, 50]);
    expect(notes[63]).toEqual({ start: 15.75, end: 16, pitch: 54, velocity: 100 });
  });

  it('moves by octaves, as a whole and note by note, and leaves out what fits nowhere', () => {
    // Two octaves hold it all, one up.
    expect(preludeFor(range(48, 72)).map(({ pitch }) => pitch)).toEqual(preludeFor(range(24, 84)).map(({ pitch }) => pitch + 12));
    const octave = preludeFor(range(60, 71));
    expect(octave).toHaveLength(64);
    expect(octave.every(({ pitch }) => pitch >= 60 && pitch <= 71)).toBe(true);
    expect(new Set(preludeFor([60, 64]).map(({ pitch }) => pitch))).toEqual(new Set([60, 64]));
    expect(preludeFor([61])).toEqual([]);
    expect(preludeFor([])).toEqual(preludeFor(range(24, 84)));
  });
});
