import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { checkedNumber } from '../note/audio.js';
import { TooFewExamplesError, ValueError } from '../errors.js';
import { type ListeningCatch, passesCatch } from './catches.js';
import type { ListeningPair } from './pairs.js';
import { krippendorffAlpha, kruskalWallis, type KruskalWallis, wilcoxonSignedRank } from './rank-tests.js';

/** One listener's answer to one pair. */
export interface ListeningAnswer {
  readonly listener: string;
  /** Id of the pair. */
  readonly pair: string;
  /** Five levels: -2 the first is much better, -1 better, 0 equal, 1 the second is better, 2 much better. */
  readonly answer: number;
}

export interface ListeningScoreOptions {
  readonly pairs: readonly ListeningPair[];
  /** To pairs, and to catches. */
  readonly answers: readonly ListeningAnswer[];
  /** The test's catches. Default none: nobody fails. */
  readonly catches?: readonly ListeningCatch[];
  /** Share of the catches that a listener may miss. Default 0.2: of four none, of five one. */
  readonly toleratedMisses?: number;
  /** Also count the answers of listeners who missed more. Default false. */
  readonly keepFailed?: boolean;
  /** Answers that every two models need. Default 10: below, the tests' distributions do not hold. */
  readonly minimumAnswers?: number;
  /** Of the decisions. Default 0.05. */
  readonly significance?: number;
}

/** Their names, each once. */
export const listeningScoreOptionNames: OptionNames<ListeningScoreOptions> = {
  pairs: true,
  answers: true,
  catches: true,
  toleratedMisses: true,
  keepFailed: true,
  minimumAnswers: true,
  significance: true,
};

export interface ListeningModelScore {
  readonly model: string;
  /** Comparisons in which the model was preferred, by however much: the paper's number. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  readonly comparisons: number;
  /** Mean answer in the model's favour, -2 .. 2. */
  readonly meanPreference: number;
}

export interface ListeningComparison {
  readonly models: readonly [string, string];
  /** Wins of the first, of the second, and ties. */
  readonly wins: readonly [number, number];
  readonly ties: number;
  /** Wilcoxon signed-rank, two-sided. */
  readonly pValue: number;
  /** Times the number of comparisons (Bonferroni), at most 1. */
  readonly correctedPValue: number;
  readonly different: boolean;
}

/** How a listener did on the pairs whose right answer is known. */
export interface ListenerCatches {
  readonly listener: string;
  /** Catches answered. */
  readonly answered: number;
  readonly missed: number;
  /** More were missed than may be. */
  readonly failed: boolean;
}

export interface ListeningScore {
  /** Most wins first. */
  readonly models: readonly ListeningModelScore[];
  /** Whether there is any difference between the models at all. Both sides of a comparison count as a rating, as in the paper. */
  readonly kruskalWallis: KruskalWallis;
  readonly comparisons: readonly ListeningComparison[];
  /** Krippendorff's alpha for ordinal answers; `null` if no pair was judged twice or all answers are equal. */
  readonly agreement: number | null;
  /** Answers that count, of listeners who count; those to catches are none. */
  readonly answers: number;
  readonly listeners: number;
  /** Every listener, those who failed included, in the order of their first answers. */
  readonly catches: readonly ListenerCatches[];
}

/**
 * Scores a listening test. Who failed the catches does not count, unless `keepFailed` says so.
 *
 * @throws ValueError for answers to unknown pairs, off the scale, or given twice by a listener
 * @throws TooFewExamplesError if two models have fewer answers than `minimumAnswers`: such a test decides nothing
 * @see Engel et al. 2019, section 6.1
 */
