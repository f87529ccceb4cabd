import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { checkedNumber } from '../note/audio.js';
import { TooFewExamplesError, ValueError } from '../errors.js';
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
  readonly answers: readonly ListeningAnswer[];
  /** Answers that every two models need. Default 10: below, the tests' distributions do not hold. */
  readonly minimumAnswers?: number;
  /** Of the decisions. Default 0.05. */
  readonly significance?: number;
}

/** Their names, each once. */
export const listeningScoreOptionNames: OptionNames<ListeningScoreOptions> = {
  pairs: true,
  answers: true,
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

export interface ListeningScore {
  /** Most wins first. */
  readonly models: readonly ListeningModelScore[];
  /** Whether there is any difference between the models at all. Both sides of a comparison count as a rating, as in the paper. */
  readonly kruskalWallis: KruskalWallis;
  readonly comparisons: readonly ListeningComparison[];
  /** Krippendorff's alpha for ordinal answers; `null` if no pair was judged twice or all answers are equal. */
  readonly agreement: number | null;
  readonly answers: number;
  readonly listeners: number;
}

/**
 * Scores a listening test.
 *
 * @throws ValueError for answers to unknown pairs, off the scale, or given twice by a listener
 * @throws TooFewExamplesError if two models have fewer answers than `minimumAnswers`: such a test decides nothing
 * @see Engel et al. 2019, section 6.1
 */
export function scoreListeningTest(options: ListeningScoreOptions): ListeningScore {
  checkOptions('scoreListeningTest', options, listeningScoreOptionNames);
  const { pairs, answers, minimumAnswers = 10, significance = 0.05 } = options;
  const who = 'scoreListeningTest';
  checkedNumber(minimumAnswers, 1, 1e6, who, 'minimumAnswers');
  const byId = new Map(pairs.map((pair) => [pair.id, pair]));
  const models = [...new Set(pairs.flatMap(({ first, second }) => [first.model, second.model]))].sort();
  const ratings = new Map(models.map((model) => [model, [] as number[]]));
  // Answers in favour of the alphabetically first model of each two.
  const preferences = new Map<string, number[]>();
  const units = new Map<string, number[]>();
  const seen = new Set<string>();
  for (const answer of answers) {
    const pair = checkAnswer(answer, byId, seen, who);
    const [a, b] = [pair.first.model, pair.second.model];
    ratings.get(a)?.push(0 - answer.answer);
    ratings.get(b)?.push(answer.answer);
    const key = JSON.stringify([a, b].sort());
    preferences.set(key, [...(preferences.get(key) ?? []), a < b ? 0 - answer.answer : answer.answer]);
    units.set(pair.id, [...(units.get(pair.id) ?? []), answer.answer]);
  }
  const couples = models.flatMap((a, i) => models.slice(i + 1).map((b): [string, string] => [a, b]));
  for (const [a, b] of couples) {
    const found = preferences.get(JSON.stringify([a, b]))?.length ?? 0;
    if (found < minimumAnswers) {
      throw new TooFewExamplesError(
        `${who}: expected at least ${minimumAnswers} answers that compare ${a} with ${b}, found ${found}. Collect more before drawing conclusions.`,
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
  };
}

function checkAnswer(
  { listener, pair, answer }: ListeningAnswer,
  byId: ReadonlyMap<string, ListeningPair>,
  seen: Set<string>,
  who: string,
): ListeningPair {
  const known = byId.get(pair);
  if (!known) throw new ValueError(`${who}: expected an answer to one of ${byId.size} pairs, found one to "${pair}".`, pair);
  if (![-2, -1, 0, 1, 2].includes(answer)) {
    throw new ValueError(`${who}: expected answers -2, -1, 0, 1 or 2, found ${answer} by ${listener} to ${pair}.`, answer);
  }
  const key = JSON.stringify([listener, pair]);
  if (seen.has(key))
    throw new ValueError(`${who}: expected one answer a listener to ${pair}, found two by ${listener}.`, listener);
  seen.add(key);
  return known;
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
