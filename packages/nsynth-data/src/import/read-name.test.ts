import { describe, expect, it } from 'vitest';
import { readName, withoutPitches } from './read-name.js';

const pitches = (name: string): number[] => readName(name).pitches.map(({ pitch }) => pitch);

describe('readName', () => {
  it.each<[string, number[]]>([
    ['C4', [60]],
    ['C#4', [61]],
    ['Db4', [61]],
    ['Piano.ff.Bb3', [58]],
    ['piano_as2_loud', [46]],
    ['a0', [21]],
    ['C-1', [0]],
    ['m61', [61]],
    ['kick m061 take 2', [61]],
    ['guitar_acoustic_010-060-075', [60]],
    ['sound-061-', [61]],
    ['sound_061', [61]],
    ['piano_60', [60]],
    ['C4 C4', [60, 60]],
    ['C4 and E4', [60, 64]],
    ['Korg M1 Piano C4', [60]],
    ['SH-101 bass', [101]],
    ['Hammond B3 060', [59, 60]],
    ['C4v10', [60]],
    ['C4_v10_rr2', [60]],
    ['Violin_G#3_vel100_RR03', [56]],
    ['ピアノ_C4', [60]],
    ['Флейта A4', [69]],
    ['song 2', []],
    ['m200', []],
    ['Cello', []],
    ['take b', []],
    ['A440', []],
    ['sound 1061', []],
    ['recording 057', []],
    ['pad take_60', []],
    ['loop 96bpm', []],
    ['2024-10-12 pad', []],
    ['éa4', []],
  ])('%s: %j', (name, expected) => {
    expect(pitches(name)).toEqual(expected);
  });

  it.each<[string, object]>([
    ['guitar_acoustic_010-060-075', { velocity: 75 }],
    ['piano C4 vel100', { velocity: 100 }],
    ['C4v10', { layer: 10 }],
    ['piano_C4_v3_rr1', { layer: 3 }],
  ])('%s: %j', (name, expected) => {
    expect(readName(name)).toMatchObject(expected);
  });

  it.each<[string, string]>([
    ['Grand Piano C#4', 'Grand Piano'],
    ['guitar_acoustic_010-060-075', 'guitar_acoustic_010'],
    ['piano_C4_v10_rr2', 'piano_   _ '],
  ])('leaves the instrument of %s', (name, expected) => {
    const reading = readName(name);
    expect(withoutPitches(reading, reading.pitches).replace(/[\s_]+$/, '')).toBe(expected.replace(/[\s_]+$/, ''));
  });
});
