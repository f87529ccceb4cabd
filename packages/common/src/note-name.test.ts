import { describe, expect, it } from 'vitest';
import { centsBetween, hertzOfPitch, nameOfPitch, pitchOfHertz, pitchOfName } from './note-name.js';

describe('note names', () => {
  it.each([
    ['C4', 60],
    ['c4', 60],
    [' A4 ', 69],
    ['f#3', 54],
    ['F♯3', 54],
    ['Bb2', 46],
    ['B♭2', 46],
    ['Cb4', 59],
    ['B#3', 60],
    ['E#3', 53],
    ['Fb3', 52],
    ['Fx3', 55],
    ['Ebb4', 62],
    ['bb4', 70],
    ['C-1', 0],
    ['G9', 127],
  ])('%s is %i', (name, pitch) => {
    expect(pitchOfName(name)).toBe(pitch);
  });

  it.each(['', 'C', '4', 'H4', 'C44444', 'C4x', 'Cb-1', 'G#9', 'C 4', 'NaN', 'C--1'])('"%s" is none', (name) => {
    expect(pitchOfName(name)).toBeUndefined();
  });

  it('goes there and back for all of MIDI, in either octave convention', () => {
    for (let pitch = 0; pitch < 128; pitch++) {
      expect(pitchOfName(nameOfPitch(pitch))).toBe(pitch);
      expect(pitchOfHertz(hertzOfPitch(pitch))).toBeCloseTo(pitch, 10);
    }
    expect(pitchOfName('C3', 3)).toBe(60);
    expect(pitchOfName('A3', 3)).toBe(69);
  });

  it('knows concert pitch and the cents of an octave', () => {
    expect(hertzOfPitch(69)).toBe(440);
    expect(centsBetween(880, 440)).toBeCloseTo(1200, 12);
  });
});