export function scoreListeningTest(options: ListeningScoreOptions): ListeningScore {
  checkOptions('scoreListeningTest', options, listeningScoreOptionNames);
  const { pairs, catches = [], toleratedMisses = 0.2, keepFailed = false, minimumAnswers = 10, significance = 0.05 } = options;
  const who = 'scoreListeningTest';
  checkedNumber(minimumAnswers, 1, 1e6, who, 'minimumAnswers');
  checkedNumber(toleratedMisses, 0, 1, who, 'toleratedMisses');
  const byId = new Map(pairs.map((pair) => [pair.id, pair]));
  const catchOf = new Map(catches.map((one) => [one.id, one]));
  checkAnswers(options.answers, byId, catchOf, who);
  const listeners = judgeListeners(options.answers, catchOf, toleratedMisses);
  const failed = new Set(listeners.filter((one) => one.failed && !keepFailed).map(({ listener }) => listener));
  const answers = options.answers.filter(({ pair, listener }) => byId.has(pair) && !failed.has(listener));
  const models = [...new Set(pairs.flatMap(({ first, second }) => [first.model, second.model]))].sort();
  const ratings = new Map(models.map((model) => [model, [] as number[]]));
  // Answers in favour of the alphabetically first model of each two.
  const preferences = new Map<string, number[]>();
  const units = new Map<string, number[]>();
  for (const answer of answers) {
    const pair = byId.get(answer.pair)!;
    const [a, b] = [pair.first.model, pair.second.model];
    ratings.get(a)?.push(0 - answer.answer);
    ratings.get(b)?.push(answer.answer);
    const key = JSON.stringify([a, b].sort());
    preferences.set(key, [...(preferences.get(key) ?? []), a < b ? 0 - answer.answer : answer.answer]);
    units.set(pair.id, [...(units.get(pair.id) ?? []), answer.answer]);
  }
  const couples = models.flatMap((a, i) => models.slice(i + 1).map((b): [string, string] => [a, b]));
  const without = failed.size === 0 ? '' : ` without the ${failed.size} of ${listeners.length} listeners who failed the catches`;
  for (const [a, b] of couples) {
    const found = preferences.get(JSON.stringify([a, b]))?.length ?? 0;
    if (found < minimumAnswers) {
      throw new TooFewExamplesError(
        `${who}: expected at least ${minimumAnswers} answers that compare ${a} with ${b}, found ${found}${without}. Collect more before drawing conclusions.`,
        found,
        minimumAnswers,
      );
    }
  }
  return {
    models: models
      .map((model) => modelScore(model, ratings.get(model)!))
      .sort((x, y) => y.wins - x.wins || (x.model < y.model ? -1 : 1)),
    kruskalWallis: kruskalWallis([...ratings.values()]),
    comparisons: couples.map(([a, b]) => {
      const differences = preferences.get(JSON.stringify([a, b]))!;
      const { pValue } = wilcoxonSignedRank(differences);
      const correctedPValue = Math.min(1, pValue * couples.length);
      return {
        models: [a, b],
        wins: [differences.filter((d) => d > 0).length, differences.filter((d) => d < 0).length],
        ties: differences.filter((d) => d === 0).length,
        pValue,
        correctedPValue,
        different: correctedPValue < significance,
      };
    }),
    agreement: krippendorffAlpha([...units.values()]),
    answers: answers.length,
    listeners: new Set(answers.map(({ listener }) => listener)).size,
    catches: listeners,
  };
}

function checkAnswers(
  answers: readonly ListeningAnswer[],
  pairs: ReadonlyMap<string, unknown>,
  catches: ReadonlyMap<string, unknown>,
  who: string,
): void {
  const seen = new Set<string>();
  for (const { listener, pair, answer } of answers) {
    if (!pairs.has(pair) && !catches.has(pair))
      throw new ValueError(`${who}: expected an answer to one of ${pairs.size} pairs, found one to "${pair}".`, pair);
    if (![-2, -1, 0, 1, 2].includes(answer))
      throw new ValueError(`${who}: expected answers -2, -1, 0, 1 or 2, found ${answer} by ${listener} to ${pair}.`, answer);
    const key = JSON.stringify([listener, pair]);
    if (seen.has(key))
      throw new ValueError(`${who}: expected one answer a listener to ${pair}, found two by ${listener}.`, listener);
    seen.add(key);
  }
}

function judgeListeners(
  answers: readonly ListeningAnswer[],
  catches: ReadonlyMap<string, ListeningCatch>,
  toleratedMisses: number,
): ListenerCatches[] {
  const found = new Map<string, { answered: number; missed: number }>();
  for (const { listener, pair, answer } of answers) {
    const count = found.get(listener) ?? { answered: 0, missed: 0 };
    found.set(listener, count);
    const known = catches.get(pair);
    if (known === undefined) continue;
    count.answered++;
    if (!passesCatch(known, answer)) count.missed++;
  }
  return [...found].map(([listener, { answered, missed }]) => ({
    listener,
    answered,
    missed,
    // More by a hair: 0.2 x 5 may fall short of 1.
    failed: missed > toleratedMisses * answered + 1e-9,
  }));
}

function modelScore(model: string, ratings: readonly number[]): ListeningModelScore {
  return {
    model,
    wins: ratings.filter((r) => r > 0).length,
    ties: ratings.filter((r) => r === 0).length,
    losses: ratings.filter((r) => r < 0).length,
    comparisons: ratings.length,
    meanPreference: ratings.reduce((sum, r) => sum + r, 0) / ratings.length,
  };
}
