import { describe, expect, it } from 'vitest';
import {
  catchTone,
  type ListeningAnswer,
  type ListeningNote,
  makeListeningTest,
  matchLevels,
  passesCatch,
  scoreListeningTest,
  TooFewExamplesError,
  trackPitch,
} from '../index.js';

const notes: ListeningNote[] = ['a', 'b', 'c'].flatMap((model) =>
  [48, 60].flatMap((pitch) => [0, 1].map((take) => ({ model, pitch, id: `${pitch}-${take}` }))),
);

const passing = (better: 'first' | 'neither' | 'second'): number[] =>
  [-2, -1, 0, 1, 2].filter((answer) => passesCatch({ better }, answer));
const power = (values: Float32Array): number => values.reduce((sum, v) => sum + v * v, 0);
const level = (loudness: number, peak: number): { loudness: number; peak: number } => ({ loudness, peak });

describe('catches', () => {
  const test = makeListeningTest(notes, { comparisons: 20, listeners: 5, catches: 4, seed: 2 });
  const answersOf = (answer: (id: string, listener: number) => number): ListeningAnswer[] =>
    test.sheets.flatMap((sheet, at) => sheet.map((pair) => ({ listener: `listener-${at}`, pair, answer: answer(pair, at) })));
  const catchOf = new Map(test.catches.map((one) => [one.id, one]));

  it('are as many in every sheet, half of them one note twice, the others damaged on either side', () => {
    expect(test.catches.length).toBe(20);
    for (const sheet of test.sheets) expect(sheet.filter((id) => catchOf.has(id)).length).toBe(4);
    const count = (better: string): number => test.catches.filter((one) => one.better === better).length;
    expect([count('first'), count('second'), count('neither')]).toEqual([5, 5, 10]);
    for (const { better, note } of test.catches) expect(note === null).toBe(better !== 'neither');
  });

  it.each([1, 2, 3, 4, 6, 8])('are of all kinds in every sheet of %i listeners', (listeners) => {
    const { catches, sheets } = makeListeningTest(notes, { comparisons: 20, listeners, catches: 4, seed: 2 });
    const kindOf = new Map(catches.map(({ id, better }) => [id, better]));
    for (const sheet of sheets)
      expect(sheet.flatMap((id) => kindOf.get(id) ?? []).sort()).toEqual(['first', 'neither', 'neither', 'second']);
    expect(() => makeListeningTest(notes, { comparisons: 20, catches: 0.5 })).toThrow(/a whole number for catches, found 0.5/);
  });

  it('change no pair, and have names among theirs', () => {
    const without = makeListeningTest(notes, { comparisons: 20, listeners: 5, seed: 2 });
    const plain = ({ first, second }: (typeof test.pairs)[number]): string => JSON.stringify([first, second]);
    expect(test.pairs.map(plain).sort()).toEqual(without.pairs.map(plain).sort());
    const ids = [...test.pairs, ...test.catches].map(({ id }) => Number(id.slice(5)));
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
    expect(Math.min(...test.catches.map(({ id }) => Number(id.slice(5))))).toBeLessThan(40);
  });

  it('find who says the same to everything, and leave them out', () => {
    // Listener 0 prefers the first always, 1 finds all equal; the others hear b as better than a, c as worst.
    const order = ['c', 'a', 'b'];
    const pairOf = new Map(test.pairs.map((pair) => [pair.id, pair]));
    const honest = (id: string): number => {
      const [known, pair] = [catchOf.get(id), pairOf.get(id)];
      if (known) return { first: -2, neither: 1, second: 2 }[known.better];
      return pair ? order.indexOf(pair.second.model) - order.indexOf(pair.first.model) : 0;
    };
    const answers = answersOf((id, listener) => (listener === 0 ? -2 : listener === 1 ? 0 : honest(id)));
    const { pairs, catches } = test;
    const score = scoreListeningTest({ pairs, catches, answers });
    expect(score.catches.map(({ answered, failed }) => [answered, failed])).toEqual([
      [4, true],
      [4, true],
      [4, false],
      [4, false],
      [4, false],
    ]);
    expect(score).toMatchObject({ answers: 36, listeners: 3 });
    expect(score.models.map(({ model }) => model)).toEqual(['b', 'a', 'c']);
    expect(score.models[0]).toMatchObject({ losses: 0, ties: 0 });
    expect(scoreListeningTest({ pairs, catches, answers, keepFailed: true })).toMatchObject({ answers: 60, listeners: 5 });
    const careless = answers.filter(({ listener }) => listener < 'listener-2');
    expect(() => scoreListeningTest({ pairs, catches, answers: careless })).toThrow(TooFewExamplesError);
    expect(() => scoreListeningTest({ pairs, catches, answers: careless })).toThrow(/without the 2 of 2 listeners who failed/);
  });

  it('are passed by the right side, and by no loud preference for one of two equals', () => {
    expect(passing('first')).toEqual([-2, -1]);
    expect(passing('neither')).toEqual([-1, 0, 1]);
    expect(passing('second')).toEqual([1, 2]);
  });
});

describe('catchTone', () => {
  it('is in tune, or half noise', () => {
    const options = { pitch: 60, sampleRate: 16_000, samples: 32_000 };
    const [clean, damaged] = [catchTone({ ...options, damaged: false }), catchTone({ ...options, damaged: true })];
    expect(Math.abs(trackPitch(clean, { sampleRate: 16_000, pitch: 60 }).cents!)).toBeLessThan(2);
    const noise = power(damaged.map((value, n) => value - clean[n]!));
    expect(noise / power(clean)).toBeGreaterThan(0.9);
    expect(noise / power(clean)).toBeLessThan(1.1);
    expect(Math.max(...damaged.map(Math.abs))).toBeLessThanOrEqual(1);
  });

  it('has one partial where there is room for no other', () => {
    const tone = catchTone({ pitch: 120, sampleRate: 16_000, samples: 1000, damaged: false });
    expect(tone.every(Number.isFinite)).toBe(true);
  });
});

describe('matchLevels', () => {
  it('brings all to -23 LUFS', () => {
    const { target, gains, quieter } = matchLevels([level(-13, 0.9), level(-33, 0.1)]);
    expect(target).toBe(-23);
    expect(gains[0]).toBeCloseTo(10 ** -0.5, 12);
    expect(gains[1]).toBeCloseTo(10 ** 0.5, 12);
    expect(quieter).toEqual([]);
  });

  it('goes lower for peaks, but not for a click, and leaves silence', () => {
    // The first has room for -29.01 LUFS.
    expect(matchLevels([level(-30, 0.794), level(-20, 0.5)]).target).toBeCloseTo(-30 + 20 * Math.log10(0.89 / 0.794), 12);
    const { target, gains, quieter } = matchLevels([level(-60, 1), level(-20, 0.5), level(Number.NEGATIVE_INFINITY, 0)]);
    expect(target).toBe(-35);
    expect(gains).toEqual([0.89, 10 ** (-15 / 20), 1]);
    expect(quieter).toEqual([0, 2]);
    expect(matchLevels([])).toEqual({ target: -23, gains: [], quieter: [] });
  });
});
