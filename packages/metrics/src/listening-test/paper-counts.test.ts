import { describe, expect, it } from 'vitest';
import { type ListeningAnswer, type ListeningPair, makeListeningTest, scoreListeningTest } from '../index.js';

/** Wins, Engel et al. 2019, table 1 and figure 2: 3,600 answers, 800 comparisons of each of nine models. */
const paper: readonly [string, number][] = [
  ['real data', 549],
  ['IF-Mel + H', 485],
  ['IF-Mel', 479],
  ['WaveNet 8-bit', 359],
  ['IF + H', 308],
  ['IF', 283],
  ['Phase + H', 225],
  ['WaveGAN', 216],
  ['Phase', 203],
];
const notes = paper.flatMap(([model]) => [48, 60, 72].map((pitch) => ({ model, pitch, id: `${pitch}.wav` })));
const { pairs } = makeListeningTest(notes, { comparisons: 100, seed: 3 });

const key = (a: string, b: string): string => [a, b].sort().join('|');

/**
 * Answers that have the paper's wins. The paper does not say against whom a model won: here against whoever it has met least so far, to which
 * `liking` adds a preference for rivals of like rank (in pairs met less, for each rank nearer).
 */
function answersWith(strength: 1 | 2, liking: number): ListeningAnswer[] {
  const open = new Map<string, ListeningPair[]>();
  for (const pair of pairs) {
    const name = key(pair.first.model, pair.second.model);
    open.set(name, [...(open.get(name) ?? []), pair]);
  }
  const left = new Map(paper);
  const answers: ListeningAnswer[] = [];
  for (let wins = paper.reduce((sum, [, count]) => sum + count, 0); wins > 0; wins--) {
    const [winner, most] = [...left].reduce((best, one) => (one[1] > best[1] ? one : best));
    const models = paper.map(([model]) => model);
    const opened = (model: string): number => open.get(key(winner, model))?.length ?? 0;
    const wish = (model: string): number => opened(model) - liking * Math.abs(models.indexOf(model) - models.indexOf(winner));
    const rivals = models.filter((model) => model !== winner && opened(model) > 0);
    const rival = rivals.reduce((best, model) => (wish(model) > wish(best) ? model : best));
    const pair = open.get(key(winner, rival))!.pop()!;
    answers.push({ listener: 'all', pair: pair.id, answer: pair.first.model === winner ? -strength : strength });
    left.set(winner, most - 1);
  }
  for (const pair of [...open.values()].flat()) answers.push({ listener: 'all', pair: pair.id, answer: 0 });
  return answers;
}

describe("the paper's counts", () => {
  it('come from a test that this design makes: nine models, 100 comparisons of every two', () => {
    expect(pairs.length).toBe(3600);
    for (const [model] of paper)
      expect(pairs.filter(({ first, second }) => first.model === model || second.model === model).length).toBe(800);
  });

  for (const [strength, liking] of [
    [1, 0],
    [2, 0],
    [1, 8],
    [1, -8],
  ] as const) {
    it(`give its wins, its ranking and 493 ties, whoever won against whom (${liking}, answers of ${strength})`, () => {
      const score = scoreListeningTest({ pairs, answers: answersWith(strength, liking) });
      expect(score.models.map(({ model, wins }) => [model, wins])).toEqual(paper);
      for (const { comparisons, wins, ties, losses } of score.models) {
        expect(comparisons).toBe(800);
        expect(wins + ties + losses).toBe(800);
      }
      // Each of the 3600 - 3107 is a tie of two models.
      expect(score.models.reduce((sum, { ties }) => sum + ties, 0)).toBe(2 * 493);
      expect(score.comparisons.reduce((sum, { ties }) => sum + ties, 0)).toBe(493);
      // However the ties lie, the models differ: eight degrees of freedom, far beyond p = 0.001 (H = 26.1).
      expect(score.kruskalWallis.degreesOfFreedom).toBe(8);
      expect(score.kruskalWallis.statistic).toBeGreaterThan(26.1);
      expect(score.kruskalWallis.pValue).toBeLessThan(1e-6);
      expect(score.comparisons.length).toBe(36);
    });
  }
});

describe('scoreListeningTest', () => {
  it('gives what scipy 1.17 gives for the same answers', () => {
    const models = ['a', 'b', 'c'];
    const small = makeListeningTest(
      models.map((model) => ({ model, pitch: 60, id: '1' })),
      { comparisons: 12, seed: 1 },
    );
    const asked = new Map<string, number>();
    const answers = small.pairs.map(({ id, first, second }) => {
      const [i, j] = [models.indexOf(first.model), models.indexOf(second.model)].sort() as [number, number];
      const k = asked.get(`${i}${j}`) ?? 0;
      asked.set(`${i}${j}`, k + 1);
      const better = (((7 * k * k + 3 * i + 5 * j + k) % 5) - 2) * (first.model < second.model ? 1 : -1);
      return { listener: 'ann', pair: id, answer: better };
    });
    const { kruskalWallis, comparisons } = scoreListeningTest({ pairs: small.pairs, answers });
    expect(kruskalWallis.statistic).toBeCloseTo(18.86398586866168, 10);
    expect(kruskalWallis.pValue).toBeCloseTo(8.011936808289765e-5, 12);
    for (const [at, p] of [0.02904902216194057, 0.02904902216194057, 0.037812584955827684].entries()) {
      expect(comparisons[at]?.pValue).toBeCloseTo(p, 10);
      expect(comparisons[at]?.correctedPValue).toBeCloseTo(3 * p, 10);
    }
  });
});
