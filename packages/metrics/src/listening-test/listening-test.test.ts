import { describe, expect, it } from 'vitest';
import { chiSquareTail, logGamma, twoSidedNormal, upperGamma } from '../scores/distributions.js';
import {
  krippendorffAlpha,
  kruskalWallis,
  type ListeningAnswer,
  type ListeningNote,
  makeListeningTest,
  scoreListeningTest,
  TooFewExamplesError,
  ValueError,
  wilcoxonSignedRank,
} from '../index.js';
import { uniforms } from '../test-support/notes.js';

const notesOf = (model: string, pitches: readonly number[], each = 3): ListeningNote[] =>
  pitches.flatMap((pitch) => Array.from({ length: each }, (_, i) => ({ model, id: `${pitch}-${i}.wav`, pitch })));

const notes = [...notesOf('real', [48, 60, 72, 80]), ...notesOf('if-mel', [48, 60, 72]), ...notesOf('wavegan', [60, 72, 48, 30])];

const tally = (values: readonly unknown[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
};

describe('makeListeningTest', () => {
  const test = makeListeningTest(notes, { comparisons: 18, listeners: 4, judgements: 2, seed: 5 });

  it('compares every two models equally often, on one pitch, each first half of the time', () => {
    expect(test.pairs.length).toBe(3 * 18);
    expect(Object.values(tally(test.pairs.map(({ first, second }) => `${first.model}>${second.model}`)))).toEqual([
      9, 9, 9, 9, 9, 9,
    ]);
    for (const { first, second, pitch } of test.pairs) {
      expect(first.model).not.toBe(second.model);
      expect([first.id, second.id].every((id) => id.startsWith(`${pitch}-`))).toBe(true);
    }
  });

  it('spreads pitches and notes evenly', () => {
    expect(tally(test.pairs.map(({ pitch }) => pitch))).toEqual({ 48: 18, 60: 18, 72: 18 });
    const used = Object.values(
      tally(test.pairs.flatMap(({ first, second }) => [first, second]).map(({ model, id }) => `${model}/${id}`)),
    );
    expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(1);
  });

  it('deals every pair to as many different listeners as asked, in equal sheets', () => {
    expect(test.sheets.map((sheet) => sheet.length)).toEqual([27, 27, 27, 27]);
    for (const sheet of test.sheets) expect(new Set(sheet).size).toBe(sheet.length);
    expect(Object.values(tally(test.sheets.flat())).every((count) => count === 2)).toBe(true);
  });

  it('depends on the seed, not on the order of the folder', () => {
    const again = makeListeningTest([...notes].reverse(), { comparisons: 18, listeners: 4, judgements: 2, seed: 5 });
    expect(again).toEqual(test);
    expect(makeListeningTest(notes, { comparisons: 18, seed: 6 }).pairs).not.toEqual(test.pairs);
  });

  it('refuses what cannot be balanced', () => {
    expect(() => makeListeningTest(notes, { comparisons: 3 })).toThrow(/even number/);
    expect(() => makeListeningTest(notesOf('a', [60]), { comparisons: 2 })).toThrow(TooFewExamplesError);
    expect(() => makeListeningTest([...notesOf('a', [60]), ...notesOf('b', [61])], { comparisons: 2 })).toThrow(
      /notes of one pitch/,
    );
    expect(() => makeListeningTest([...notes, ...notesOf('real', [60])], { comparisons: 2 })).toThrow(/twice in real/);
    expect(() => makeListeningTest(notes, { comparisons: 2, judgements: 2 })).toThrow(ValueError);
  });
});

describe('scoreListeningTest', () => {
  const { pairs } = makeListeningTest(notes, { comparisons: 40, seed: 1 });
  const uniform = uniforms(4);
  const rank: Record<string, number> = { real: 0, 'if-mel': 0.3, wavegan: 2 };
  const answer = (listener: string, noise: number): ListeningAnswer[] =>
    pairs.map(({ id, first, second }) => {
      const better = rank[first.model]! - rank[second.model]! + noise * (uniform() - 0.5);
      return { listener, pair: id, answer: Math.max(-2, Math.min(2, Math.round(better))) };
    });
  const answers = ['ann', 'bob'].flatMap((listener) => answer(listener, 2));

  it('counts wins and finds who differs', () => {
    const score = scoreListeningTest({ pairs, answers });
    expect(score).toMatchObject({ answers: 240, listeners: 2 });
    expect(score.models.at(-1)?.model).toBe('wavegan');
    const wins = score.models.reduce((sum, model) => sum + model.wins, 0);
    const losses = score.models.reduce((sum, model) => sum + model.losses, 0);
    expect(wins).toBe(losses);
    expect(wins + score.comparisons.reduce((sum, { ties }) => sum + ties, 0)).toBe(240);
    expect(score.kruskalWallis.pValue).toBeLessThan(1e-6);
    for (const { models, different, correctedPValue, pValue } of score.comparisons) {
      if (models.includes('wavegan')) expect(different).toBe(true);
      expect(correctedPValue).toBeCloseTo(Math.min(1, 3 * pValue), 12);
    }
    expect(score.agreement).toBeGreaterThan(0.3);
  });

  it('finds nothing in answers that say nothing, and no agreement of one listener', () => {
    const equal = pairs.map(({ id }) => ({ listener: 'ann', pair: id, answer: 0 }));
    const score = scoreListeningTest({ pairs, answers: equal });
    expect(score.kruskalWallis).toMatchObject({ statistic: 0, pValue: 1 });
    expect(score.comparisons.every(({ different, pValue }) => !different && pValue === 1)).toBe(true);
    expect(score.agreement).toBeNull();
  });

  it('does not mind which note came first', () => {
    const turned = pairs.map((pair) => ({ ...pair, first: pair.second, second: pair.first }));
    const negated = answers.map((a) => ({ ...a, answer: 0 - a.answer }));
    const [a, b] = [scoreListeningTest({ pairs, answers }), scoreListeningTest({ pairs: turned, answers: negated })];
    expect(b.models).toEqual(a.models);
    expect(b.comparisons).toEqual(a.comparisons);
  });

  it('refuses too little data and answers that are none', () => {
    expect(() => scoreListeningTest({ pairs, answers: answers.slice(0, 20) })).toThrow(/at least 10 answers that compare/);
    expect(() => scoreListeningTest({ pairs, answers: [{ listener: 'ann', pair: 'pair-999', answer: 0 }] })).toThrow(/pair-999/);
    expect(() => scoreListeningTest({ pairs, answers: [{ listener: 'ann', pair: 'pair-1', answer: 3 }] })).toThrow(
      /found 3 by ann/,
    );
    expect(() => scoreListeningTest({ pairs, answers: [...answers, answers[0]!] })).toThrow(/found two by ann/);
  });
});

describe('rank tests', () => {
  it('equal scipy 1.10 (wilcoxon without continuity correction, kruskal)', () => {
    const { statistic, pValue } = wilcoxonSignedRank([2, 1, 0, -1, 2, 1, 1, -2, 0, 1, 1, 2, -1, 1, 2]);
    expect(statistic).toBe(20);
    expect(pValue).toBeCloseTo(0.06554784199068747, 12);
    const test = kruskalWallis([
      [2, 1, 0, -1, 2, 1],
      [1, -2, 0, 1, 1],
      [2, -1, 1, 2, -2, -2, -1],
    ]);
    expect(test.statistic).toBeCloseTo(1.2498074421025167, 12);
    expect(test.pValue).toBeCloseTo(0.535312965407549, 12);
  });

  it("equal Krippendorff's own example of four observers and twelve units", () => {
    // Krippendorff 2011, table C: ordinal alpha 0.815
    const observers = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
      [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
      [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
      [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
    ];
    const units = Array.from({ length: 12 }, (_, unit) =>
      observers.map((ratings) => ratings[unit] as number | null).filter((rating) => rating !== null),
    );
    expect(krippendorffAlpha(units)).toBeCloseTo(0.815, 3);
    expect(
      krippendorffAlpha([
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    ).toBe(1);
  });
});

describe('distributions', () => {
  it('equal scipy 1.10', () => {
    const cases: [number, number, number][] = [
      [0.5, 0.1, 0.6547208460185768],
      [0.5, 8, 6.334248366623988e-5],
      [1, 3, 0.04978706836786395],
      [2.5, 2, 0.5494159513527802],
      [10, 30, 7.121750862815593e-6],
    ];
    for (const [a, x, expected] of cases) expect(upperGamma(a, x) / expected).toBeCloseTo(1, 12);
    expect(twoSidedNormal(1.959963984540054)).toBeCloseTo(0.05, 14);
    expect(twoSidedNormal(6) / 1.973175290075389e-9).toBeCloseTo(1, 10);
    expect(twoSidedNormal(0)).toBe(1);
    expect(twoSidedNormal(1e200)).toBe(0);
    expect(chiSquareTail(2 * Math.log(2), 2)).toBeCloseTo(0.5, 14);
    expect(logGamma(0.3)).toBeCloseTo(Math.log(2.991568987687591), 12);
  });
});
