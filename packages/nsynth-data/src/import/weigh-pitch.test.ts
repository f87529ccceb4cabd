import { describe, expect, it } from 'vitest';
import { guessMiddleC, namingCustoms } from './naming-custom.js';
import { readName } from './read-name.js';
import { weighPitch } from './weigh-pitch.js';

/** Evidence of a file: its name, and what is measured for certain. */
const evidence = (name: string, measured?: number, rootKey?: number) => ({
  file: `${name}.wav`,
  reading: readName(name),
  ...(measured === undefined ? {} : { measured: { pitch: measured, confidence: 0.95 } }),
  ...(rootKey === undefined ? {} : { rootKey }),
});
type Evidence = ReturnType<typeof evidence>;

const weigh = (one: Evidence, others: readonly Evidence[] = [], middleC?: number) =>
  weighPitch(one, namingCustoms([one, ...others], middleC).of(one.file));

describe('weighPitch', () => {
  it.each<[string, number, number]>([
    ['recording 001', 57.1, 57],
    ['Korg M1 Piano C4', 60, 60],
    ['Hammond B3 060', 59.9, 60],
    ['piano 64', 64.2, 64],
    ['Grand F#2', 42.3, 42],
  ])('%s, measured %f: %i without a word', (name, measured, pitch) => {
    const decided = weigh(evidence(name, measured));
    expect(decided).toMatchObject({ pitch });
    expect(decided).not.toHaveProperty('warning');
  });

  it.each<[string, number, number, string]>([
    ['SH-101 bass', 45, 45, 'measured'],
    ['Hammond B3', 48, 48, 'measured'],
    ['Korg M50 strings', 57, 57, 'measured'],
    ['wrong C4', 64.02, 64, 'measured'],
    // An octave or a twelfth: how sounds are misheard.
    ['organ C4', 48, 60, 'name'],
    ['clarinet C4', 79, 60, 'name'],
    ['guitar_acoustic_010-060-075', 64, 60, 'name'],
  ])('%s, measured %f: %i, and says what contradicts', (name, measured, pitch, pitchFrom) => {
    expect(weigh(evidence(name, measured))).toMatchObject({
      pitch,
      pitchFrom,
      warning: expect.stringMatching(/measured .*taken as/),
    });
  });

  it.each<[string, object | undefined]>([
    ['drum C4', { pitch: 60 }],
    ['drum m60', { pitch: 60 }],
    ['drum -060-', { pitch: 60 }],
    ['drum 01', undefined],
    ['drum 127', undefined],
    ['drum', undefined],
    ['drum C4 E4', [60, 64]],
    ['Hammond B3 060', [59, 60]],
  ])('%s, of which nothing is measured: %j', (name, expected) => {
    const decided = weigh(evidence(name));
    if (expected === undefined) expect(decided).toBeUndefined();
    else expect(decided).toMatchObject(expected);
  });

  it("takes a sampler's root key, but not against the sound where it is what samplers write unasked", () => {
    expect(weigh(evidence('bell', undefined, 69))).toMatchObject({ pitch: 69, pitchFrom: 'file' });
    expect(weigh(evidence('bell', 64, 69))).toMatchObject({
      pitch: 69,
      pitchFrom: 'file',
      warning: expect.any(String) as string,
    });
    expect(weigh(evidence('bell', 64, 60))).toMatchObject({
      pitch: 64,
      pitchFrom: 'measured',
      warning: expect.any(String) as string,
    });
  });

  it('learns from the others whether a number is a pitch', () => {
    const pitched = [60, 61, 62].map((pitch) => evidence(`piano_${pitch}`, pitch));
    expect(weigh(evidence('piano_63'), pitched)).toMatchObject({ pitch: 63, pitchFrom: 'name' });
    expect(weigh(evidence('piano_64', 52), pitched)).toMatchObject({ pitch: 64, warning: expect.any(String) as string });
    const counted = [1, 2, 3].map((take) => evidence(`sound 06${take}`, 50 + take));
    expect(weigh(evidence('sound 064'), counted)).toBeUndefined();
    // Counting begins at the beginning.
    expect(weigh(evidence('hit 21'), [evidence('hit 01'), evidence('hit 02')])).toBeUndefined();
  });
});

const named = (by: number) => ['C3', 'E3', 'G3', 'C4'].map((name, index) => evidence(name, ([48, 52, 55, 60][index] ?? 0) + by));

describe('guessMiddleC', () => {
  it.each([
    [12, 3],
    [-12, 5],
    [24, 2],
  ])('hears sounds %i semitones from their names: middle C is C%i', (by, octave) => {
    expect(guessMiddleC(named(by))).toEqual({ octave, agreeing: 4, of: 4 });
    expect(weigh(evidence('F3'), named(by))).toMatchObject({ pitch: 53 + by });
    // Whoever says it knows better.
    expect(weigh(evidence('F3'), named(by), 4)).toMatchObject({ pitch: 53 });
  });

  it('keeps to 4 where names agree, sounds are few, or disagree', () => {
    expect(guessMiddleC(named(0))).toBeUndefined();
    expect(guessMiddleC(named(12).slice(2))).toBeUndefined();
    expect(guessMiddleC([...named(12), ...named(0)])).toBeUndefined();
    expect(guessMiddleC(named(7))).toBeUndefined();
  });
});
