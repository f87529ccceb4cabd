import { describe, expect, it } from 'vitest';
import { checkName } from '../notes/labels.js';
import { familyOfPath } from './family-of-path.js';
import { InstrumentNames } from './instrument-names.js';

const named = (...folders: string[]): { name: string; number: number }[] => {
  const names = new InstrumentNames();
  return folders.map((folder) => names.of(folder, folder.split('/')));
};

describe('InstrumentNames', () => {
  it('keeps the letters of every script, composed and in lower case', () => {
    const folders = ['ピアノ', '三味線', 'Флейта', 'Äolsharfe', 'A\u0308olsharfe 2', 'सितार', 'عود'];
    const names = named(...folders).map(({ name }) => name);
    expect(names).toEqual(['ピアノ', '三味線', 'флейта', 'äolsharfe', 'äolsharfe_2', 'सितार', 'عود']);
    for (const name of names) expect(checkName(name, 'instrument')).toBe(name);
  });

  it('gives every folder a name and a number of its own, and the same again', () => {
    const folders = [
      'Piano',
      'piano',
      'Piano!',
      'a/b c',
      'a b/c',
      '🎹',
      '🎸',
      '---',
      `x/${'ü'.repeat(300)}1`,
      `x/${'ü'.repeat(300)}2`,
    ];
    const names = new InstrumentNames();
    const of = (folder: string) => names.of(folder, folder.split('/'));
    const found = folders.map(of);
    expect(new Set(found.map(({ name }) => name)).size).toBe(folders.length);
    expect(found.map(({ number }) => number)).toEqual(folders.map((_, index) => index));
    expect(folders.map(of)).toEqual(found);
    // Room for "-060-100-12.wav" in the 255 bytes of a file's name.
    for (const { name } of found) expect(Buffer.byteLength(name)).toBeLessThan(200);
  });

  it('keeps the end of a long path, which tells instruments apart', () => {
    const above = `${'library '.repeat(12)}/${'section '.repeat(12)}`;
    expect(named(`${above}/Cellos`, `${above}/Violins`).map(({ name }) => name.split('_').at(-1))).toEqual(['cellos', 'violins']);
  });
});

describe('familyOfPath', () => {
  it.each([
    ['Bass Clarinet/C3', 'reed'],
    ['Contrabass Flutes/C3', 'flute'],
    ['Bass Guitar/E1', 'bass'],
    ['Electric Bass/E1', 'bass'],
    ['Double Bass/E1', 'string'],
    ['Strings Section/Trumpets/C4', 'brass'],
    ['piano/bass drum', 'unknown'],
    ['Thumb Piano/C4', 'mallet'],
    ['English Horn/C4', 'reed'],
    ['guitar_acoustic_010-060-075', 'guitar'],
    ['synth_lead_synthetic_000-060-075', 'synth_lead'],
    ['bassoon_-050-', 'reed'],
    ['my vocal', 'vocal'],
    ['Reed Organ/C4', 'organ'],
    ['something/C4', 'unknown'],
  ])('%s: %s', (path, family) => {
    expect(familyOfPath(path.split('/'))).toBe(family);
  });
});
