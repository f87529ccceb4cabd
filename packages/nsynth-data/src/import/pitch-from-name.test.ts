import { describe, expect, it } from 'vitest';
import { instrumentFromName, pitchFromName, velocityFromName } from './pitch-from-name.js';

describe('pitch in a file name', () => {
  it.each([
    ['C4', 60],
    ['C#4', 61],
    ['Db4', 61],
    ['Piano.ff.Bb3', 58],
    ['piano_as2_loud', 46],
    ['a0', 21],
    ['C-1', 0],
    ['m61', 61],
    ['kick m061 take 2', 61],
    ['guitar_acoustic_010-060-075', 60],
    ['sound-061-', 61],
    ['sound_061', 61],
    ['C4 C4', 60],
    ['song 2', undefined],
    ['m200', undefined],
    ['Cello', undefined],
    ['take b', undefined],
    ['A440', undefined],
    ['sound 1061', undefined],
    ['C4 and E4', [60, 64]],
  ])('%s: %s', (name, expected) => {
    expect(pitchFromName(name)).toEqual(expected);
  });

  it('counts octaves as asked to', () => {
    expect(pitchFromName('C3', 3)).toBe(60);
    expect(pitchFromName('C5', 5)).toBe(60);
  });

  it('leaves the instrument and the velocity', () => {
    expect(instrumentFromName('Grand Piano C#4')).toBe('grand_piano');
    expect(instrumentFromName('guitar_acoustic_010-060-075')).toBe('guitar_acoustic_010');
    expect(velocityFromName('guitar_acoustic_010-060-075')).toBe(75);
    expect(velocityFromName('guitar-060')).toBeUndefined();
  });
});
